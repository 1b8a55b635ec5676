/** managedFields of the `/scale` subresource: those of the object that own its replicas, in Scale's words, and back. */
// Like apimachinery managedfields/scalehandler.go.
import type { ManagedFieldsEntry } from '../object.ts';
import { decodeManagers, encodeManagers, managerId, type FieldManager } from './field-managers.ts';
import { difference, hasPath, isEmptySet, noFields, setOfPath, union } from './field-set.ts';

const SCALE_VERSION = 'autoscaling/v1';
const replicasInScale = setOfPath(['f:spec', 'f:replicas']);

/** Path of the replicas, such as `['f:spec', 'f:replicas']`, by apiVersion of the object; null: this version has no scale. */
export type ReplicasPaths = ReadonlyMap<string, readonly string[] | null>;

/** The entries that the Scale object carries while it is written. Throws Error when `entries` are not valid. */
export function scaleManagedFields(
  entries: readonly ManagedFieldsEntry[] | undefined,
  paths: ReplicasPaths,
): ManagedFieldsEntry[] | undefined {
  const scale = new Map<string, FieldManager>();
  for (const manager of decodeManagers(entries, 'stored').values()) {
    const path = paths.get(manager.apiVersion);
    if (!path || !hasPath(manager.fields, path)) continue;
    const { entry: _, ...rest } = manager;
    const translated = { ...rest, apiVersion: SCALE_VERSION, fields: replicasInScale };
    scale.set(managerId(translated), translated);
  }
  return encodeManagers(scale);
}

/**
 * The object's entries after Scale was written with `scaleEntries`: who no longer has the replicas there loses them here,
 * who has them gets them. `apiVersion` is that of the object in the request.
 */
export function parentManagedFields(
  entries: readonly ManagedFieldsEntry[] | undefined,
  scaleEntries: readonly ManagedFieldsEntry[] | undefined,
  { paths, apiVersion }: { paths: ReplicasPaths; apiVersion: string },
): ManagedFieldsEntry[] | undefined {
  const scale = new Map(decodeManagers(scaleEntries, 'stored'));
  const result = new Map<string, FieldManager>();
  for (const [id, manager] of decodeManagers(entries, 'stored')) {
    const path = paths.get(manager.apiVersion);
    if (path === undefined) continue;
    if (path === null || !hasPath(manager.fields, path) || scale.delete(id)) {
      result.set(id, manager);
      continue;
    }
    const fields = difference(manager.fields, setOfPath(path));
    const { entry: _, ...rest } = manager;
    if (!isEmptySet(fields)) result.set(id, { ...rest, fields });
  }
  const replicas = paths.get(apiVersion);
  for (const manager of scale.values()) {
    if (!replicas) break;
    const { entry: _, ...rest } = manager;
    const translated = { ...rest, apiVersion };
    const id = managerId(translated);
    result.set(id, { ...translated, fields: union(result.get(id)?.fields ?? noFields, setOfPath(replicas)) });
  }
  return encodeManagers(result);
}
