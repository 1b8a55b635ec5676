/** What differs between two values of a type, field by field. */
// Like structured-merge-diff typed/compare.go.
import { equalJson, getKey, isJsonObject, type JsonObject } from '../json-object.ts';
import { isEmptySet, memberWith, noFields, type FieldSet } from './field-set.ts';
import { fieldElement, itemElement } from './path-element.ts';
import { shapeOf, typeUnder, type ListType, type MapType, type Shape, type ValueType } from './value-type.ts';

/** No field is in more than one of the three. */
export interface Comparison {
  readonly added: FieldSet;
  readonly modified: FieldSet;
  readonly removed: FieldSet;
}

type Mutable = Record<string, FieldSet>;
type Change = keyof Comparison;

/** The three sets of one level; each is made when something goes into it. */
class Level {
  added: Mutable | undefined;
  modified: Mutable | undefined;
  removed: Mutable | undefined;

  add(change: Change, element: string, node: FieldSet): void {
    (this[change] ??= {})[element] = node;
  }

  /** Puts what was found below `element` under it. */
  addBelow(element: string, below: Level): void {
    if (below.added) this.add('added', element, below.added);
    if (below.modified) this.add('modified', element, below.modified);
    if (below.removed) this.add('removed', element, below.removed);
  }
}

/** What is found at one place: the place itself as a leaf, something below it, or (undefined) nothing. */
type Found = Change | Level | undefined;

const isEmptyOrNot = (value: unknown, shape: Shape): boolean =>
  shape === 'list'
    ? !Array.isArray(value) || value.length === 0
    : !isJsonObject(value) || Object.keys(value).length === 0;

const leaf = (left: unknown, right: unknown): Found => {
  if (left === undefined) return 'added';
  if (right === undefined) return 'removed';
  return equalJson(left, right) ? undefined : 'modified';
};

function compareAs(shape: Shape, type: ValueType, left: unknown, right: unknown): Found {
  if (shape === 'scalar') return leaf(left, right);
  const { atomic } = (shape === 'map' ? type.map : type.list) as MapType | ListType;
  if (atomic || (isEmptyOrNot(left, shape) && isEmptyOrNot(right, shape))) return leaf(left, right);
  return shape === 'map'
    ? compareMaps(type.map as MapType, left, right)
    : compareLists(type.list as ListType, left, right);
}

function compareValues(type: ValueType, left: unknown, right: unknown): Found {
  if (left === right) return undefined;
  if (left === undefined) return addedAs(type, right);
  if (right === undefined) return compareAs(shapeOf(type, left), type, left, right);
  const shape = shapeOf(type, right);
  if (shapeOf(type, left) === shape) return compareAs(shape, type, left, right);
  // The shape changed: fields of the old one and of the new one are compared each in their own way.
  return mixed(compareAs(shapeOf(type, left), type, left, right), compareAs(shape, type, left, right));
}

function mixed(a: Found, b: Found): Found {
  if (typeof a !== 'object') return typeof b === 'object' ? b : (b ?? a);
  if (typeof b !== 'object') return a;
  for (const change of ['added', 'modified', 'removed'] as const)
    for (const [element, node] of Object.entries(b[change] ?? {})) a.add(change, element, node);
  return a;
}

/** What is found where nothing stood before: most of a new object. */
function addedAs(type: ValueType, value: unknown): Found {
  const added = addedBelow(type, value);
  if (!added) return 'added';
  const level = new Level();
  level.added = added as Mutable;
  return level;
}

/** Every place below a value that was not there before; undefined: it has none, and is itself a leaf. */
function addedBelow(type: ValueType, value: unknown): FieldSet | undefined {
  const shape = shapeOf(type, value);
  if (shape === 'scalar') return undefined;
  const { atomic } = (shape === 'map' ? type.map : type.list) as MapType | ListType;
  if (atomic || isEmptyOrNot(value, shape)) return undefined;
  return shape === 'map' ? addedFields(type.map as MapType, value as JsonObject) : addedItems(type.list!, value);
}

function addedFields(map: MapType, value: JsonObject): FieldSet {
  const result: Mutable = {};
  // In the order in which sets are stored, so that nothing has to be put in order later.
  for (const name of Object.keys(value).sort()) {
    const type = value[name] === undefined ? undefined : typeUnder(map, name);
    if (type) result[fieldElement(name)] = memberWith(addedBelow(type, value[name]) ?? noFields);
  }
  return result;
}

function addedItems(list: ListType, value: unknown): FieldSet {
  const result: Mutable = {};
  for (const [element, items] of itemsByElement(list, value))
    result[element] = items.length > 1 ? noFields : memberWith(addedBelow(list.items, items[0]) ?? noFields);
  return result;
}

/** Notes what was found at `element`. A place that one side lacks altogether is itself a member, whatever lies below it. */
function note(level: Level, element: string, found: Found, left: unknown, right: unknown): void {
  const whole = left === undefined ? 'added' : right === undefined ? 'removed' : undefined;
  if (typeof found !== 'object') {
    if (found) level.add(found, element, noFields);
    else if (whole) level.add(whole, element, noFields);
  } else if (whole) level.add(whole, element, memberWith(found[whole] ?? noFields));
  else level.addBelow(element, found);
}

function compareMaps(map: MapType, left: unknown, right: unknown): Level {
  const level = new Level();
  const before: JsonObject = isJsonObject(left) ? left : {};
  const after: JsonObject = isJsonObject(right) ? right : {};
  const visit = (name: string) => {
    const [a, b] = [getKey(before, name), getKey(after, name)];
    if (a === b) return;
    const type = typeUnder(map, name);
    if (type) note(level, fieldElement(name), compareValues(type, a, b), a, b);
  };
  for (const name of Object.keys(before)) visit(name);
  for (const name of Object.keys(after)) if (!Object.hasOwn(before, name)) visit(name);
  return level;
}

function itemsByElement(list: ListType, value: unknown): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const item of Array.isArray(value) ? (value as unknown[]) : []) {
    const element = itemElement(list, item);
    const same = found.get(element);
    if (same) same.push(item);
    else found.set(element, [item]);
  }
  return found;
}

function compareLists(list: ListType, left: unknown, right: unknown): Level {
  const level = new Level();
  const before = itemsByElement(list, left);
  const after = itemsByElement(list, right);
  for (const [element, items] of before) compareItems(level, list, element, items, after.get(element) ?? []);
  for (const [element, items] of after) if (!before.has(element)) compareItems(level, list, element, [], items);
  return level;
}

/** Items with one key. Where it stands twice, before or after, its items count as one atomic thing. */
function compareItems(level: Level, list: ListType, element: string, before: unknown[], after: unknown[]): void {
  if (before.length <= 1 && after.length <= 1)
    note(level, element, compareValues(list.items, before[0], after[0]), before[0], after[0]);
  else if (before.length >= 2 && after.length >= 2) {
    if (!equalJson(before, after)) level.add('modified', element, noFields);
  } else if (before.length >= 2) {
    if (after.length) note(level, element, compareValues(list.items, undefined, after[0]), undefined, after[0]);
    level.add('removed', element, noFields);
  } else {
    if (before.length) note(level, element, compareValues(list.items, before[0], undefined), before[0], undefined);
    level.add('added', element, noFields);
  }
}

/** Throws PathElementError when an item of an associative list has no key. */
export function compareFields(type: ValueType, before: JsonObject, after: JsonObject): Comparison {
  const found = compareValues(type, before, after);
  const { added = noFields, modified = noFields, removed = noFields } = typeof found === 'object' ? found : {};
  return { added, modified, removed };
}

export const isSame = ({ added, modified, removed }: Comparison): boolean =>
  isEmptySet(added) && isEmptySet(modified) && isEmptySet(removed);
