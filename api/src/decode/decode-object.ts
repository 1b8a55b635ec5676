/** A JSON value or tree → the object as upstream would store it, and what was wrong with its fields. */
import type { TypeSchema } from '../schema/schema.ts';
import { typeNamed } from '../schema/schema-table.ts';
import { DecodeError, goDecode } from './go-decode.ts';
import { JsonObject, treeOf, type JsonTree } from './json-tree.ts';
import { normalize } from './normalize.ts';

export interface DecodedObject {
  /** Normalised: known fields in Go's order, canonical values, zero values as Go's JSON has them. */
  object: Record<string, unknown>;
  /** `unknown field "spec.foo"`, `duplicate field "spec.a"`, in the order they were met. */
  problems: string[];
}

function schemaOf(type: TypeSchema | string): TypeSchema {
  const schema = typeof type === 'string' ? typeNamed(type) : type;
  if (!schema) throw new Error(`no type ${String(type)} in the schema table`);
  return schema;
}

/** Throws DecodeError with Go's text when a value is of the wrong type. */
export function decodeTree(tree: JsonTree, type: TypeSchema | string): DecodedObject {
  const schema = schemaOf(type);
  if (tree !== null && !(tree instanceof JsonObject)) {
    throw new DecodeError(
      `json: cannot unmarshal ${Array.isArray(tree) ? 'array' : typeof tree} into Go value of type v1.${schema.name}`,
    );
  }
  const { value, problems } = goDecode(tree ?? new JsonObject(), schema);
  return { object: normalize(value, schema, { odd: false, keys: 0 }), problems };
}

/**
 * A plain value, such as a patched object, into its type. `value` is not changed.
 * Throws DecodeError with Go's text when a value is of the wrong type.
 */
export function decodeObject(value: unknown, type: TypeSchema | string): DecodedObject {
  const schema = schemaOf(type);
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    const tally = { odd: false, keys: 0 };
    const object = normalize(value as Record<string, unknown>, schema, tally);
    if (!tally.odd) return { object, problems: [] };
  }
  return decodeTree(treeOf(value), schema);
}
