/** Brings together what two people made of one object; pure. */
export interface Merged {
  readonly value: unknown;
  /** Where both changed the same thing differently: `mine` stands there. */
  readonly overlaps: readonly string[];
}

/** What changed from `base` to `mine`, and from `base` to `theirs`, in one. */
export function mergeObjects(base: unknown, mine: unknown, theirs: unknown): Merged {
  const overlaps: string[] = [];
  return { value: merge(base, mine, theirs, '', overlaps), overlaps };
}

function merge(base: unknown, mine: unknown, theirs: unknown, path: string, overlaps: string[]): unknown {
  if (same(base, mine) || same(mine, theirs)) return theirs;
  if (same(base, theirs)) return mine;
  if (isObject(mine) && isObject(theirs)) return mergeFields(isObject(base) ? base : {}, mine, theirs, path, overlaps);
  if (isNamed(base) && isNamed(mine) && isNamed(theirs)) {
    const merged = mergeFields(byName(base), byName(mine), byName(theirs), path, overlaps);
    return Object.values(merged);
  }
  overlaps.push(path);
  return mine;
}

type Fields = Record<string, unknown>;

function mergeFields(base: Fields, mine: Fields, theirs: Fields, path: string, overlaps: string[]): Fields {
  const merged: Fields = {};
  for (const key of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const value = merge(own(base, key), own(mine, key), own(theirs, key), path ? `${path}.${key}` : key, overlaps);
    if (value !== undefined) merged[key] = value;
  }
  return merged;
}

function own(fields: Fields, key: string): unknown {
  return Object.hasOwn(fields, key) ? fields[key] : undefined;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Containers, variables, volumes: lists whose items are told apart by their names. */
function isNamed(value: unknown): value is readonly Fields[] {
  if (!Array.isArray(value)) return false;
  const names: unknown[] = value.map((item: unknown) => (isObject(item) ? item['name'] : undefined));
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length;
}

function byName(items: readonly Fields[]): Fields {
  return Object.fromEntries(items.map((item) => [String(item['name']), item]));
}

/** Whether two values say the same; the order of fields says nothing. */
function same(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => same(item, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && same(a[key], b[key]));
}
