/** Made-up values of any type of the table, for tests that go through all of them. */
import type { FieldSchema, Shape, SpecialShape, TypeSchema } from './schema.ts';

/** A full object, already in normal form; recursion ends after `depth` levels. `next` gives numbers from 0 to `below` - 1. */
export function exampleOf(type: TypeSchema, next: (below: number) => number, depth = 4): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const field of type.fieldList) {
    if (field.number === 0) continue; // kind and apiVersion do not travel inside messages
    const given = field.shape.kind === 'object' || next(4) > 0;
    const value = given && (depth > 0 || !field.pointer) ? exampleField(field, next, depth) : undefined;
    if (value !== undefined) result[field.name] = value;
  }
  return result;
}

function exampleField(field: FieldSchema, next: (below: number) => number, depth: number): unknown {
  const { shape } = field;
  if (field.pointer && shape.kind === 'object' && next(3) === 0) return undefined;
  if (depth <= 0 && (shape.kind === 'list' || shape.kind === 'map')) return undefined;
  return exampleValue(shape, next, depth);
}

const texts = ['a', 'é😀', '<&>', 'x'.repeat(200), '__proto__', '0'];

function exampleValue(shape: Shape, next: (below: number) => number, depth: number): unknown {
  switch (shape.kind) {
    case 'string':
      return texts[next(texts.length)];
    case 'bool':
      return next(2) === 1;
    case 'int32':
      return [1, -1, 0, 127, 128, 300, 2 ** 31 - 1, -(2 ** 31)][next(8)];
    case 'int64':
      return [1, -1, 0, 2 ** 32, Number.MAX_SAFE_INTEGER, -5_000_000_000][next(6)];
    case 'double':
      return [0.5, -2, 1e300][next(3)];
    case 'bytes':
      return ['AA==', 'aGVsbG8=', '/////w=='][next(3)];
    case 'object':
      // JSON schemas nest in a dozen ways: one level is enough.
      return exampleOf(shape.type, next, shape.type.name === 'JSONSchemaProps' ? 0 : depth - 1);
    case 'list':
      return Array.from({ length: 1 + next(2) }, () => exampleValue(shape.of, next, depth));
    case 'map':
      return Object.fromEntries(['b', 'a', 'é'].map((key) => [key, exampleValue(shape.of, next, depth)]));
    case 'special':
      return exampleSpecial(shape, next);
  }
}

function exampleSpecial({ special, schema }: SpecialShape, next: (below: number) => number): unknown {
  const schemaValue = () => exampleOf(schema!.type, next, 0);
  switch (special) {
    case 'Quantity':
      return ['100m', '1Gi', '1e3', '0'][next(4)];
    case 'IntOrString':
      return [80, 'http', '25%', 0][next(4)];
    case 'Time':
      return ['2026-01-02T03:04:05Z', '1969-12-31T23:59:59Z'][next(2)];
    case 'MicroTime':
      return ['2026-01-02T03:04:05.000006Z', '1969-12-31T23:59:59.999999Z'][next(2)];
    case 'Duration':
      return ['1h0m0s', '1.5s', '0s'][next(3)];
    case 'JSONSchemaPropsOrArray':
      return next(2) === 0 ? schemaValue() : [schemaValue()];
    case 'JSONSchemaPropsOrBool':
      return [true, false, schemaValue()][next(3)];
    case 'JSONSchemaPropsOrStringArray':
      return next(2) === 0 ? schemaValue() : ['a', 'b'];
    default:
      return [{ a: [1, 'b', null], c: { d: true } }, { kind: 'X' }][next(2)];
  }
}
