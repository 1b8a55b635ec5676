/** Keeps the number of Update managers of an object at ten: the oldest of a version are counted together. */
// Like apimachinery managedfields/internal/capmanagers.go.
import { union } from './field-set.ts';
import { managerId, oldestFirst, type FieldManager, type FieldManagers } from './field-managers.ts';

const MAX_UPDATE_MANAGERS = 10;
const BUCKET = 'ancient-changes';

export function capManagers(managers: FieldManagers): FieldManagers {
  const updaters = [...managers].filter(([, { operation }]) => operation === 'Update');
  if (updaters.length <= MAX_UPDATE_MANAGERS) return managers;
  const result = new Map(managers);
  const firstOfVersion = new Map<string, string>();
  let count = updaters.length;
  for (const [id, updater] of updaters.sort(oldestFirst)) {
    if (count <= MAX_UPDATE_MANAGERS) break;
    const first = firstOfVersion.get(updater.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(updater.apiVersion, id);
      continue;
    }
    mergeIntoBucket(result, first, id, updater);
    count--;
  }
  return result;
}

function mergeIntoBucket(managers: Map<string, FieldManager>, first: string, id: string, updater: FieldManager): void {
  const { apiVersion, time } = updater;
  const identity = { manager: BUCKET, operation: 'Update' as const, apiVersion, subresource: '' };
  const bucketId = managerId(identity);
  const bucket = managers.get(bucketId) ?? managers.get(first);
  if (!managers.has(bucketId)) managers.delete(first);
  managers.delete(id);
  const fields = bucket ? union(updater.fields, bucket.fields) : updater.fields;
  managers.set(bucketId, { ...identity, fields, ...(time && { time }) });
}
