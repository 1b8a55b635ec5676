/** What the paths of a resource and of its subresources have in common: its names, its types, and operations on one object. */
import { capitalized, nameOfSchema, operationPrefix, rootOf, tagOf } from './names.ts';
import {
  builtInTypes,
  customTypes,
  operation,
  requiredBody,
  responses,
  type MediaTypes,
  type OperationNames,
} from './operations.ts';
import * as parameters from './parameters.ts';
import { verbsOf, type Json, type OpenApiResource, type OpenApiVerb } from './resource.ts';
import { refTo, type SchemaCollector } from './schemas.ts';

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1.';

/** What paths are made from. */
export interface PathContext {
  resource: OpenApiResource;
  schemas: SchemaCollector;
  types: MediaTypes;
  /** Reference to the resource's own schema. */
  own: Json;
  /** `/api/v1/namespaces/{namespace}/pods`. */
  collection: string;
  /** Parameters of that path. */
  placeParameters: readonly Json[];
  /** `CoreV1`. */
  prefix: string;
  /** `NamespacedPod` or `Node`. */
  subject: string;
  has(verb: OpenApiVerb): boolean;
  names(operationId: string, action: string): OperationNames;
}

export function contextOf(resource: OpenApiResource, schemas: SchemaCollector): PathContext {
  const { group, version, kind, plural, scope } = resource;
  const root = rootOf(group, version);
  const namespaced = scope === 'Namespaced';
  const verbs = new Set(verbsOf(resource));
  return {
    resource,
    schemas,
    types: resource.schema ? builtInTypes : customTypes,
    own: resource.schema ? schemas.type(resource.schema) : refTo(nameOfSchema(resource)),
    collection: namespaced ? `${root}/namespaces/{namespace}/${plural}` : `${root}/${plural}`,
    placeParameters: namespaced ? [parameters.inPath('namespace')] : [],
    prefix: operationPrefix(group, version),
    subject: namespaced ? `Namespaced${kind}` : kind,
    has: (verb) => verbs.has(verb),
    names: (operationId, action) => ({
      operationId,
      action,
      tag: tagOf(group, version),
      kind: { group, kind, version },
    }),
  };
}

/** `subject` of the answer may be another kind than the resource's: Scale. */
export const readOperation = (context: PathContext, operationId: string, schema: Json): Json =>
  operation(context.names(operationId, 'get'), { responses: responses([200], context.types.read, schema) });

export const patchOperation = (context: PathContext, operationId: string, schema: Json): Json =>
  operation(context.names(operationId, 'patch'), {
    parameters: parameters.patchParameters,
    requestBody: requiredBody(context.types.patch, context.schemas.type(`${meta}Patch`)),
    responses: responses([200, 201], context.types.read, schema),
  });

export const replaceOperation = (
  context: PathContext,
  operationId: string,
  schema: Json,
  withParameters: readonly Json[] = parameters.writeParameters,
): Json =>
  operation(context.names(operationId, 'put'), {
    parameters: withParameters,
    requestBody: requiredBody(['*/*'], schema),
    responses: responses([200, 201], context.types.read, schema),
  });

export const subjectOf = ({ subject }: PathContext, subresource: string): string => subject + capitalized(subresource);
