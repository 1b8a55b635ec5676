/** What the table knows of a type: the words every user of the schema speaks. */

/** Types whose JSON is not the JSON of their Go struct; each has a codec of its own. */
export const specialTypes = {
  'k8s.io.apimachinery.pkg.api.resource.Quantity': 'Quantity',
  'k8s.io.apimachinery.pkg.util.intstr.IntOrString': 'IntOrString',
  'k8s.io.apimachinery.pkg.apis.meta.v1.Time': 'Time',
  'k8s.io.apimachinery.pkg.apis.meta.v1.MicroTime': 'MicroTime',
  'k8s.io.apimachinery.pkg.apis.meta.v1.Duration': 'Duration',
  'k8s.io.apimachinery.pkg.apis.meta.v1.FieldsV1': 'FieldsV1',
  'k8s.io.apimachinery.pkg.runtime.RawExtension': 'RawExtension',
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSON': 'JSON',
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrArray': 'JSONSchemaPropsOrArray',
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrBool': 'JSONSchemaPropsOrBool',
  'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions.v1.JSONSchemaPropsOrStringArray':
    'JSONSchemaPropsOrStringArray',
} as const;

export type SpecialKind = (typeof specialTypes)[keyof typeof specialTypes];
export type ScalarKind = 'string' | 'int32' | 'int64' | 'double' | 'bool' | 'bytes';

/** What a value is. */
export type Shape =
  | { readonly kind: ScalarKind }
  | SpecialShape
  | ObjectShape
  /** `wrapped`: protobuf carries the list as a message with one repeated field `items` (Verbs, ExtraValue). */
  | { readonly kind: 'list'; readonly of: Shape; readonly wrapped: boolean }
  /** Keys are strings. */
  | { readonly kind: 'map'; readonly of: Shape };

/** A struct; `type` is parsed from the table when first asked for. */
export interface ObjectShape {
  readonly kind: 'object';
  readonly key: string;
  readonly type: TypeSchema;
}

/** A type with a JSON of its own. `schema`: what may stand inside a JSONSchemaPropsOr…. */
export interface SpecialShape {
  readonly kind: 'special';
  readonly special: SpecialKind;
  readonly key: string;
  readonly schema?: ObjectShape;
}

export interface FieldSchema {
  /** As in JSON. */
  readonly name: string;
  /** Protobuf field number; 0: not in protobuf (kind and apiVersion travel in the envelope). */
  readonly number: number;
  readonly shape: Shape;
  /** Go type as error texts print it, without the pointer: `[]v1.Container`, `v1.PullPolicy`. */
  readonly goType: string;
  readonly pointer: boolean;
  /** Zero values (of structs: none) are left out of JSON. */
  readonly omitEmpty: boolean;
  /** An empty list is another thing than none, and stays until validation has seen it. */
  readonly keepsEmpty?: true;
  /** Zero structs are left out too. */
  readonly omitZero: boolean;
  /** Listed as required in OpenAPI. */
  readonly required: boolean;
  readonly mergeKey?: string;
  /** `merge`, `retainKeys`, `replace` or `merge,retainKeys`. */
  readonly patchStrategy?: string;
  readonly listType?: 'atomic' | 'map' | 'set';
  readonly listMapKeys?: readonly string[];
  readonly mapType?: 'atomic' | 'granular';
  readonly structType?: 'atomic' | 'granular';
  /** Declared default, as JSON value. */
  readonly default?: unknown;
  /** Allowed values, sorted, when OpenAPI publishes them. */
  readonly enum?: readonly string[];
}

export interface TypeSchema {
  /** `k8s.io.api.core.v1.Pod`. */
  readonly key: string;
  /** Last part of the key: `Pod`. */
  readonly name: string;
  /** Fields of the JSON object by name, in Go's order; those of inlined structs stand among them. */
  readonly fields: ReadonlyMap<string, FieldSchema>;
  /** The same, as a list. */
  readonly fieldList: readonly FieldSchema[];
  /** Where each name stands in the list. */
  readonly places: ReadonlyMap<string, number>;
  /** Where the fields stand that JSON shows even when nothing was given for them. */
  readonly alwaysWritten: readonly number[];
  /** Fields that are the message's own in protobuf, by number and in its order. */
  readonly own: ReadonlyMap<number, FieldSchema>;
  /** Structs inlined in JSON that are messages of their own in protobuf. */
  readonly inlined: ReadonlyMap<number, TypeSchema>;
  /** Protobuf numbers of both, falling. */
  readonly fallingNumbers: readonly number[];
  readonly structType?: 'atomic' | 'granular';
  /** Whether it is a kind: it has kind and apiVersion at its top. */
  readonly hasTypeMeta: boolean;
}
