/** Kept states of a template, numbered, so that an object can go back to one. */
// Like pkg/controller/history.
import type { ResourceRef } from '@naru/api/client/client';
import type { KubeObject } from '@naru/api/object';
import { isAlreadyExists, isNotFound } from '@naru/api/status';
import type { ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { claim, controllerReference, isControlledBy } from '../runtime/owners.ts';
import type { PodTemplate } from '../runtime/pod.ts';
import { controlledBy, orphansIn } from '../runtime/pods-by-controller.ts';
import { controllerRevisions } from '../runtime/resources.ts';
import { safeEncode } from '../deployment/template-hash.ts';

export interface ControllerRevision extends KubeObject {
  data?: unknown;
  revision: number;
}

const longestName = 223;

/** What `kubectl rollout undo` patches an object with: the whole template. */
export const templatePatch = (template: PodTemplate): object => ({
  spec: { template: { ...template, $patch: 'replace' } },
});

/** JSON as Go writes a map: keys sorted, and what HTML could misread escaped. */
function goJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) {
    return (JSON.stringify(value) ?? 'null').replace(/[<>&\u2028\u2029]/g, (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
  }
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${goJson(key)}:${goJson(field)}`).join(',')}}`;
}

/** FNV-32 of the data and the number of collisions met, spelled without vowels; upstream's own value. */
export function revisionHash(data: unknown, collisionCount: number): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(goJson(data) + String(collisionCount))) {
    hash = (Math.imul(hash, 0x01000193) ^ byte) >>> 0;
  }
  return safeEncode(String(hash));
}

/** The revisions an object keeps, oldest first; those that match and nobody controls are adopted. */
export async function revisionsOf(
  owner: KubeObject,
  ownerResource: ResourceRef,
  matches: (revision: ControllerRevision) => boolean,
  { client, informers }: ControllerContext,
): Promise<ControllerRevision[]> {
  const known = informers.for<ControllerRevision>(controllerRevisions);
  const candidates = [...controlledBy(known, owner.metadata.uid), ...orphansIn(known, owner.metadata.namespace)];
  const claimed = await claim({ client, owner, ownerResource, resource: controllerRevisions, candidates, matches });
  return claimed.sort(byNumber);
}

export function byNumber(a: ControllerRevision, b: ControllerRevision): number {
  const created = (one: ControllerRevision) => one.metadata.creationTimestamp ?? '';
  if (a.revision !== b.revision) return a.revision - b.revision;
  if (created(a) !== created(b)) return created(a) < created(b) ? -1 : 1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

export interface NewRevision {
  owner: KubeObject;
  ownerResource: ResourceRef;
  data: object;
  revision: number;
  labels: Record<string, string>;
  annotations?: Record<string, string>;
  /** The label that carries the hash. */
  hashLabel: string;
  collisionCount: number;
}

/**
 * The revision that holds the owner's template now: the newest as it is, an older one under a new number, or a new one.
 * `collisionCount` is higher than before when a foreign revision had the name.
 */
export async function currentRevision(
  wanted: NewRevision,
  revisions: readonly ControllerRevision[],
  context: ControllerContext,
): Promise<{ revision: ControllerRevision; collisionCount: number }> {
  const { collisionCount } = wanted;
  const equal = revisions.filter(({ data }) => equalJson(data, wanted.data)).at(-1);
  const newest = revisions.at(-1);
  if (equal && equalJson(newest?.data, equal.data) && newest) return { revision: newest, collisionCount };
  if (!equal) return create(wanted, context);
  const renumbered = { ...equal, revision: wanted.revision };
  const revision = await context.client.for<ControllerRevision>(controllerRevisions).update(renumbered);
  return { revision, collisionCount };
}

async function create(
  wanted: NewRevision,
  context: ControllerContext,
): Promise<{ revision: ControllerRevision; collisionCount: number }> {
  const { owner, ownerResource, data, labels, annotations, hashLabel } = wanted;
  const { name = '', namespace } = owner.metadata;
  const all = context.client.for<ControllerRevision>(controllerRevisions);
  for (let { collisionCount } = wanted; ; collisionCount++) {
    const hash = revisionHash(data, collisionCount);
    const revision: ControllerRevision = {
      metadata: {
        name: `${name.slice(0, longestName)}-${hash}`,
        ...(namespace && { namespace }),
        labels: { ...labels, [hashLabel]: hash },
        ...(annotations && Object.keys(annotations).length && { annotations }),
        ownerReferences: [controllerReference(owner, ownerResource)],
      },
      data,
      revision: wanted.revision,
    };
    try {
      return { revision: await all.create(revision), collisionCount };
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
      const found = await all.get(revision.metadata.name ?? '', namespace);
      if (equalJson(found.data, data) && isControlledBy(found, owner)) return { revision: found, collisionCount };
    }
  }
}

/** Deletes the oldest revisions that nothing uses, beyond `limit` of them. */
export async function forgetRevisions(
  revisions: readonly ControllerRevision[],
  isUsed: (revision: ControllerRevision) => boolean,
  limit: number,
  { client }: ControllerContext,
): Promise<void> {
  const unused = revisions.filter((revision) => !isUsed(revision));
  for (const { metadata } of unused.slice(0, Math.max(0, unused.length - limit))) {
    await client
      .for(controllerRevisions)
      .delete(metadata.name ?? '', metadata.namespace)
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }
}
