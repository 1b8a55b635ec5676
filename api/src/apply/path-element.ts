/** Steps of a path to a field: `f:name` a field, `k:{…}` an item by its keys, `v:…` an item of a set, `i:n` an index. */
// Like structured-merge-diff fieldpath/serialize-pe.go and element.go. A step is its canonical text throughout.
import { goQuote } from '../go-values.ts';
import { printNumber } from '../go-print.ts';
import { getKey, isJsonObject, type JsonObject } from '../json-object.ts';
import type { ListType } from './value-type.ts';

/** Says why an item of a list cannot be told apart from the others. */
export class PathElementError extends Error {}

export const fieldElement = (name: string): string => `f:${name}`;

function keyedElement(list: ListType, item: unknown): string {
  if (item === null) throw new PathElementError('associative list with keys may not have a null element');
  if (!isJsonObject(item)) throw new PathElementError('associative list with keys may not have non-map elements');
  const parts: string[] = [];
  for (const key of list.keys) {
    const value = getKey(item, key) ?? list.items.map?.field(key)?.default;
    if (value !== undefined) parts.push(`${JSON.stringify(key)}:${JSON.stringify(value)}`);
  }
  if (parts.length === 0)
    throw new PathElementError(
      `associative list with keys has an element that omits all key fields [${list.keys.map(goQuote).join(' ')}] (and doesn't have default values for any key fields)`,
    );
  return `k:{${parts.length > 1 ? parts.sort().join(',') : parts[0]}}`;
}

/** The step to an item of an associative list; throws PathElementError. */
export function itemElement(list: ListType, item: unknown): string {
  if (list.keys.length) return keyedElement(list, item);
  if (item === null) throw new PathElementError("associative list without keys has an element that's an explicit null");
  if (Array.isArray(item)) throw new PathElementError('not supported: associative list with lists as elements');
  if (typeof item === 'object')
    throw new PathElementError("associative list without keys has an element that's a map type");
  return `v:${JSON.stringify(item)}`;
}

const sortKeys = (value: JsonObject) =>
  `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${JSON.stringify(value[key])}`)
    .join(',')}}`;

/** A step as a client wrote it, in canonical spelling. Undefined: of a sort nobody knows, to be left out. Throws when it is malformed. */
export function parseElement(text: string): string | undefined {
  if (text.length < 2 || text[1] !== ':') throw new Error(`missing colon: ${text}`);
  const rest = text.slice(2);
  switch (text[0]) {
    case 'f':
      return text;
    case 'v':
      return `v:${JSON.stringify(JSON.parse(rest))}`;
    case 'i':
      if (!/^[+-]?[0-9]{1,15}$/.test(rest)) throw new Error(`invalid index: ${text}`);
      return `i:${Number(rest)}`;
    case 'k': {
      const keys: unknown = JSON.parse(rest);
      if (!isJsonObject(keys)) throw new Error(`invalid key: ${text}`);
      return `k:${sortKeys(keys)}`;
    }
    default:
      return undefined;
  }
}

const order = 'fkvi';

/** Compares scalars as upstream orders values: numbers, strings, booleans, null. */
function compareValues(a: unknown, b: unknown): number {
  const rank = (value: unknown) => ['number', 'string', 'boolean'].indexOf(typeof value) >>> 0;
  if (typeof a !== typeof b) return rank(a) - rank(b);
  if (typeof a === 'boolean' && typeof b === 'boolean') return Number(a) - Number(b);
  const [left, right] = [a as string | number, b as string | number];
  return left < right ? -1 : left > right ? 1 : 0;
}

function compareKeys(left: unknown, right: unknown): number {
  const a = Object.entries(left as JsonObject);
  const b = Object.entries(right as JsonObject);
  for (const [i, [name, value]] of a.entries()) {
    const other = b[i];
    if (!other) return 1;
    if (name !== other[0]) return name < other[0] ? -1 : 1;
    const difference = compareValues(value, other[1]);
    if (difference) return difference;
  }
  return a.length - b.length;
}

interface Parsed {
  readonly element: string;
  readonly value: unknown;
}

function compareParsed(a: Parsed, b: Parsed): number {
  const [kind, otherKind] = [a.element[0] ?? '', b.element[0] ?? ''];
  if (kind !== otherKind) return order.indexOf(kind) - order.indexOf(otherKind);
  return kind === 'k' ? compareKeys(a.value, b.value) : compareValues(a.value, b.value);
}

const parsed = (element: string): Parsed => {
  const text = element.slice(2);
  return { element, value: element.startsWith('f:') ? text : JSON.parse(text) };
};

/** In upstream's order: fields by name, then keyed items, values and indices by what they hold. */
export function sortElements(elements: readonly string[]): string[] {
  if (elements.every((element) => element.startsWith('f:'))) return [...elements].sort();
  return elements
    .map(parsed)
    .sort(compareParsed)
    .map(({ element }) => element);
}

const printValue = (value: unknown) =>
  typeof value === 'string' ? goQuote(value) : typeof value === 'number' ? printNumber(value) : String(value);

/** A step as error messages show it: `.name`, `[key="value"]`, `[="value"]`, `[0]`. */
export function printElement(element: string): string {
  const rest = element.slice(2);
  if (element[0] === 'f') return `.${rest}`;
  if (element[0] === 'i') return `[${rest}]`;
  if (element[0] === 'v') return `[=${printValue(JSON.parse(rest))}]`;
  const keys = Object.entries(JSON.parse(rest) as JsonObject);
  return `[${keys.map(([name, value]) => `${name}=${printValue(value)}`).join(',')}]`;
}
