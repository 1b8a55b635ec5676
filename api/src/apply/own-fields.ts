/** The fields that a value names: what its applier comes to own. */
// Like structured-merge-diff typed/tofieldset.go.
import { isJsonObject, type JsonObject } from '../json-object.ts';
import { memberWith, noFields, type FieldSet } from './field-set.ts';
import { fieldElement, itemElement } from './path-element.ts';
import { shapeOf, typeUnder, type ListType, type MapType, type ValueType } from './value-type.ts';

type Mutable = Record<string, FieldSet>;

/** What is owned below the place of `value`; undefined: the place itself is, as a leaf. */
function ownBelow(type: ValueType, value: unknown): FieldSet | undefined {
  const shape = shapeOf(type, value);
  if (shape === 'scalar') return undefined;
  if (shape === 'map') {
    const map = type.map as MapType;
    if (map.atomic) return undefined;
    return isJsonObject(value) ? ownMap(map, value) : noFields;
  }
  const list = type.list as ListType;
  if (list.atomic) return undefined;
  return Array.isArray(value) ? ownList(list, value) : noFields;
}

function ownMap(map: MapType, value: JsonObject): FieldSet {
  const result: Mutable = {};
  for (const name of Object.keys(value)) {
    const field = map.field(name);
    const child = value[name];
    const type = field?.type ?? map.elements;
    if (type === undefined || child === undefined) continue;
    const fields = ownBelow(type, child);
    const isEmptyMap = child === null || (isJsonObject(child) && Object.keys(child).length === 0);
    if (fields === undefined || isEmptyMap || !field) result[fieldElement(name)] = memberWith(fields ?? noFields);
    else if (Object.keys(fields).length) result[fieldElement(name)] = fields;
  }
  return result;
}

/** Items that stand in the list more than once are owned as they are, without what is in them. */
function ownList(list: ListType, items: readonly unknown[]): FieldSet {
  const result: Mutable = {};
  for (const item of items) {
    const element = itemElement(list, item);
    result[element] = result[element] === undefined ? memberWith(ownBelow(list.items, item) ?? noFields) : noFields;
  }
  return result;
}

/** Throws PathElementError when an item of an associative list has no key. */
export const ownedFields = (type: ValueType, value: unknown): FieldSet => ownBelow(type, value) ?? noFields;

/** Adds declared fields that only lead to members, so that taking the set away takes them too. Like EnsureNamedFieldsAreMembers. */
export function withNamedFields(set: FieldSet, type: ValueType | undefined): FieldSet {
  const result: Mutable = {};
  for (const element in set) {
    const node = set[element] as FieldSet;
    if (element === '.') {
      result[element] = node;
      continue;
    }
    const name = element.slice(2);
    const isField = element.startsWith('f:');
    const childType = isField
      ? type?.map && typeUnder(type.map, name)
      : element.startsWith('k:')
        ? type?.list?.items
        : undefined;
    const below = withNamedFields(node, childType);
    result[element] = isField && type?.map?.field(name) ? memberWith(withoutSelf(below)) : below;
  }
  return result;
}

function withoutSelf(node: FieldSet): FieldSet {
  if (node['.'] === undefined) return node;
  const { '.': _, ...rest } = node;
  return rest;
}
