/** The fast way: gives a parsed JSON value the form that a trip through Go's struct would give it. */
// Like json.Unmarshal into the type, protobuf storage, and json.Marshal: zero values go or come as the field's tags say.
import type { FieldSchema, Shape, SpecialShape, TypeSchema } from '../schema/schema.ts';
import { canonicalBase64 } from './base64.ts';
import { maxPlainDepth, setOwn } from './json-tree.ts';
import { canonicalSpecial, zeroSpecial } from './special-values.ts';

/** What the walk noticed. `odd`: something is unknown or of the wrong type; go-decode.ts can say what. */
export interface Tally {
  odd: boolean;
  /** Keys of all objects walked. */
  keys: number;
}

type JsonRecord = Record<string, unknown>;

/** Absent: leave the field out. */
const absent = undefined;

/** A new object with the type's known fields, in Go's order. `value` is not changed, but parts nobody looks into are shared with it. */
export function normalize(value: JsonRecord, type: TypeSchema, tally: Tally): JsonRecord {
  const result: JsonRecord = {};
  for (const place of placesToWrite(value, type, tally)) {
    const field = type.fieldList[place]!;
    const given = value[field.name];
    const kept = given === undefined || given === null ? zeroOf(field, tally) : valueOf(given, field, tally);
    if (kept !== absent) result[field.name] = kept;
  }
  return result;
}

/** Where the fields stand that are given or always written, in Go's order: few of the many that a type has. */
function placesToWrite(value: JsonRecord, { places, alwaysWritten, fieldList }: TypeSchema, tally: Tally): number[] {
  const found: number[] = [];
  let inOrder = true;
  const add = (place: number) => {
    if (found.length > 0 && place < found[found.length - 1]!) inOrder = false;
    found.push(place);
  };
  for (const key of Object.keys(value)) {
    if (value[key] === undefined) continue;
    tally.keys++;
    const place = places.get(key);
    if (place === undefined) tally.odd = true;
    else add(place);
  }
  for (const place of alwaysWritten) if (value[fieldList[place]!.name] === undefined) add(place);
  return inOrder ? found : found.sort((a, b) => a - b);
}

/** What JSON shows of a field that was not given, or given as null. */
function zeroOf(field: FieldSchema, tally: Tally): unknown {
  const { shape } = field;
  if (field.pointer) return field.omitEmpty ? absent : null;
  if (shape.kind === 'object') return field.omitZero ? absent : normalize({}, shape.type, tally);
  if (shape.kind === 'special') return field.omitZero ? absent : zeroSpecial(shape.special);
  return field.omitEmpty ? absent : zeroScalar(shape);
}

function zeroScalar(shape: Shape): unknown {
  switch (shape.kind) {
    case 'string':
      return '';
    case 'bool':
      return false;
    case 'int32':
    case 'int64':
    case 'double':
      return 0;
    default:
      return null;
  }
}

function valueOf(given: unknown, field: FieldSchema, tally: Tally): unknown {
  const value = convert(given, field.shape, tally);
  if (field.pointer) return value;
  const empty = value === '' || value === 0 || value === false || isEmptyCollection(value, field.shape);
  if (field.shape.kind === 'special') return value === null && field.omitZero ? absent : value;
  if (!empty || field.keepsEmpty) return value;
  if (field.omitEmpty) return absent;
  return isCollection(field.shape) ? null : value;
}

const isCollection = (shape: Shape) => shape.kind === 'list' || shape.kind === 'map';

/** Storage in protobuf knows no difference between an empty collection and none. */
function isEmptyCollection(value: unknown, shape: Shape): boolean {
  if (shape.kind === 'list') return (value as unknown[]).length === 0;
  if (shape.kind !== 'map') return false;
  for (const _ in value as object) return false;
  return true;
}

/** A value that is not null. Anything of the wrong type makes the tally odd and the result meaningless. */
function convert(given: unknown, shape: Shape, tally: Tally): unknown {
  switch (shape.kind) {
    case 'string':
    case 'bool':
      return typeof given === (shape.kind === 'bool' ? 'boolean' : 'string') ? given : odd(tally);
    case 'int32':
      return typeof given === 'number' && (given | 0) === given ? given : odd(tally);
    case 'int64':
      return Number.isInteger(given) ? given : odd(tally);
    case 'double':
      return typeof given === 'number' ? given : odd(tally);
    case 'bytes':
      return (typeof given === 'string' ? canonicalBase64(given) : undefined) ?? odd(tally);
    case 'object':
      return isRecord(given) ? normalize(given, shape.type, tally) : odd(tally);
    case 'list':
      return Array.isArray(given) ? given.map((element) => convertElement(element, shape.of, tally)) : odd(tally, []);
    case 'map':
      return isRecord(given) ? convertMap(given, shape.of, tally) : odd(tally, {});
    case 'special':
      return convertSpecial(given, shape, tally);
  }
}

const isRecord = (value: unknown): value is JsonRecord =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function odd(tally: Tally, instead: unknown = null): unknown {
  tally.odd = true;
  return instead;
}

/** Null in a list or map is Go's zero value. */
function convertElement(element: unknown, shape: Shape, tally: Tally): unknown {
  if (element !== null) return convert(element, shape, tally);
  if (shape.kind === 'object') return normalize({}, shape.type, tally);
  if (shape.kind === 'special') return zeroSpecial(shape.special);
  return shape.kind === 'bytes' ? '' : zeroScalar(shape);
}

function convertMap(given: JsonRecord, shape: Shape, tally: Tally): JsonRecord {
  const result: JsonRecord = {};
  const keys = Object.keys(given);
  tally.keys += keys.length;
  for (const key of keys) setOwn(result, key, convertElement(given[key], shape, tally));
  return result;
}

function convertSpecial(given: unknown, shape: SpecialShape, tally: Tally): unknown {
  switch (shape.special) {
    case 'RawExtension':
    case 'FieldsV1':
    case 'JSON':
      tally.keys += countKeys(given);
      return given;
    case 'JSONSchemaPropsOrArray':
    case 'JSONSchemaPropsOrBool':
    case 'JSONSchemaPropsOrStringArray':
      return convertSchemaOr(given, shape, tally);
    default:
      return canonicalSpecial(given, shape.special) ?? odd(tally);
  }
}

function convertSchemaOr(given: unknown, shape: SpecialShape, tally: Tally): unknown {
  const schema = shape.schema!;
  if (isRecord(given)) return convert(given, schema, tally);
  if (shape.special === 'JSONSchemaPropsOrBool') return typeof given === 'boolean' ? given : odd(tally);
  if (!Array.isArray(given)) return odd(tally);
  const element: Shape = shape.special === 'JSONSchemaPropsOrArray' ? schema : { kind: 'string' };
  return given.map((item) => convertElement(item, element, tally));
}

/** Of JSON that nobody looks into. Throws a RangeError for what could not be written again. */
function countKeys(value: unknown, depth = 0): number {
  if (typeof value !== 'object' || value === null) return 0;
  if (depth > maxPlainDepth) throw new RangeError('nested too deep');
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countKeys(item, depth + 1), 0);
  let count = 0;
  for (const key of Object.keys(value)) count += 1 + countKeys((value as JsonRecord)[key], depth + 1);
  return count;
}
