/** The types of built-in kinds for apply, taken from the schema table as upstream takes them from its OpenAPI. */
// Like kube-openapi pkg/schemaconv.
import type { JsonObject } from '../json-object.ts';
import type { FieldSchema, Shape, TypeSchema } from '../schema/schema.ts';
import { deduced, untyped, type FieldType, type MapType, type ValueType } from './value-type.ts';

const scalars: Partial<Record<Shape['kind'], ValueType>> = {
  string: { scalar: 'string' },
  bytes: { scalar: 'string' },
  int32: { scalar: 'numeric' },
  int64: { scalar: 'numeric' },
  double: { scalar: 'numeric' },
  bool: { scalar: 'boolean' },
};

const times = new Set(['Time', 'MicroTime', 'Duration']);
const numbersOrStrings = new Set(['Quantity', 'IntOrString']);

/** A struct; its fields are converted when they are first asked for. */
class StructType implements MapType {
  readonly atomic: boolean;
  readonly #fields: ReadonlyMap<string, FieldSchema>;
  readonly #converted = new Map<string, FieldType>();
  // An object without declared fields is free-form.
  readonly elements?: ValueType;

  constructor(type: TypeSchema, structType: 'atomic' | 'granular' | undefined) {
    this.atomic = structType === 'atomic';
    this.#fields = type.fields;
    if (type.fields.size === 0) this.elements = deduced;
  }

  field(name: string): FieldType | undefined {
    const known = this.#converted.get(name);
    if (known) return known;
    const schema = this.#fields.get(name);
    if (!schema) return undefined;
    const field = { type: fieldValueType(schema), default: keyDefault(schema) };
    this.#converted.set(name, field);
    return field;
  }
}

/** What OpenAPI publishes as the field's default: the declared one, or the zero value of a scalar that is always there. */
function keyDefault({ default: declared, shape, pointer, omitEmpty }: FieldSchema): unknown {
  if (declared !== undefined) return declared;
  if (pointer || omitEmpty) return undefined;
  const scalar = scalars[shape.kind]?.scalar;
  return scalar === 'string' ? '' : scalar === 'numeric' ? 0 : scalar === 'boolean' ? false : undefined;
}

function fieldValueType(field: FieldSchema): ValueType {
  const { shape, listType = 'atomic', listMapKeys = [], mapType, structType } = field;
  if (shape.kind === 'list')
    return { list: { atomic: listType === 'atomic', keys: listMapKeys, items: valueType(shape.of) } };
  if (shape.kind === 'map') return mapOf(shape.of, mapType);
  if (shape.kind === 'object' && structType) return { map: new StructType(shape.type, structType) };
  return valueType(shape);
}

const mapOf = (of: Shape, mapType: 'atomic' | 'granular' | undefined): ValueType => ({
  map: { atomic: mapType === 'atomic', field: () => undefined, elements: valueType(of) },
});

function valueType(shape: Shape): ValueType {
  if (shape.kind === 'object') return builtInType(shape.type);
  if (shape.kind === 'list') return { list: { atomic: true, keys: [], items: valueType(shape.of) } };
  if (shape.kind === 'map') return mapOf(shape.of, undefined);
  if (shape.kind !== 'special') return scalars[shape.kind] ?? deduced;
  if (times.has(shape.special)) return { scalar: 'string' };
  if (shape.special === 'RawExtension') return untyped;
  return numbersOrStrings.has(shape.special) ? { scalar: 'untyped' } : deduced;
}

// Derived from immutable schema types, so sharing them between servers of one process changes nothing.
const converted = new WeakMap<TypeSchema, ValueType>();

/** The same object each time it is asked for the same type. */
export function builtInType(type: TypeSchema): ValueType {
  const known = converted.get(type);
  if (known) return known;
  const result = { map: new StructType(type, type.structType) };
  converted.set(type, result);
  return result;
}

function emptyValue(shape: Shape): unknown {
  switch (shape.kind) {
    case 'object':
      return emptyObject(shape.type);
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'double':
      return 0;
    case 'special':
      return shape.special === 'Quantity' ? '0' : shape.special === 'IntOrString' ? 0 : null;
    case 'list':
    case 'map':
    case 'bytes':
      return null;
  }
}

/**
 * The JSON of a Go value that nothing was set on: what upstream compares a new object with. Fields that are always
 * written stand in it, so that their containers do not count as added.
 */
export function emptyObject(type: TypeSchema): JsonObject {
  const result: JsonObject = {};
  for (const { name, shape, pointer, omitEmpty, omitZero } of type.fieldList) {
    const isStruct = (shape.kind === 'object' || shape.kind === 'special') && !pointer;
    if (omitZero || (omitEmpty && !isStruct)) continue;
    result[name] = pointer ? null : emptyValue(shape);
  }
  return result;
}
