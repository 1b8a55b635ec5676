/** JSON as it was written: keys in order with their duplicates, numbers with their digits. */

/** A number as it stands in the text. */
export class NumberLiteral {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

/** An object; the same key may stand in `keys` more than once. */
export class JsonObject {
  readonly keys: string[] = [];
  readonly values: JsonTree[] = [];

  add(key: string, value: JsonTree): void {
    this.keys.push(key);
    this.values.push(value);
  }

  /** The last value of the key, the one that counts in Go maps. */
  get(key: string): JsonTree | undefined {
    return this.values[this.keys.lastIndexOf(key)];
  }
}

export type JsonTree = null | boolean | string | NumberLiteral | JsonTree[] | JsonObject;

/** Own property whatever its name: `__proto__` assigned the usual way would be lost. */
export function setOwn(target: object, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    (target as Record<string, unknown>)[key] = value;
  }
}

/**
 * Plain JavaScript values, as Go's interface{} would hold them: the last of duplicate keys stays.
 * Throws a RangeError for what is nested deeper than JSON.stringify could write again.
 */
export function plainValue(tree: JsonTree, depth = 0): unknown {
  if (depth > maxPlainDepth) throw new RangeError('nested too deep');
  if (tree instanceof NumberLiteral) return Number(tree.text);
  if (Array.isArray(tree)) return tree.map((element) => plainValue(element, depth + 1));
  if (!(tree instanceof JsonObject)) return typeof tree === 'string' ? tree.toWellFormed() : tree;
  const result = {};
  tree.keys.forEach((key, index) => setOwn(result, key, plainValue(tree.values[index]!, depth + 1)));
  return result;
}

/** Levels that JSON.stringify takes for certain, whatever stands on the stack below it. */
export const maxPlainDepth = 2000;

/** The tree of a plain value, keys sorted as Go writes maps. */
export function treeOf(value: unknown): JsonTree {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return new NumberLiteral(String(value));
  if (Array.isArray(value)) return value.map(treeOf);
  if (typeof value !== 'object') return value as string | boolean;
  const result = new JsonObject();
  const record = value as Record<string, unknown>;
  for (const key of Object.keys(record).sort()) {
    if (record[key] !== undefined) result.add(key, treeOf(record[key]));
  }
  return result;
}
