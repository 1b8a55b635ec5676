/** The types of custom resources for apply, taken from the structural schema of their definition. */
// Like kube-openapi pkg/schemaconv/openapi.go over what apiextensions publishes for a version.
import { getKey, isJsonObject, type JsonObject } from '../json-object.ts';
import type { TypeSchema } from '../schema/schema.ts';
import { builtInType } from './built-in-types.ts';
import { deduced, type FieldType, type MapType, type ValueType } from './value-type.ts';

/** What holds for everything below a place. */
interface Surroundings {
  /** Some schema above has x-kubernetes-preserve-unknown-fields. */
  readonly preserve: boolean;
  readonly objectMeta: ValueType;
}

const text = (schema: JsonObject, key: string): string => {
  const value = getKey(schema, key);
  return typeof value === 'string' ? value : '';
};

const isSet = (schema: JsonObject, key: string): boolean => getKey(schema, key) === true;

const stringField: FieldType = { type: { scalar: 'string' } };

/** An object; its fields are converted when they are first asked for. */
class ObjectType implements MapType {
  readonly atomic: boolean;
  readonly elements?: ValueType;
  readonly #properties: JsonObject;
  readonly #surroundings: Surroundings;
  readonly #fields = new Map<string, FieldType>();

  constructor(schema: JsonObject, surroundings: Surroundings, isResource: boolean) {
    const properties = getKey(schema, 'properties');
    this.#properties = isJsonObject(properties) ? properties : {};
    this.#surroundings = surroundings;
    this.atomic = text(schema, 'x-kubernetes-map-type') === 'atomic';
    if (isResource) {
      this.#fields.set('apiVersion', stringField).set('kind', stringField);
      this.#fields.set('metadata', { type: surroundings.objectMeta });
    }
    const elements = this.#elementsOf(schema);
    if (elements) this.elements = elements;
  }

  #elementsOf(schema: JsonObject): ValueType | undefined {
    const additional = getKey(schema, 'additionalProperties');
    if (isJsonObject(additional)) return schemaType(additional, this.#surroundings);
    if (additional !== undefined) return additional === true ? deduced : undefined;
    const isFree = this.#fields.size === 0 && Object.keys(this.#properties).length === 0;
    return isFree || this.#surroundings.preserve ? deduced : undefined;
  }

  field(name: string): FieldType | undefined {
    const known = this.#fields.get(name);
    if (known) return known;
    const schema = getKey(this.#properties, name);
    if (!isJsonObject(schema)) return undefined;
    const field = { type: schemaType(schema, this.#surroundings), default: getKey(schema, 'default') };
    this.#fields.set(name, field);
    return field;
  }
}

function listType(schema: JsonObject, surroundings: Surroundings): ValueType {
  const kind = text(schema, 'x-kubernetes-list-type');
  const keys = getKey(schema, 'x-kubernetes-list-map-keys');
  const items = getKey(schema, 'items');
  return {
    list: {
      atomic: kind !== 'map' && kind !== 'set',
      keys: kind === 'map' && Array.isArray(keys) ? (keys as string[]) : [],
      items: isJsonObject(items) ? schemaType(items, surroundings) : deduced,
    },
  };
}

const scalars = new Map<string, ValueType>([
  ['string', { scalar: 'string' }],
  ['integer', { scalar: 'numeric' }],
  ['number', { scalar: 'numeric' }],
  ['boolean', { scalar: 'boolean' }],
]);

function schemaType(schema: JsonObject, above: Surroundings): ValueType {
  if (isSet(schema, 'x-kubernetes-int-or-string')) return { scalar: 'untyped' };
  const surroundings = isSet(schema, 'x-kubernetes-preserve-unknown-fields') ? { ...above, preserve: true } : above;
  const type = text(schema, 'type');
  if (type === 'array') return listType(schema, surroundings);
  if (type === 'object') {
    const isResource = isSet(schema, 'x-kubernetes-embedded-resource');
    return { map: new ObjectType(schema, surroundings, isResource) };
  }
  return scalars.get(type) ?? deduced;
}

/**
 * The type of a version of a custom resource. `schema` is its openAPIV3Schema, undefined when the version has none: its
 * objects are then tracked by what stands in them. `objectMeta` is the schema of metav1.ObjectMeta.
 */
export function customResourceType(schema: JsonObject | undefined, objectMeta: TypeSchema): ValueType {
  if (!schema) return deduced;
  const preserve = isSet(schema, 'x-kubernetes-preserve-unknown-fields');
  return { map: new ObjectType(schema, { preserve, objectMeta: builtInType(objectMeta) }, true) };
}
