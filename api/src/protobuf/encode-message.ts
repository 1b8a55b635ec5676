/** Objects → protobuf messages, byte for byte as Go writes them: zero values of plain fields are written too. */
import type { FieldSchema, Shape, TypeSchema } from '../schema/schema.ts';
import { encodeSpecial } from './encode-special.ts';
import type { WireWriter } from './wire-writer.ts';

type JsonRecord = Record<string, unknown>;

const nothing: JsonRecord = Object.freeze({});

/** Fields come by falling number, because the writer starts at the end. */
export function encodeMessage(writer: WireWriter, value: JsonRecord, type: TypeSchema): void {
  for (const number of type.fallingNumbers) {
    const field = type.own.get(number);
    if (field) encodeField(writer, value[field.name], field);
    else encodeInlined(writer, number, value, type.inlined.get(number)!);
  }
}

function encodeInlined(writer: WireWriter, number: number, value: JsonRecord, type: TypeSchema): void {
  const before = writer.length;
  encodeMessage(writer, value, type);
  writer.close(number, before);
}

function encodeField(writer: WireWriter, value: unknown, { number, shape, pointer }: FieldSchema): void {
  if (value === undefined || value === null) {
    if (!pointer) encodeZero(writer, number, shape);
  } else if (shape.kind === 'list') {
    encodeList(writer, number, value as unknown[], shape);
  } else if (shape.kind === 'map') {
    encodeMap(writer, number, value as JsonRecord, shape.of);
  } else {
    encodeValue(writer, number, value, shape);
  }
}

/** Absent lists, maps and bytes are nil in Go and not written; everything else has a zero value that is. */
function encodeZero(writer: WireWriter, number: number, shape: Shape): void {
  switch (shape.kind) {
    case 'list':
    case 'map':
    case 'bytes':
      return;
    case 'string':
      return writer.text(number, '');
    case 'double':
      return writer.double(number, 0);
    case 'object':
    case 'special':
      return encodeValue(writer, number, undefined, shape);
    default:
      return writer.number(number, 0);
  }
}

function encodeList(writer: WireWriter, number: number, list: unknown[], shape: Shape & { kind: 'list' }): void {
  if (shape.wrapped) {
    encodeWrapped(writer, number, list);
    return;
  }
  for (let index = list.length - 1; index >= 0; index--) encodeElement(writer, number, list[index], shape.of);
}

function encodeWrapped(writer: WireWriter, number: number, list: unknown[]): void {
  const before = writer.length;
  for (let index = list.length - 1; index >= 0; index--) writer.text(1, String(list[index] ?? ''));
  writer.close(number, before);
}

function encodeElement(writer: WireWriter, number: number, element: unknown, shape: Shape): void {
  if (element === undefined || element === null) {
    if (shape.kind === 'bytes') writer.bytes(number, Buffer.alloc(0));
    else encodeZero(writer, number, shape);
  } else if (shape.kind === 'list') {
    encodeWrapped(writer, number, element as unknown[]);
  } else {
    encodeValue(writer, number, element, shape);
  }
}

/** Entries in the order of their keys' bytes. */
function encodeMap(writer: WireWriter, number: number, map: JsonRecord, shape: Shape): void {
  const keys = Object.keys(map).sort((a, b) => Buffer.compare(Buffer.from(b), Buffer.from(a)));
  for (const key of keys) {
    const before = writer.length;
    encodeElement(writer, 2, map[key], shape);
    writer.text(1, key);
    writer.close(number, before);
  }
}

/** One value that is neither list nor map; undefined is a struct's zero value. */
function encodeValue(writer: WireWriter, number: number, value: unknown, shape: Shape): void {
  switch (shape.kind) {
    case 'string':
      return writer.text(number, value as string);
    case 'bytes':
      return writer.bytes(number, Buffer.from(value as string, 'base64'));
    case 'bool':
      return writer.number(number, value ? 1 : 0);
    case 'double':
      return writer.double(number, value as number);
    case 'int32':
    case 'int64':
      return writer.number(number, value as number);
    default: {
      const before = writer.length;
      if (shape.kind === 'object') encodeMessage(writer, (value as JsonRecord | undefined) ?? nothing, shape.type);
      else if (shape.kind === 'special') encodeSpecial(writer, value, shape, encodeMessage);
      return writer.close(number, before);
    }
  }
}
