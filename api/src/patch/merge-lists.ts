/** Merging two lists of a strategic merge patch: by key for objects, as sets for plain values. */
// Like apimachinery strategicpatch mergeSlice.
import { goPrint, goTypeName } from '../go-print.ts';
import { isJsonObject, type JsonObject } from '../json-object.ts';
import { badDirective, DIRECTIVE, noListOfLists } from './directives.ts';
import { identityBy, noMergeKey, orderElements, positions, type ItemIdentity } from './element-order.ts';
import type { PatchField } from './patch-field.ts';
import { plainError } from './plain-error.ts';
import type { Shape } from '../schema/schema.ts';

/** How two objects of a merging list become one. */
export type MergeItems = (original: JsonObject, patch: JsonObject, shape: Shape) => JsonObject;

const itself: ItemIdentity = (item) => item;

/** The one type that all items have, as Go names it; undefined when there are none. */
export function elementType(...lists: readonly (readonly unknown[])[]): string | undefined {
  const types = new Set(lists.flatMap((list) => list.map(goTypeName)));
  if (types.has('[]interface {}')) throw noListOfLists();
  if (types.size > 1) throw plainError(`list element types are not identical: ${goPrint(lists)}`);
  return types.values().next().value;
}

/** Takes `$patch` items out of the patch and does what they say. */
function applyDirectives(
  original: readonly unknown[],
  patch: readonly unknown[],
  mergeKey: string,
): { original: readonly unknown[]; patch: readonly unknown[] } {
  const plain: unknown[] = [];
  const deleted = new Set<unknown>();
  let replace = false;
  for (const item of patch as readonly JsonObject[]) {
    if (!Object.hasOwn(item, DIRECTIVE)) {
      plain.push(item);
      continue;
    }
    const directive = item[DIRECTIVE];
    if (directive === 'replace') replace = true;
    else if (directive === 'merge') throw plainError('merging lists cannot yet be specified in the patch');
    else if (directive !== 'delete') throw badDirective(directive, item);
    else if (!Object.hasOwn(item, mergeKey)) throw noMergeKey(item, mergeKey);
    else deleted.add(item[mergeKey]);
  }
  if (replace) return { original: [], patch: plain };
  const kept = original.filter((item) => !deleted.has((item as JsonObject)[mergeKey]));
  return { original: kept, patch: plain };
}

function mergeObjects(
  original: readonly unknown[],
  patch: readonly unknown[],
  field: PatchField,
  mergeItems: MergeItems,
): unknown[] {
  const merged = [...original];
  const found = new Map<unknown, number>();
  for (const [index, item] of original.entries()) {
    if (!isJsonObject(item) || !Object.hasOwn(item, field.mergeKey)) continue;
    if (!found.has(item[field.mergeKey])) found.set(item[field.mergeKey], index);
  }
  const identity = identityBy(field.mergeKey);
  for (const item of patch) {
    const id = identity(item);
    const at = found.get(id);
    if (at === undefined) found.set(id, merged.push(item) - 1);
    else merged[at] = mergeItems(merged[at] as JsonObject, item as JsonObject, field.shape);
  }
  return merged;
}

/** The merged list, with what the patch names first. */
export function mergeLists(
  original: readonly unknown[],
  patch: readonly unknown[],
  field: PatchField,
  mergeItems: MergeItems,
): unknown[] {
  if (original.length === 0 && patch.length === 0) return [];
  if (elementType(original, patch) !== 'map[string]interface {}')
    return orderElements([...new Set([...original, ...patch])], patch, original, itself);
  if (field.mergeKey === '')
    throw plainError(
      `cannot merge lists without merge key for type ${field.shape.kind === 'object' ? 'struct' : 'map'}`,
    );
  const plain = applyDirectives(original, patch, field.mergeKey);
  const merged = mergeObjects(plain.original, plain.patch, field, mergeItems);
  return orderElements(merged, plain.patch, plain.original, identityBy(field.mergeKey));
}

/** What `$deleteFromPrimitiveList` does; on a list of objects it merges, as upstream does. */
export function removeFromList(
  current: readonly unknown[],
  items: readonly unknown[],
  field: PatchField,
  mergeItems: MergeItems,
): unknown[] {
  if (current.length === 0 && items.length === 0) return [];
  if (elementType(current, items) === 'map[string]interface {}') return mergeLists(current, items, field, mergeItems);
  const removed = positions(items, itself);
  return current.filter((item) => !removed.has(item));
}
