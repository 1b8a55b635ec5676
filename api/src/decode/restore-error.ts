/** What is wrong with a patched object, in the words of Go's way from a map to a struct. */
// Like fromUnstructured of apimachinery pkg/runtime/converter.go, which strategic merge patches go through.
import { isJsonObject } from '../json-object.ts';
import type { Shape, TypeSchema } from '../schema/schema.ts';
import { typeNamed } from '../schema/schema-table.ts';

/**
 * The first problem in the order of Go's fields. Undefined when the value fits, or when what is wrong is a type with a
 * reader of its own (a quantity, a time, base64), whose words then hold. Throws Error for a type not in the table.
 */
export function restoreError(value: unknown, typeName: string): string | undefined {
  const type = typeNamed(typeName);
  if (!type) throw new Error(`no type ${typeName} in the schema table`);
  return structError(value, type);
}

function structError(value: unknown, type: TypeSchema): string | undefined {
  if (!isJsonObject(value)) return `cannot restore struct from: ${goKind(value)}`;
  return first(type.fieldList, ({ name, shape }) => valueError(value[name], shape));
}

function valueError(value: unknown, shape: Shape): string | undefined {
  if (value === null || value === undefined) return undefined;
  switch (shape.kind) {
    case 'object':
      return structError(value, shape.type);
    case 'list':
      if (!Array.isArray(value)) return `cannot restore slice from ${goKind(value)}`;
      return first(value, (item) => valueError(item, shape.of));
    case 'map':
      if (!isJsonObject(value)) return `cannot restore map from ${goKind(value)}`;
      return first(Object.keys(value), (key) => valueError(value[key], shape.of));
    case 'bytes':
      return typeof value === 'string' ? undefined : `cannot restore slice from ${goKind(value)}`;
    case 'special':
      return undefined;
    default:
      return scalarError(value, shape.kind);
  }
}

const goNames = { string: 'string', bool: 'bool', int32: 'int32', int64: 'int64', double: 'float64' } as const;

/** Go converts between numbers, and in name from integers to strings; between nothing else. */
function scalarError(value: unknown, kind: keyof typeof goNames): string | undefined {
  const wanted = goNames[kind];
  const given = goKind(value);
  const isNumber = typeof value === 'number';
  if (wanted === given) return undefined;
  if (isNumber && (wanted === 'float64' || (Number.isInteger(value) && wanted !== 'string' && wanted !== 'bool')))
    return undefined;
  const isConvertible = isNumber && (wanted.startsWith('int') || (wanted === 'string' && given === 'int64'));
  return isConvertible ? `cannot convert ${given} to ${wanted}` : `unrecognized type: ${wanted}`;
}

/** How Go calls what a JSON value was read as. */
function goKind(value: unknown): string {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  return Array.isArray(value) ? 'slice' : 'map';
}

function first<T>(items: readonly T[], check: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = check(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
