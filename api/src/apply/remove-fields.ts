/** Takes fields and items out of a value. */
// Like structured-merge-diff typed/remove.go.
import { isJsonObject, setKey, type JsonObject } from '../json-object.ts';
import { below, hasMember, isEmptySet, type FieldSet } from './field-set.ts';
import { fieldElement, itemElement } from './path-element.ts';
import { shapeOf, typeUnder, type ListType, type MapType, type ValueType } from './value-type.ts';

/** `value` without the members of `fields`. What becomes empty on the way becomes null. Shares what stays with `value`. */
export function removeFields(type: ValueType | undefined, value: unknown, fields: FieldSet): unknown {
  if (!type || isEmptySet(fields)) return value;
  const shape = shapeOf(type, value);
  if (shape === 'map') return removeFromMap(type.map as MapType, value, fields);
  return shape === 'list' ? removeFromList(type.list as ListType, value, fields) : value;
}

function removeFromMap(map: MapType, value: unknown, fields: FieldSet): unknown {
  if (!isJsonObject(value) || map.atomic) return null;
  const result: JsonObject = {};
  let kept = 0;
  for (const name of Object.keys(value)) {
    const element = fieldElement(name);
    if (hasMember(fields, element)) continue;
    const rest = below(fields, element);
    setKey(result, name, rest ? removeFields(typeUnder(map, name), value[name], rest) : value[name]);
    kept++;
  }
  return kept ? result : null;
}

function removeFromList(list: ListType, value: unknown, fields: FieldSet): unknown {
  if (!Array.isArray(value) || list.atomic) return null;
  const result: unknown[] = [];
  for (const item of value as unknown[]) {
    const element = itemElement(list, item);
    if (hasMember(fields, element)) continue;
    const rest = below(fields, element);
    result.push(rest ? removeFields(list.items, item, rest) : item);
  }
  return result.length ? result : null;
}
