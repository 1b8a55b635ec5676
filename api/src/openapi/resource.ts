/** What OpenAPI must be told of the resources that are served; everything else it takes from the schema table. */

export type OpenApiVerb = 'create' | 'delete' | 'deletecollection' | 'get' | 'list' | 'patch' | 'update' | 'watch';

/** A kind of the server's catalogue fits as it is. */
export interface OpenApiResource {
  group: string;
  version: string;
  kind: string;
  plural: string;
  scope: 'Namespaced' | 'Cluster';
  /** Key of the type in the schema table; absent for custom resources. */
  schema?: string;
  /** Absent: all. */
  verbs?: readonly OpenApiVerb[];
  /** By name; what each can do is known here for built-in ones. */
  subresources?: readonly string[];
  /** Whether DELETE answers with the object. */
  returnsDeletedObject?: boolean;
  /** Of a custom resource: its structural schema, as the definition has it. */
  customSchema?: Record<string, unknown>;
}

export type Json = Record<string, unknown>;

const allVerbs: readonly OpenApiVerb[] = [
  'create',
  'delete',
  'deletecollection',
  'get',
  'list',
  'patch',
  'update',
  'watch',
];

export const verbsOf = (resource: OpenApiResource): readonly OpenApiVerb[] => resource.verbs ?? allVerbs;
