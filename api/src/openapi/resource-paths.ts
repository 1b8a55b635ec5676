/** Paths of one resource: its collection, its objects, the old watch paths. */
// Like registerResourceHandlers of pkg/endpoints/installer.go.
import { nameOfSchema, rootOf } from './names.ts';
import { builtInTypes, content, operation, requiredBody, responses } from './operations.ts';
import * as parameters from './parameters.ts';
import { contextOf, patchOperation, readOperation, replaceOperation, type PathContext } from './path-context.ts';
import type { Json, OpenApiResource } from './resource.ts';
import { refTo, type SchemaCollector } from './schemas.ts';
import { subresourcePaths } from './subresource-paths.ts';

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1.';

/** Paths that have at least one operation. */
export function resourcePaths(resource: OpenApiResource, schemas: SchemaCollector): Record<string, Json> {
  const context = contextOf(resource, schemas);
  const { collection, placeParameters } = context;
  const paths: Record<string, Json> = {};
  const put = (path: string, item: Json, shared: readonly Json[]) => {
    if (Object.keys(item).length > 0) paths[path] = { ...item, parameters: parameters.sortedParameters(shared) };
  };
  const collectionItem = collectionOperations(context);
  const onlyCreates = Object.keys(collectionItem).join() === 'post';
  const onlyLists = Object.keys(collectionItem).join() === 'get';
  const extra = onlyCreates ? parameters.writeParameters : onlyLists ? parameters.listParameters : [];
  for (const item of Object.values(collectionItem) as Json[]) if (extra.length) delete item['parameters'];
  put(collection, collectionItem, [...placeParameters, parameters.pretty, ...extra]);
  const place = [parameters.inPath('name'), ...placeParameters, parameters.pretty];
  put(`${collection}/{name}`, objectOperations(context), place);
  for (const [path, item] of Object.entries(subresourcePaths(context))) paths[path] = item;
  if (resource.scope === 'Namespaced' && context.has('list')) {
    paths[`${rootOf(resource.group, resource.version)}/${resource.plural}`] = {
      get: listOperation(context, `list${context.prefix}${resource.kind}ForAllNamespaces`),
      parameters: parameters.sortedParameters([...parameters.listParameters, parameters.pretty]),
    };
  }
  return { ...paths, ...(resource.schema && context.has('watch') ? watchPaths(context) : {}) };
}

/** The schema of the list goes into the document with it. */
function listReference({ resource, schemas }: PathContext): Json {
  if (resource.schema) return schemas.type(`${resource.schema}List`);
  return refTo(`${nameOfSchema(resource)}List`);
}

function listOperation(context: PathContext, operationId: string, withParameters?: readonly Json[]): Json {
  return operation(context.names(operationId, 'list'), {
    ...(withParameters && { parameters: withParameters }),
    responses: responses([200], context.types.watch, listReference(context)),
  });
}

function collectionOperations(context: PathContext): Json {
  const { has, names, own, prefix, subject, types, schemas } = context;
  const status = () => schemas.type(`${meta}Status`);
  return {
    ...(has('deletecollection') && {
      delete: operation(names(`delete${prefix}Collection${subject}`, 'deletecollection'), {
        parameters: parameters.deleteCollectionParameters,
        requestBody: content(['*/*'], schemas.type(`${meta}DeleteOptions`)),
        responses: responses([200], types.read, status()),
      }),
    }),
    ...(has('list') && { get: listOperation(context, `list${prefix}${subject}`, parameters.listParameters) }),
    ...(has('create') && {
      post: operation(names(`create${prefix}${subject}`, 'post'), {
        parameters: parameters.writeParameters,
        requestBody: requiredBody(['*/*'], own),
        responses: responses([200, 201, 202], types.read, own),
      }),
    }),
  };
}

/** Kinds whose DELETE answers with the object, and is published as answering with a Status. */
const publishedWithStatus = new Set(['Job', 'Namespace', 'ReplicationController']);

function objectOperations(context: PathContext): Json {
  const { has, names, own, prefix, subject, types, schemas, resource } = context;
  const answersObject = resource.returnsDeletedObject && !publishedWithStatus.has(resource.kind);
  const deleted = () => (answersObject ? own : schemas.type(`${meta}Status`));
  return {
    ...(has('delete') && {
      delete: operation(names(`delete${prefix}${subject}`, 'delete'), {
        parameters: parameters.deleteParameters,
        requestBody: content(['*/*'], schemas.type(`${meta}DeleteOptions`)),
        responses: responses([200, 202], types.read, deleted()),
      }),
    }),
    ...(has('get') && { get: readOperation(context, `read${prefix}${subject}`, own) }),
    ...(has('patch') && { patch: patchOperation(context, `patch${prefix}${subject}`, own) }),
    ...(has('update') && { put: replaceOperation(context, `replace${prefix}${subject}`, own) }),
  };
}

/** /watch/… paths, which nothing uses any more and everything still publishes. */
function watchPaths(context: PathContext): Record<string, Json> {
  const { resource, names, prefix, subject, schemas, collection, placeParameters } = context;
  const root = rootOf(resource.group, resource.version);
  const watched = schemas.type(`${meta}WatchEvent`);
  const all = [...parameters.listParameters, parameters.pretty];
  const path = (operationId: string, action: string, shared: readonly Json[]) => ({
    get: operation(names(operationId, action), { responses: responses([200], builtInTypes.watch, watched) }),
    parameters: parameters.sortedParameters([...shared, ...all]),
  });
  const place = collection.slice(root.length);
  const result: Record<string, Json> = {
    [`${root}/watch${place}`]: path(`watch${prefix}${subject}List`, 'watchlist', placeParameters),
  };
  if (context.has('get')) {
    const one = [parameters.inPath('name'), ...placeParameters];
    result[`${root}/watch${place}/{name}`] = path(`watch${prefix}${subject}`, 'watch', one);
  }
  if (resource.scope === 'Namespaced') {
    const operationId = `watch${prefix}${resource.kind}ListForAllNamespaces`;
    result[`${root}/watch/${resource.plural}`] = path(operationId, 'watchlist', []);
  }
  return result;
}
