/** The order of a list after a strategic merge: what the patch names first, the rest where it stood. */
// Like apimachinery strategicpatch normalizeElementOrder and mergeSortedSlice.
import { isJsonObject, type JsonObject } from '../json-object.ts';
import { goPrint, goTypeName } from '../go-print.ts';
import { plainError } from './plain-error.ts';

/** The value that tells items apart: that of the merge key for objects, else the item itself. */
export type ItemIdentity = (item: unknown) => unknown;

export const noMergeKey = (item: JsonObject, mergeKey: string) =>
  plainError(`map: ${goPrint(item)} does not contain declared merge key: ${mergeKey}`);

/** Throws when an object lacks the merge key. */
export const identityBy =
  (mergeKey: string): ItemIdentity =>
  (item) => {
    if (!isJsonObject(item)) throw badType('map[string]interface {}', item);
    if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
    return item[mergeKey];
  };

export const badType = (expected: string, actual: unknown) =>
  plainError(`expected a ${expected}, but received a ${actual === null ? '%!s(<nil>)' : goTypeName(actual)}`);

/** Where each item first stands. */
export function positions(items: readonly unknown[], identity: ItemIdentity): Map<unknown, number> {
  const found = new Map<unknown, number>();
  items.forEach((item, index) => {
    const id = identity(item);
    if (!found.has(id)) found.set(id, index);
  });
  return found;
}

/** Stable; items that `order` does not name keep their place among themselves, before the others. */
function sortBy(items: readonly unknown[], order: ReadonlyMap<unknown, number>, identity: ItemIdentity): unknown[] {
  return items
    .map((item) => ({ item, at: order.get(identity(item)) ?? -1 }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/**
 * Orders `merged`. Items that `patchOrder` names come in its order, the others in that of `serverOrder`; an item of the
 * server goes before one of the patch only where the server's list has both and has it first.
 */
export function orderElements(
  merged: readonly unknown[],
  patchOrder: readonly unknown[],
  serverOrder: readonly unknown[],
  identity: ItemIdentity,
): unknown[] {
  const inPatch = positions(patchOrder, identity);
  const onServer = positions(serverOrder, identity);
  const named = sortBy(merged.filter((item) => inPatch.has(identity(item))), inPatch, identity); // prettier-ignore
  const others = sortBy(merged.filter((item) => !inPatch.has(identity(item))), onServer, identity); // prettier-ignore
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const at = onServer.get(identity(item));
    for (; next < others.length && at !== undefined; next++) {
      const other = onServer.get(identity(others[next]));
      if (other === undefined || other >= at) break;
      result.push(others[next]);
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}
