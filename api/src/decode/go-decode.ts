/** The exact way: decodes a JSON tree into a type step by step as Go would, to find all that is wrong with it. */
// Like UnmarshalStrict of sigs.k8s.io/json.
import type { FieldSchema, Shape, SpecialShape, TypeSchema } from '../schema/schema.ts';
import { corruptAt } from './base64.ts';
import { JsonObject, NumberLiteral, plainValue, setOwn, type JsonTree } from './json-tree.ts';
import { quantityFormatError } from '../quantity.ts';
import { readSpecial } from './special-values.ts';

/** A value that cannot be decoded into its type; the message is Go's. */
export class DecodeError extends Error {
  override name = 'DecodeError';
}

/** "cannot unmarshal" before it is known into which field. */
class MismatchError extends Error {
  readonly found: string;
  readonly goType: string;

  constructor(found: string, goType: string) {
    super(found);
    this.found = found;
    this.goType = goType;
  }
}

export interface GoDecoded {
  /** Known fields only, duplicates merged. */
  value: Record<string, unknown>;
  /** `unknown field "…"` and `duplicate field "…"`, in the order of the text, at most 100. */
  problems: string[];
}

const maxProblems = 100;

/** Go's `strconv.Quote` of a field path. */
const quote = (text: string) => JSON.stringify(text);

const describe = (tree: JsonTree): string => {
  if (tree instanceof NumberLiteral) return 'number';
  if (Array.isArray(tree)) return 'array';
  if (tree instanceof JsonObject) return 'object';
  return typeof tree === 'boolean' ? 'bool' : 'string';
};

const limits = { int32: 2n ** 31n, int64: 2n ** 63n };

class GoDecoder {
  readonly problems = new Set<string>();
  /** The first type error; decoding goes on after it. */
  saved: DecodeError | undefined;
  /** Struct whose field is being decoded, and the path there, for type errors. */
  #struct = '';
  readonly #fields: string[] = [];
  /** Where we are, for field problems: `spec.containers[0]`. */
  #path = '';

  struct(tree: JsonObject, type: TypeSchema, into: Record<string, unknown>): Record<string, unknown> {
    const [struct, path] = [this.#struct, this.#path];
    const seen = new Set<string>();
    tree.keys.forEach((key, index) => {
      this.#path = path === '' ? key : `${path}.${key}`;
      const field = type.fields.get(key);
      if (!field) {
        this.#problem('unknown field');
        return;
      }
      if (seen.has(key)) this.#problem('duplicate field');
      seen.add(key);
      this.#struct = type.name;
      this.#fields.push(key);
      this.#field(tree.values[index]!, field, into);
      this.#fields.pop();
      this.#struct = struct;
    });
    this.#path = path;
    return into;
  }

  #problem(what: string): void {
    if (this.problems.size < maxProblems) this.problems.add(`${what} ${quote(this.#path)}`);
  }

  #field(tree: JsonTree, field: FieldSchema, into: Record<string, unknown>): void {
    const nullable = field.pointer || field.shape.kind === 'list' || field.shape.kind === 'map';
    if (tree === null) {
      if (nullable) into[field.name] = null;
      return;
    }
    const value = this.#value(tree, field.shape, field.goType, into[field.name]);
    if (value !== undefined) into[field.name] = value;
  }

  /** Undefined when the value was of the wrong type. */
  #value(tree: JsonTree, shape: Shape, goType: string, before?: unknown): unknown {
    switch (shape.kind) {
      case 'object':
        if (!(tree instanceof JsonObject)) return this.#mismatch(tree, goType);
        return this.struct(tree, shape.type, (before as Record<string, unknown> | undefined) ?? {});
      case 'list':
        return this.#list(tree, shape.of, goType);
      case 'map':
        return this.#map(tree, shape.of, goType, before);
      case 'special':
        return this.#special(tree, shape);
      case 'bytes':
        return this.#bytes(tree, goType);
      default:
        return this.#scalar(tree, shape.kind, goType);
    }
  }

  #mismatch(tree: JsonTree, goType: string, found = describe(tree)): undefined {
    this.#save(this.#located(new MismatchError(found, goType)));
  }

  #save(error: DecodeError): void {
    this.saved ??= error;
  }

  #located({ found, goType }: MismatchError): DecodeError {
    const where = this.#fields.length
      ? `Go struct field ${this.#struct}.${this.#fields.join('.')} of type`
      : 'Go value of type';
    return new DecodeError(`json: cannot unmarshal ${found} into ${where} ${goType}`);
  }

  #list(tree: JsonTree, of: Shape, goType: string): unknown {
    if (!Array.isArray(tree)) return this.#mismatch(tree, goType);
    const path = this.#path;
    const elementType = goType.startsWith('[]') ? goType.slice(2) : innerTypeName(of, goType);
    const result = tree.map((element, index) => {
      this.#path = `${path}[${index}]`;
      return element === null ? null : (this.#value(element, of, elementType) ?? null);
    });
    this.#path = path;
    return result;
  }

  #map(tree: JsonTree, of: Shape, goType: string, before: unknown): unknown {
    if (!(tree instanceof JsonObject)) return this.#mismatch(tree, goType);
    const path = this.#path;
    const result = before ?? {};
    const seen = new Set<string>();
    const elementType = goType.startsWith('map[') ? goType.slice(goType.indexOf(']') + 1) : innerTypeName(of, goType);
    tree.keys.forEach((key, index) => {
      this.#path = path === '' ? key : `${path}.${key}`;
      if (seen.has(key)) this.#problem('duplicate field');
      seen.add(key);
      const element = tree.values[index]!;
      setOwn(result as object, key, element === null ? null : (this.#value(element, of, elementType) ?? null));
    });
    this.#path = path;
    return result;
  }

  #scalar(tree: JsonTree, kind: 'string' | 'bool' | 'int32' | 'int64' | 'double', goType: string): unknown {
    if (kind === 'string') return typeof tree === 'string' ? tree.toWellFormed() : this.#mismatch(tree, goType);
    if (kind === 'bool') return typeof tree === 'boolean' ? tree : this.#mismatch(tree, goType);
    if (!(tree instanceof NumberLiteral)) return this.#mismatch(tree, goType);
    const fits = kind === 'double' ? Number.isFinite(Number(tree.text)) : isInteger(tree.text, limits[kind]);
    return fits ? Number(tree.text) : this.#mismatch(tree, goType, `number ${tree.text}`);
  }

  #bytes(tree: JsonTree, goType: string): unknown {
    if (typeof tree !== 'string') return this.#mismatch(tree, goType);
    const corrupt = corruptAt(tree);
    if (corrupt === undefined) return tree;
    this.#save(new DecodeError(`illegal base64 data at input byte ${corrupt}`));
    return undefined;
  }

  /** Types with an UnmarshalJSON of their own: their errors end the decoding at once. */
  #special(tree: JsonTree, { special, schema }: SpecialShape): unknown {
    switch (special) {
      case 'RawExtension':
      case 'FieldsV1':
      case 'JSON':
        return plainValue(tree);
      case 'IntOrString':
        return this.#intOrString(tree);
      case 'Quantity':
        return this.#quantity(tree);
      case 'JSONSchemaPropsOrArray':
      case 'JSONSchemaPropsOrBool':
      case 'JSONSchemaPropsOrStringArray':
        return this.#schemaOr(tree, special, schema!.type);
      default:
        if (typeof tree !== 'string') throw this.#located(new MismatchError(describe(tree), 'string'));
        return this.#own(() => readSpecial(tree, special));
    }
  }

  #own<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      throw new DecodeError(error instanceof Error ? error.message : String(error));
    }
  }

  #intOrString(tree: JsonTree): unknown {
    if (typeof tree === 'string') return tree.toWellFormed();
    if (!(tree instanceof NumberLiteral)) throw this.#located(new MismatchError(describe(tree), 'int32'));
    if (isInteger(tree.text, limits.int32)) return Number(tree.text);
    throw this.#located(new MismatchError(`number ${tree.text}`, 'int32'));
  }

  #quantity(tree: JsonTree): unknown {
    const text = tree instanceof NumberLiteral ? tree.text : tree;
    if (typeof text !== 'string') throw new DecodeError(quantityFormatError);
    return this.#own(() => readSpecial(text, 'Quantity'));
  }

  /** Decoded by itself: unknown fields inside are ignored, and type errors name the field that holds it. */
  #schemaOr(tree: JsonTree, special: SpecialShape['special'], type: TypeSchema): unknown {
    if (special === 'JSONSchemaPropsOrBool' && typeof tree === 'boolean') return tree;
    if (tree instanceof JsonObject) return this.#apart((inner) => inner.struct(tree, type, {}));
    if (special === 'JSONSchemaPropsOrBool') throw new DecodeError('boolean or JSON schema expected');
    if (!Array.isArray(tree)) return null;
    const of: Shape =
      special === 'JSONSchemaPropsOrArray' ? { kind: 'object', key: type.key, type } : { kind: 'string' };
    return this.#apart((inner) => inner.#list(tree, of, of.kind === 'object' ? '[]v1.JSONSchemaProps' : '[]string'));
  }

  #apart<T>(decode: (inner: GoDecoder) => T): T {
    const inner = new GoDecoder();
    const result = decode(inner);
    if (!inner.saved) return result;
    const [, found, goType] = /^json: cannot unmarshal (.*) into .* of type (.*)$/.exec(inner.saved.message) ?? [];
    throw found && goType ? this.#located(new MismatchError(found, goType)) : inner.saved;
  }
}

/** Name of what is inside a named list or map type, such as v1.ExtraValue. */
function innerTypeName(of: Shape, goType: string): string {
  if (of.kind !== 'object') return of.kind;
  return `${goType.slice(0, goType.indexOf('.'))}.${of.type.name}`;
}

function isInteger(text: string, limit: bigint): boolean {
  if (text.length > 20 || !/^-?\d+$/.test(text)) return false;
  const value = BigInt(text);
  return value < limit && value >= -limit;
}

/** Throws DecodeError for what cannot be decoded at all. */
export function goDecode(tree: JsonObject, type: TypeSchema): GoDecoded {
  const decoder = new GoDecoder();
  const value = decoder.struct(tree, type, {});
  if (decoder.saved) throw decoder.saved;
  return { value, problems: [...decoder.problems] };
}
