/** `$setElementOrder`: merges a list and brings it into the order that the patch asks for. */
// Like apimachinery strategicpatch mergePatchIntoOriginal.
import { goPrint } from '../go-print.ts';
import { isJsonObject } from '../json-object.ts';
import { asNewValue, DIRECTIVE } from './directives.ts';
import { badType, identityBy, orderElements, type ItemIdentity } from './element-order.ts';
import { elementType, mergeLists, type MergeItems } from './merge-lists.ts';
import type { PatchField } from './patch-field.ts';
import { plainError } from './plain-error.ts';

function asList(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw badType('[]interface {}', value);
  return value as unknown[];
}

const hasDirective = (item: unknown) => isJsonObject(item) && Object.hasOwn(item, DIRECTIVE);
const isDeletion = (item: unknown) => isJsonObject(item) && item[DIRECTIVE] === 'delete';

/** The patch's items must all stand in the order list, in that order; deletions are not looked at. */
function checkOrder(patch: readonly unknown[], order: readonly unknown[], mergeKey: string): void {
  if (order.length === 0 || patch.length === 0) return;
  const identity: ItemIdentity = mergeKey ? identityBy(mergeKey) : (item) => item;
  const wrongItem = mergeKey ? patch.find((item) => !isJsonObject(item)) : undefined;
  if (wrongItem !== undefined) throw badType('map[string]interface {}', wrongItem);
  const named = patch.filter((item) => !isDeletion(item));
  let next = 0;
  for (let at = 0; next < named.length && at < order.length;) {
    if (hasDirective(named[next])) next++;
    else if (identity(named[next]) === identity(order[at++])) next++;
  }
  if (next < named.length)
    throw plainError(
      `The order in patch list:\n${goPrint(patch)}\n doesn't match $setElementOrder list:\n${goPrint(order)}\n`,
    );
}

/** The list as it is to be stored; undefined when neither the object nor the patch has it. */
export function mergeInOrder(lists: {
  order: unknown;
  original: unknown;
  patch: unknown;
  field: () => PatchField;
  mergeItems: MergeItems;
}): unknown[] | undefined {
  const order = asList(lists.order);
  const original = lists.original === undefined ? undefined : asList(lists.original);
  const patch = lists.patch === undefined ? undefined : asList(lists.patch);
  const field = lists.field();
  checkOrder(patch ?? [], order, field.mergeKey);
  if (!original && !patch) return undefined;
  let merged = original ?? (asNewValue(patch) as unknown[]);
  if (original && patch)
    merged = field.strategy === 'merge' ? mergeLists(original, patch, field, lists.mergeItems) : patch;
  const type = elementType(original ?? [], patch ?? []);
  if (type === undefined) throw plainError('no elements in any of the given slices');
  const identity: ItemIdentity = type === 'map[string]interface {}' ? identityBy(field.mergeKey) : (item) => item;
  return orderElements(merged, order, original ?? [], identity);
}
