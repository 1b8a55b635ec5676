/** What is to become of an object, seeing what its owners are. Pure. */
// Like GarbageCollector.attemptToDeleteItem.
import type { KubeObject, OwnerReference } from '@naru/api/object';

export const foregroundFinalizer = 'foregroundDeletion';
export const orphanFinalizer = 'orphan';

/** `solid` stays, `dangling` is gone or never was, `waiting` is being deleted and waits for its dependents. */
export type OwnerState = 'solid' | 'dangling' | 'waiting';

export type Decision =
  | { do: 'keep' }
  /** Owners that are no reason to live any more. */
  | { do: 'dropOwners'; uids: string[] }
  | { do: 'delete'; propagationPolicy: 'Background' | 'Foreground' | 'Orphan'; unblock: boolean };

export const waitsForDependents = ({ metadata }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes(foregroundFinalizer) ?? false);

export const orphansDependents = ({ metadata }: KubeObject): boolean =>
  metadata.deletionTimestamp !== undefined && (metadata.finalizers?.includes(orphanFinalizer) ?? false);

export function decide(
  object: KubeObject,
  owners: readonly { reference: OwnerReference; state: OwnerState }[],
  dependents: readonly KubeObject[],
): Decision {
  if (owners.length === 0) return { do: 'keep' };
  const going = owners.filter(({ state }) => state !== 'solid');
  if (going.length < owners.length) {
    return going.length ? { do: 'dropOwners', uids: going.map(({ reference }) => reference.uid) } : { do: 'keep' };
  }
  const finalizers = object.metadata.finalizers ?? [];
  if (owners.some(({ state }) => state === 'waiting') && dependents.length > 0) {
    // In a circle of owners each would wait for the other: then this one blocks nobody.
    return { do: 'delete', propagationPolicy: 'Foreground', unblock: dependents.some(waitsForDependents) };
  }
  if (finalizers.includes(orphanFinalizer)) return { do: 'delete', propagationPolicy: 'Orphan', unblock: false };
  if (finalizers.includes(foregroundFinalizer))
    return { do: 'delete', propagationPolicy: 'Foreground', unblock: false };
  return { do: 'delete', propagationPolicy: 'Background', unblock: false };
}
