/** Keeps a write that changes nothing from changing the times of managedFields. */
// Like apiserver endpoints/handlers/fieldmanager/equality.go IgnoreManagedFieldsTimestampsTransformer.
import { equalJson, type JsonObject } from '../json-object.ts';
import type { ManagedFieldsEntry } from '../object.ts';
import { managedFieldsOf, withoutManagedFields } from './managed-object.ts';

const withoutTimes = (entries: readonly ManagedFieldsEntry[] | undefined) =>
  entries?.map(({ time: _, ...entry }) => entry);

/**
 * `before` when `after` differs from it by nothing but times of managedFields, else `after`. To be asked at the end of an
 * update, when defaults and admission had their say.
 */
export function keepStoredTimes<T extends JsonObject>(before: T, after: T): T {
  const [stored, updated] = [managedFieldsOf(before), managedFieldsOf(after)];
  if (!equalJson(withoutTimes(stored), withoutTimes(updated))) return after;
  return equalJson(withoutManagedFields(before), withoutManagedFields(after)) ? before : after;
}
