/** The shape of api-facts.json: what the Go sources of the API say of every type, as it was collected. */

export interface FieldFact {
  /** Go type as written in its package: `*metav1.Time`, `[]Container`. */
  go: string;
  /** Protobuf field number. */
  n?: number;
  proto?: string;
  inline?: true;
  optional?: true;
  required?: true;
  omitempty?: true;
  omitzero?: true;
  listType?: string;
  listMapKeys?: string[];
  mapType?: string;
  structType?: string;
  patchStrategy?: string;
  patchMergeKey?: string;
  /** JSON text, or `ref(NameOfAConstant)`. */
  default?: string;
  /** Only of our own kinds: upstream's are read from client-node. */
  description?: string;
}

/** Number, protobuf type, label (`optional`, `repeated` or empty for maps). */
export type ProtoFact = [number, string, string];

export interface TypeFact {
  fields?: Record<string, FieldFact>;
  proto?: Record<string, ProtoFact>;
  marks?: string[];
  alias?: string;
  description?: string;
  values?: string[];
}

export interface Facts {
  source: string;
  types: Record<string, TypeFact>;
}

/** Our own kinds, kept in the same form. */
export interface OwnFacts extends Facts {
  /** Values of types that are one of several texts. */
  enums: Record<string, string[]>;
}
