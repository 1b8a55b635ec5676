/** Component schemas of OpenAPI v3 from the schema table. */
// Like the generator of kube-openapi.
import type { FieldSchema, Shape, TypeSchema } from '../schema/schema.ts';
import { typeNamed } from '../schema/schema-table.ts';
import { servedPackages } from '../schema/served-packages.ts';
import type { Describe } from './descriptions.ts';
import { schemaName } from './names.ts';
import { unions } from './unions.ts';
import type { Json } from './resource.ts';

const refPrefix = '#/components/schemas/';
export const refTo = (name: string): Json => ({ $ref: refPrefix + name });

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1.';

const specialSchemas: Record<string, Json> = {
  Quantity: { oneOf: [{ type: 'string' }, { type: 'number' }] },
  IntOrString: { format: 'int-or-string', oneOf: [{ type: 'integer' }, { type: 'string' }] },
  Time: { format: 'date-time', type: 'string' },
  MicroTime: { format: 'date-time', type: 'string' },
  Duration: { type: 'string' },
  FieldsV1: { type: 'object' },
  RawExtension: { type: 'object' },
  JSON: {},
  JSONSchemaPropsOrArray: {},
  JSONSchemaPropsOrBool: {},
  JSONSchemaPropsOrStringArray: {},
};

const scalarSchemas: Record<string, Json> = {
  string: { type: 'string' },
  bool: { type: 'boolean' },
  int32: { format: 'int32', type: 'integer' },
  int64: { format: 'int64', type: 'integer' },
  double: { format: 'double', type: 'number' },
  bytes: { format: 'byte', type: 'string' },
};

const zeros: Record<string, unknown> = { string: '', bool: false, int32: 0, int64: 0, double: 0 };

/** Fields without a comment in the sources; all others are published with one beside the reference. */
const bareReferences = new Set([
  'IngressRule.http',
  'JSONSchemaProps.additionalItems',
  'JSONSchemaProps.additionalProperties',
  'JSONSchemaProps.example',
  'JSONSchemaProps.externalDocs',
  'JSONSchemaProps.items',
  'JSONSchemaProps.not',
]);

/** Collects the schemas that a document refers to. */
export class SchemaCollector {
  readonly #found = new Map<string, Json>();
  readonly #describe: Describe;
  readonly #group: string;
  readonly #version: string;

  constructor({ describe, group, version }: { describe: Describe; group: string; version: string }) {
    this.#describe = describe;
    this.#group = group;
    this.#version = version;
  }

  /** By name, sorted. */
  schemas(): Json {
    return Object.fromEntries([...this.#found].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  add(name: string, schema: Json): void {
    this.#found.set(name, schema);
  }

  /** Adds the type and all it refers to; returns a reference. */
  type(key: string): Json {
    const name = schemaName(key);
    if (this.#found.has(name)) return refTo(name);
    if (key === `${meta}Patch`) {
      this.#found.set(name, { ...this.#description(key), type: 'object' });
      return refTo(name);
    }
    const type = typeNamed(key);
    if (!type) throw new Error(`no type ${key} in the schema table`);
    this.#found.set(name, {});
    this.#found.set(name, this.#struct(type));
    return refTo(name);
  }

  #description(key: string, field?: string): { description?: string } {
    const description = this.#describe(schemaName(key), field);
    return description ? { description } : {};
  }

  #special(key: string, special: string): Json {
    const name = schemaName(key);
    if (!this.#found.has(name)) this.#found.set(name, { ...this.#description(key), ...specialSchemas[special] });
    return refTo(name);
  }

  #struct(type: TypeSchema): Json {
    const fields = [...type.fieldList].sort((a, b) => (a.name < b.name ? -1 : 1));
    const required = type.fieldList.filter((field) => field.required).map((field) => field.name);
    const kinds = this.#kindsOf(type);
    return {
      ...this.#description(type.key),
      ...(fields.length && {
        properties: Object.fromEntries(fields.map((field) => [field.name, this.#property(type, field)])),
      }),
      ...(required.length && { required }),
      type: 'object',
      ...(kinds.length && { 'x-kubernetes-group-version-kind': kinds }),
      ...(type.structType && { 'x-kubernetes-map-type': type.structType }),
      ...(type.key in unions && { 'x-kubernetes-unions': unions[type.key] }),
    };
  }

  /** DeleteOptions and WatchEvent are kinds of every group. */
  #kindsOf({ key, name, hasTypeMeta }: TypeSchema): Json[] {
    const isEverywhere = key === `${meta}DeleteOptions` || key === `${meta}WatchEvent`;
    if (key.startsWith(meta)) {
      if (!hasTypeMeta && !isEverywhere) return [];
      const core = { group: '', kind: name, version: 'v1' };
      if (!isEverywhere || this.#group === '') return [core];
      return [core, { group: this.#group, kind: name, version: this.#version }];
    }
    if (!hasTypeMeta) return [];
    const served = servedPackages.find((entry) => key === `${entry.package}.${name}`);
    return served ? [{ group: served.group, kind: name, version: served.version }] : [];
  }

  #property(type: TypeSchema, field: FieldSchema): Json {
    const { shape } = field;
    const description = this.#description(type.key, field.name);
    const rest: Json = { ...description, ...extensionsOf(field) };
    if (shape.kind === 'object' || shape.kind === 'special') {
      const reference = this.#reference(shape);
      if (bareReferences.has(`${type.name}.${field.name}`)) return reference;
      const byDefault = field.default ?? (shape.kind === 'object' && !field.pointer ? {} : undefined);
      // The field's own comment is lost on the way here; its type's says what it is, too.
      return {
        allOf: [reference],
        ...(byDefault !== undefined && { default: byDefault }),
        ...this.#description(shape.key),
        ...rest,
      };
    }
    if (shape.kind === 'list') {
      return { items: this.#element(shape.of, field), type: 'array', ...rest };
    }
    if (shape.kind === 'map') {
      return { additionalProperties: this.#element(shape.of, field), type: 'object', ...rest };
    }
    const zero = !field.pointer && !field.omitEmpty ? zeros[shape.kind] : undefined;
    const byDefault = field.default ?? zero;
    return {
      ...(byDefault !== undefined && { default: byDefault }),
      ...(field.enum && { enum: field.enum }),
      ...scalarSchemas[shape.kind],
      ...rest,
    };
  }

  #reference(shape: Shape): Json {
    if (shape.kind === 'object') return this.type(shape.key);
    if (shape.kind === 'special') return this.#special(shape.key, shape.special);
    return {};
  }

  #element(shape: Shape, field: FieldSchema): Json {
    switch (shape.kind) {
      case 'object':
        return { allOf: [this.type(shape.key)], default: {} };
      case 'special':
        return this.#special(shape.key, shape.special);
      case 'list':
        return { items: this.#element(shape.of, field), type: 'array' };
      case 'map':
        return { additionalProperties: this.#element(shape.of, field), type: 'object' };
      default:
        return {
          ...(shape.kind in zeros && { default: zeros[shape.kind] }),
          ...(field.enum && { enum: field.enum }),
          ...scalarSchemas[shape.kind],
        };
    }
  }
}

function extensionsOf(field: FieldSchema): Json {
  const { listMapKeys, listType, mapType, structType, mergeKey, patchStrategy } = field;
  return {
    ...(listMapKeys && { 'x-kubernetes-list-map-keys': listMapKeys }),
    ...(listType && { 'x-kubernetes-list-type': listType }),
    ...((mapType ?? structType) && { 'x-kubernetes-map-type': mapType ?? structType }),
    ...(mergeKey && { 'x-kubernetes-patch-merge-key': mergeKey }),
    ...(patchStrategy && { 'x-kubernetes-patch-strategy': patchStrategy }),
  };
}
