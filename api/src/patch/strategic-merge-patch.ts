/** Strategic merge patch: a merge patch that knows which lists merge, by which key, and a few directives. */
// Like apimachinery pkg/util/strategicpatch StrategicMergeMapPatch; errors are those of interpretStrategicMergePatchError.
import { getKey, isJsonObject, setKey, type JsonObject } from '../json-object.ts';
import type { Shape, TypeSchema } from '../schema/schema.ts';
import { badRequest } from '../status.ts';
import { asNewValue, badDirective, DIRECTIVE, REMOVED } from './directives.ts';
import { mergeLists, removeFromList } from './merge-lists.ts';
import { mergeInOrder } from './merge-in-order.ts';
import { lookupPatchField, lookupPatchList } from './patch-field.ts';

const RETAIN_KEYS = '$retainKeys';
const DELETE_FROM_LIST = '$deleteFromPrimitiveList';
const ELEMENT_ORDER = '$setElementOrder';

const badRetainKeys = () => badRequest('invalid patch format of retainKeys');

/** The field that `$directive/field` speaks of. */
function directiveField(key: string, prefix: string, message: string): string {
  const slash = key.indexOf('/');
  if (slash < 0 || key.slice(0, slash) !== prefix) throw badRequest(message);
  return key.slice(slash + 1);
}

function replaceByDirective(directive: unknown, patch: JsonObject): JsonObject {
  if (directive === 'delete') return {};
  if (directive !== 'replace') throw badDirective(directive, patch);
  const result = { ...patch };
  delete result[DIRECTIVE];
  return result;
}

/** Drops what `$retainKeys` does not name; the patch may only hold what it names. */
function retainKeys(original: JsonObject, patch: JsonObject): void {
  if (!Object.hasOwn(patch, RETAIN_KEYS)) return;
  const list = patch[RETAIN_KEYS];
  delete patch[RETAIN_KEYS];
  if (!Array.isArray(list)) throw badRetainKeys();
  const retained = new Set<unknown>(list);
  for (const [key, value] of Object.entries(patch)) {
    const isDirective = key.startsWith(DELETE_FROM_LIST) || key.startsWith(ELEMENT_ORDER);
    if (value !== null && !isDirective && !retained.has(key)) throw badRetainKeys();
  }
  for (const key of Object.keys(original)) if (!retained.has(key)) delete original[key];
}

/** Handles `$setElementOrder/x` together with the patch's `x`, and takes both out of the patch. */
function orderLists(original: JsonObject, patch: JsonObject, shape: Shape): void {
  for (const key of Object.keys(patch).filter((name) => name.startsWith(ELEMENT_ORDER))) {
    const order = patch[key];
    delete patch[key];
    const name = directiveField(key, ELEMENT_ORDER, 'invalid patch format of setElementOrder list');
    const merged = mergeInOrder({
      order,
      original: Object.hasOwn(original, name) ? original[name] : undefined,
      patch: Object.hasOwn(patch, name) ? patch[name] : undefined,
      field: () => lookupPatchList(shape, name),
      mergeItems: mergeMaps,
    });
    if (merged === undefined) continue;
    setKey(original, name, merged);
    delete patch[name];
  }
}

function mergeField(result: JsonObject, name: string, value: unknown, shape: Shape): void {
  const current = getKey(result, name);
  if (isJsonObject(current) && isJsonObject(value)) {
    const field = lookupPatchField(shape, name);
    setKey(result, name, field.strategy === 'replace' ? value : mergeMaps(current, value, field.shape));
  } else if (Array.isArray(current) && Array.isArray(value)) {
    const field = lookupPatchList(shape, name);
    setKey(result, name, field.strategy === 'merge' ? mergeLists(current, value, field, mergeMaps) : value);
  } else {
    const kept = asNewValue(value);
    if (kept === REMOVED) delete result[name];
    else setKey(result, name, kept);
  }
}

function deleteFromField(result: JsonObject, key: string, value: unknown, shape: Shape): void {
  const name = directiveField(key, DELETE_FROM_LIST, 'invalid patch format of primitive list');
  const current = getKey(result, name);
  if (value === null) delete result[name];
  if (!Array.isArray(current) || !Array.isArray(value)) return;
  const field = lookupPatchList(shape, name);
  setKey(result, name, field.strategy === 'merge' ? removeFromList(current, value, field, mergeMaps) : value);
}

/** Used for items of lists too. The arguments are left as they are. */
function mergeMaps(original: JsonObject, given: JsonObject, shape: Shape): JsonObject {
  if (Object.hasOwn(given, DIRECTIVE)) return replaceByDirective(given[DIRECTIVE], given);
  const result = { ...original };
  const patch = { ...given };
  retainKeys(result, patch);
  orderLists(result, patch, shape);
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith(DELETE_FROM_LIST)) deleteFromField(result, key, value, shape);
    else if (value === null) delete result[key];
    else mergeField(result, key, value, shape);
  }
  return result;
}

/**
 * The patched object, of type `type`; `patch` comes from decodeStrategicPatch. The arguments are
 * left as they are, and parts of them may be shared with the result. Throws StatusError: 400 for ill-formed directives,
 * 422 for lists of lists, and 500 with a bare message where upstream does so.
 */
export function applyStrategicMergePatch(object: JsonObject, patch: JsonObject, type: TypeSchema): JsonObject {
  return mergeMaps(object, patch, { kind: 'object', key: type.key, type });
}
