/** The `scale` of a workload: its replicas, seen and set without knowing the workload. */
// Like pkg/registry/apps/deployment/storage ScaleREST.
import type { V1Scale } from '@kubernetes/client-node';
import { applyPatch } from '@naru/api/apply/apply-patch';
import { builtInType, emptyObject } from '@naru/api/apply/built-in-types';
import type { ManagedKind } from '@naru/api/apply/managed-kind';
import { parentManagedFields, scaleManagedFields } from '@naru/api/apply/scale-managers';
import { trackUpdate } from '@naru/api/apply/track-update';
import { decodeObject } from '@naru/api/decode/decode-object';
import { getKey, setKey, type JsonObject } from '@naru/api/json-object';
import type { AnyObject, ManagedFieldsEntry } from '@naru/api/object';
import { typeNamed } from '@naru/api/schema/schema-table';
import { StatusError, invalid } from '@naru/api/status';
import { fieldsOf, type ObjectFields } from '../../kinds/fields.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { StoredObject } from '../../watch/stored-object.ts';
import type { Api, Target, WriteSettings } from '../api.ts';
import { changeStored } from '../commit.ts';
import { get } from '../get.ts';
import { apiVersionOf } from '../object-key.ts';
import { presented } from '../presented.ts';
import { applyUpdate, assertCurrent, assertNamed } from '../update.ts';

export const scaleSchema = 'k8s.io.api.autoscaling.v1.Scale';
export const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

/** The workload's scale as an autoscaling/v1 object. */
export function scaleOf(object: AnyObject, kind: Kind): AnyObject {
  const { specReplicas, statusReplicas, selector } = kind.scale!;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = numberAt(object, specReplicas);
  const selected = selector(object);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name && { name }),
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
      ...(creationTimestamp && { creationTimestamp }),
    },
    spec: { ...(replicas && { replicas }) },
    status: { replicas: numberAt(object, statusReplicas), ...(selected && { selector: selected }) },
  };
}

export const getScale = (target: Target, api: Api): AnyObject =>
  scaleOf(presented(get(target, api), target.kind), target.kind);

/** From the scale as it is to the scale as it shall be, decoded, and who owns its replicas then. */
export type ScaleChange =
  | { readonly type: 'change'; change(current: AnyObject): AnyObject }
  | { readonly type: 'apply'; readonly applied: JsonObject; readonly force: boolean };

export interface ScaleRequest extends Target, WriteSettings {
  readonly change: ScaleChange;
}

export async function updateScale(request: ScaleRequest, api: Api): Promise<AnyObject> {
  const { kind, name } = request;
  const change = async (current: StoredObject) => {
    const parent = presented(current, kind);
    const { wanted, owners } = changedScale(parent, request, api);
    assertNamed(wanted, name);
    const replicas = assertScale(fieldsOf<V1Scale>(wanted), name);
    assertSameUid(wanted, current, request);
    assertCurrent(wanted, current, request);
    const next = withNumberAt(parent, kind.scale!.specReplicas, replicas);
    next.metadata = { ...next.metadata };
    if (owners) next.metadata.managedFields = owners;
    else delete next.metadata.managedFields;
    return applyUpdate(next, current, { ...request, keepsManagedFields: true }, api);
  };
  const { object } = await changeStored({ ...request, change }, api);
  return scaleOf(object instanceof StoredObject ? presented(object, kind) : object, kind);
}

/** The scale that is asked for, and the owners of the workload's fields once it is so. */
function changedScale(
  parent: AnyObject,
  request: ScaleRequest,
  api: Api,
): { wanted: AnyObject; owners: ManagedFieldsEntry[] | undefined } {
  const { kind, change } = request;
  const apiVersion = apiVersionOf(kind);
  const paths = new Map([[apiVersion, segmentsOf(kind.scale!.specReplicas).map((segment) => `f:${segment}`)]]);
  const entries = parent.metadata.managedFields;
  const scale = scaleOf(parent, kind);
  const before = scaleManagedFields(entries, paths);
  if (before) scale.metadata.managedFields = before;
  const common = { manager: request.fieldManager, kind: managedScale(), subresource: 'scale', now: api.clock.now() };
  const { wanted, after } =
    change.type === 'apply'
      ? appliedScale(scale, { ...common, ...change })
      : trackedScale(scale, change.change(scale), common);
  return { wanted, owners: parentManagedFields(entries, after, { paths, apiVersion }) };
}

interface Tracking {
  readonly manager: string;
  readonly kind: ManagedKind;
  readonly subresource: string;
  readonly now: number;
}

type ScaleOutcome = { wanted: AnyObject; after: ManagedFieldsEntry[] | undefined };

function trackedScale(scale: AnyObject, wanted: AnyObject, tracking: Tracking): ScaleOutcome {
  const after = trackUpdate({ ...tracking, before: asJson(scale), after: asJson(wanted) });
  return { wanted, after };
}

function appliedScale(scale: AnyObject, asked: Tracking & { applied: JsonObject; force: boolean }): ScaleOutcome {
  const { object, managedFields } = applyPatch({ ...asked, live: asJson(scale) });
  return { wanted: decodeObject(object, scaleSchema).object as AnyObject, after: managedFields };
}

const asJson = (object: AnyObject) => object as unknown as JsonObject;

function managedScale(): ManagedKind {
  const schema = typeNamed(scaleSchema)!;
  return { ...scaleKind, type: builtInType(schema), empty: emptyObject(schema) };
}

function assertScale({ spec }: ObjectFields<V1Scale>, name: string): number {
  const replicas = spec?.replicas ?? 0;
  if (replicas >= 0) return replicas;
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
    { field: 'spec.replicas', reason: 'FieldValueInvalid', message },
  ]);
}

function assertSameUid({ metadata }: AnyObject, current: StoredObject, { kind, name }: Target): void {
  const { uid } = current.object.metadata;
  if (!metadata.uid || metadata.uid === uid) return;
  const resource = kind.group ? `${kind.plural}.${kind.group}` : kind.plural;
  const why = `StorageError: invalid object, Code: 4, Key: ${current.key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`;
  throw new StatusError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${resource} ${JSON.stringify(name)}: ${why}`,
    details: { name, ...(kind.group && { group: kind.group }), kind: kind.plural },
  });
}

const segmentsOf = (path: string): string[] => path.replace(/^\./, '').split('.');

function numberAt(object: AnyObject, path: string): number {
  let value: unknown = object;
  for (const segment of segmentsOf(path))
    value = value === null || typeof value !== 'object' ? undefined : getKey(value as JsonObject, segment);
  return typeof value === 'number' ? value : 0;
}

/** A copy of the object along the path. */
function withNumberAt(object: AnyObject, path: string, number: number): AnyObject {
  const set = (at: JsonObject, [head, ...rest]: string[]): JsonObject => {
    const copy = { ...at };
    const below = getKey(at, head!) as JsonObject | undefined;
    setKey(copy, head!, rest.length ? set(below ?? {}, rest) : number);
    return copy;
  };
  return set(object as unknown as JsonObject, segmentsOf(path)) as unknown as AnyObject;
}
