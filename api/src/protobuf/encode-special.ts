/** The leaf types whose JSON is a text or a number → the fields of their messages. */
import { parseDuration } from '../duration.ts';
import type { SpecialShape, TypeSchema } from '../schema/schema.ts';
import { parseTime } from '../time.ts';
import type { WireWriter } from './wire-writer.ts';

type EncodeMessage = (writer: WireWriter, value: Record<string, unknown>, type: TypeSchema) => void;

/** Writes what stands inside the message; undefined and null are Go's zero value. */
export function encodeSpecial(writer: WireWriter, value: unknown, shape: SpecialShape, encode: EncodeMessage): void {
  switch (shape.special) {
    case 'Quantity':
      return writer.text(1, String(value ?? '0'));
    case 'IntOrString':
      return intOrString(writer, value);
    case 'Time':
    case 'MicroTime':
      return time(writer, value);
    case 'Duration':
      return writer.number(1, Number(value ? parseDuration(String(value)) : 0n));
    case 'RawExtension':
    case 'FieldsV1':
    case 'JSON':
      if (value !== undefined && value !== null) writer.text(1, JSON.stringify(value));
      return;
    case 'JSONSchemaPropsOrArray':
    case 'JSONSchemaPropsOrBool':
    case 'JSONSchemaPropsOrStringArray':
      return schemaOr(writer, value, shape, encode);
  }
}

function intOrString(writer: WireWriter, value: unknown): void {
  writer.text(3, typeof value === 'string' ? value : '');
  writer.number(2, typeof value === 'number' ? value : 0);
  writer.number(1, typeof value === 'string' ? 1 : 0);
}

/** The zero time is an empty message. */
function time(writer: WireWriter, value: unknown): void {
  if (typeof value !== 'string') return;
  const milliseconds = parseTime(value);
  const seconds = Math.floor(milliseconds / 1000);
  const microseconds = Math.round((milliseconds - seconds * 1000) * 1000);
  writer.number(2, microseconds * 1000);
  writer.number(1, seconds);
}

function schemaOr(writer: WireWriter, value: unknown, { special, schema }: SpecialShape, encode: EncodeMessage): void {
  const list = Array.isArray(value) ? (value as unknown[]) : [];
  for (let index = list.length - 1; index >= 0; index--) {
    if (special === 'JSONSchemaPropsOrStringArray') writer.text(2, String(list[index]));
    else nested(writer, 2, list[index], schema!.type, encode);
  }
  const isSchema = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (isSchema) nested(writer, special === 'JSONSchemaPropsOrBool' ? 2 : 1, value, schema!.type, encode);
  // A schema in its place allows, too.
  if (special === 'JSONSchemaPropsOrBool') writer.number(1, isSchema || value === true ? 1 : 0);
}

function nested(writer: WireWriter, number: number, value: unknown, type: TypeSchema, encode: EncodeMessage): void {
  const before = writer.length;
  encode(writer, (value ?? {}) as Record<string, unknown>, type);
  writer.close(number, before);
}
