/** The `$patch` directive: its errors, and what is left of a value once its directives are gone. */
// Like apimachinery strategicpatch removeDirectives and discardNullValuesFromPatch.
import { goPrint, goTypeName } from '../go-print.ts';
import { isJsonObject, setKey, type JsonObject } from '../json-object.ts';
import { StatusError } from '../status.ts';
import { plainError } from './plain-error.ts';

export const DIRECTIVE = '$patch';
/** Stands for a value that is nothing but a directive. */
export const REMOVED = Symbol('removed');

/** As Go's `%s` prints it. */
const printed = (value: unknown) =>
  typeof value === 'string' ? value : value === null ? '%!s(<nil>)' : `%!s(${goTypeName(value)}=${goPrint(value)})`;

export const noListOfLists = () =>
  new StatusError({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });

export const badDirective = (directive: unknown, patch: JsonObject) =>
  plainError(`unknown patch type: ${printed(directive)} in map: ${goPrint(patch)}`);

/** The value as it is stored where there was nothing to merge with: without nulls in maps, and without directives. */
export function asNewValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(asNewValue).filter((item) => item !== REMOVED);
  if (!isJsonObject(value)) return value;
  if (Object.hasOwn(value, DIRECTIVE)) return REMOVED;
  const result: JsonObject = {};
  for (const [key, each] of Object.entries(value)) {
    const kept = each === null ? REMOVED : asNewValue(each);
    if (kept !== REMOVED) setKey(result, key, kept);
  }
  return result;
}
