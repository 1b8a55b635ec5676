/** Who controls an object, and taking objects into or out of one's control. */

import type { Client, ResourceRef } from '@naru/api/client/client';
import type { KubeObject, OwnerReference } from '@naru/api/object';
import { isNotFound, isStatusError } from '@naru/api/status';
import { apiVersionOf } from './resources.ts';

export const controllerOf = (object: KubeObject): OwnerReference | undefined =>
  object.metadata.ownerReferences?.find(({ controller }) => controller);

const groupOf = (apiVersion: string) => (apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '');

/** The key of the object of `resource` that controls `object`: one or none. */
export function ownedKey(object: KubeObject, resource: ResourceRef): string[] {
  const owner = controllerOf(object);
  if (owner?.kind !== resource.kind || groupOf(owner.apiVersion) !== resource.group) return [];
  return [object.metadata.namespace ? `${object.metadata.namespace}/${owner.name}` : owner.name];
}

export const isControlledBy = (object: KubeObject, owner: KubeObject): boolean =>
  controllerOf(object)?.uid === owner.metadata.uid;

/** The reference that an object carries to its controller. */
export const controllerReference = (owner: KubeObject, resource: ResourceRef): OwnerReference => ({
  apiVersion: apiVersionOf(resource),
  kind: resource.kind,
  name: owner.metadata.name ?? '',
  uid: owner.metadata.uid ?? '',
  controller: true,
  blockOwnerDeletion: true,
});

export interface Claim<T extends KubeObject> {
  client: Client;
  owner: KubeObject;
  ownerResource: ResourceRef;
  resource: ResourceRef;
  candidates: readonly T[];
  matches(object: T): boolean;
}

/**
 * The candidates that the owner controls: its own that match, and orphans that match, adopted now.
 * Its own that match no longer are released. Throws when the owner is not what the server knows any more.
 */
// Like controller.PodControllerRefManager.ClaimPods.
export async function claim<T extends KubeObject>(request: Claim<T>): Promise<T[]> {
  const { client, owner, ownerResource, candidates, matches } = request;
  let mayAdopt: Promise<void> | undefined;
  const own: T[] = [];
  const others: Promise<T | undefined>[] = [];
  for (const object of candidates) {
    const controller = controllerOf(object);
    if (!controller) others.push(claimOrphan(object));
    else if (controller.uid !== owner.metadata.uid) continue;
    else if (matches(object)) own.push(object);
    else if (!owner.metadata.deletionTimestamp) others.push(release(request, object).then(() => undefined));
  }
  // A set with thousands of pods comes by at each change of one: it is not to wait for nothing once for each.
  if (others.length === 0) return own;
  const adopted = await Promise.all(others);
  return [...own, ...adopted.filter((object) => object !== undefined)];

  async function claimOrphan(object: T): Promise<T | undefined> {
    if (owner.metadata.deletionTimestamp || object.metadata.deletionTimestamp || !matches(object)) return undefined;
    await (mayAdopt ??= assertCurrent(client, owner, ownerResource));
    return adopt(request, object);
  }
}

/** The cache may be behind: an owner that is being deleted, or is another by now, adopts nothing. */
async function assertCurrent(client: Client, owner: KubeObject, resource: ResourceRef): Promise<void> {
  const { name = '', namespace, uid } = owner.metadata;
  const fresh = await client.for(resource).get(name, namespace);
  if (fresh.metadata.uid !== uid) {
    throw new Error(
      `original ${resource.kind} ${namespace}/${name} is gone: got uid ${fresh.metadata.uid}, wanted ${uid}`,
    );
  }
  if (fresh.metadata.deletionTimestamp) throw new Error(`${namespace}/${name} has just been deleted`);
}

async function adopt<T extends KubeObject>(request: Claim<T>, object: T): Promise<T | undefined> {
  const { client, owner, ownerResource, resource } = request;
  const { name = '', namespace, uid } = object.metadata;
  const body = { metadata: { uid, ownerReferences: [controllerReference(owner, ownerResource)] } };
  try {
    return await client.for<T>(resource).patch(name, namespace, body, { type: 'strategic' });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function release<T extends KubeObject>({ client, owner, resource }: Claim<T>, object: T): Promise<void> {
  const { name = '', namespace, uid } = object.metadata;
  const body = { metadata: { uid, ownerReferences: [{ $patch: 'delete', uid: owner.metadata.uid }] } };
  try {
    await client.for<T>(resource).patch(name, namespace, body, { type: 'strategic' });
  } catch (error) {
    // Gone, or another object of the same name: there is nothing left to release.
    if (isNotFound(error) || (isStatusError(error) && error.code === 422)) return;
    throw error;
  }
}
