/** Protobuf message → the value its JSON would parse to. */
// Like the generated Unmarshal methods.
import { setOwn } from '../decode/json-tree.ts';
import { DecodeError } from '../decode/go-decode.ts';
import type { FieldSchema, Shape, SpecialShape, TypeSchema } from '../schema/schema.ts';
import { decodeSpecial } from './decode-special.ts';
import { WireReader } from './wire-reader.ts';

type JsonRecord = Record<string, unknown>;

/** Adds the message's fields to `into`. Throws DecodeError. */
export function decodeMessage(bytes: Uint8Array, type: TypeSchema, into: JsonRecord = {}): JsonRecord {
  const reader = new WireReader(bytes);
  while (!reader.done) {
    const { number, wire } = reader.tag();
    const field = type.own.get(number);
    const inlined = field ? undefined : type.inlined.get(number);
    if (field) decodeField(reader, wire, field, into);
    else if (inlined) decodeMessage(reader.bytes(), inlined, into);
    else reader.skip(wire);
  }
  return into;
}

function decodeField(reader: WireReader, wire: number, field: FieldSchema, into: JsonRecord): void {
  const { shape, name } = field;
  if (shape.kind === 'list') {
    if (shape.wrapped) into[name] = decodeWrapped(reader.bytes());
    else ((into[name] ??= []) as unknown[]).push(...decodeElements(reader, wire, shape.of));
  } else if (shape.kind === 'map') {
    const [key, value] = decodeEntry(reader.bytes(), shape.of);
    setOwn((into[name] ??= {}) as object, key, value);
  } else if (shape.kind === 'object') {
    into[name] = decodeMessage(reader.bytes(), shape.type, (into[name] as JsonRecord | undefined) ?? {});
  } else {
    into[name] = decodeValue(reader, wire, shape);
  }
}

/** Numbers may come packed. */
function decodeElements(reader: WireReader, wire: number, shape: Shape): unknown[] {
  const numeric = shape.kind === 'int32' || shape.kind === 'int64' || shape.kind === 'bool' || shape.kind === 'double';
  if (!numeric || wire !== 2) return [decodeValue(reader, wire, shape)];
  const packed = new WireReader(reader.bytes());
  const elements: unknown[] = [];
  while (!packed.done) elements.push(decodeValue(packed, shape.kind === 'double' ? 1 : 0, shape));
  return elements;
}

function decodeWrapped(bytes: Uint8Array): string[] {
  const reader = new WireReader(bytes);
  const items: string[] = [];
  while (!reader.done) {
    const { number, wire } = reader.tag();
    if (number === 1) items.push(reader.text());
    else reader.skip(wire);
  }
  return items;
}

function decodeEntry(bytes: Uint8Array, shape: Shape): [string, unknown] {
  const reader = new WireReader(bytes);
  let key = '';
  let value: unknown = null;
  while (!reader.done) {
    const { number, wire } = reader.tag();
    if (number === 1) key = reader.text();
    else if (number === 2) value = decodeValue(reader, wire, shape);
    else reader.skip(wire);
  }
  return [key, value];
}

const wires: Partial<Record<Shape['kind'], number>> = { int32: 0, int64: 0, bool: 0, double: 1 };

function decodeValue(reader: WireReader, wire: number, shape: Shape): unknown {
  if (wire !== (wires[shape.kind] ?? 2)) throw new DecodeError(`proto: wrong wireType = ${wire} for a ${shape.kind}`);
  switch (shape.kind) {
    case 'string':
      return reader.text();
    case 'bytes':
      return reader.bytes().toString('base64');
    case 'int32':
      return reader.int32();
    case 'int64':
      return reader.int64();
    case 'bool':
      return reader.varint() !== 0n;
    case 'double':
      return reader.double();
    case 'object':
      return decodeMessage(reader.bytes(), shape.type);
    case 'special':
      return decodeSpecialOrSchema(reader.bytes(), shape);
    case 'list':
      return decodeWrapped(reader.bytes());
    case 'map':
      throw new DecodeError('proto: a map cannot be an element');
  }
}

function decodeSpecialOrSchema(bytes: Uint8Array, shape: SpecialShape): unknown {
  if (!shape.schema) return decodeSpecial(bytes, shape.special);
  return decodeSchemaOr(bytes, shape.special, shape.schema.type);
}

/** `schema = 1`, or another field: `jSONSchemas`, `property` (2) or `allows` (1, with the schema at 2). */
function decodeSchemaOr(bytes: Uint8Array, special: SpecialShape['special'], type: TypeSchema): unknown {
  const reader = new WireReader(bytes);
  const schemaNumber = special === 'JSONSchemaPropsOrBool' ? 2 : 1;
  const list: unknown[] = [];
  let schema: unknown;
  let allows = false;
  while (!reader.done) {
    const { number, wire } = reader.tag();
    if (number === schemaNumber) schema = decodeMessage(reader.bytes(), type);
    else if (number === 1) allows = reader.varint() !== 0n;
    else if (number !== 2) reader.skip(wire);
    else if (special === 'JSONSchemaPropsOrArray') list.push(decodeMessage(reader.bytes(), type));
    else list.push(reader.text());
  }
  return schema ?? (special === 'JSONSchemaPropsOrBool' ? allows : list);
}
