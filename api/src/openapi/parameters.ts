/** Parameters of operations. */
import { typeNamed } from '../schema/schema-table.ts';
import type { Json } from './resource.ts';

type ParameterType = 'string' | 'integer' | 'boolean';

const query = (name: string, type: ParameterType = 'string'): Json => ({
  in: 'query',
  name,
  schema: { type, uniqueItems: true },
});

export const inPath = (name: string): Json => ({
  in: 'path',
  name,
  required: true,
  schema: { type: 'string', uniqueItems: true },
});

export const pretty = query('pretty');

export const writeParameters = ['dryRun', 'fieldManager', 'fieldValidation'].map((name) => query(name));
export const patchParameters = [...writeParameters, query('force', 'boolean')];

export const deleteParameters = [
  query('dryRun'),
  query('gracePeriodSeconds', 'integer'),
  query('ignoreStoreReadErrorWithClusterBreakingPotential', 'boolean'),
  query('orphanDependents', 'boolean'),
  query('propagationPolicy'),
];

const selection = [
  query('continue'),
  query('fieldSelector'),
  query('labelSelector'),
  query('limit', 'integer'),
  query('resourceVersion'),
  query('resourceVersionMatch'),
  query('sendInitialEvents', 'boolean'),
  query('shardSelector'),
  query('timeoutSeconds', 'integer'),
];

/** In the order of their names, as upstream publishes them. */
export const sortedParameters = (parameters: readonly Json[]): Json[] =>
  [...parameters].sort((a, b) => (String(a['name']) < String(b['name']) ? -1 : 1));

export const listParameters = sortedParameters([
  ...selection,
  query('allowWatchBookmarks', 'boolean'),
  query('watch', 'boolean'),
]);
export const deleteCollectionParameters = sortedParameters([...selection, ...deleteParameters]);

const parameterTypes: Record<string, ParameterType> = {
  string: 'string',
  bool: 'boolean',
  int32: 'integer',
  int64: 'integer',
};

/** Query parameters from the fields of an options type, such as PodExecOptions; a list may be given more than once. */
export function parametersOf(optionsKey: string): Json[] {
  return typeNamed(optionsKey)!.fieldList.flatMap((field) => {
    const shape = field.shape.kind === 'list' ? field.shape.of : field.shape;
    const type = parameterTypes[shape.kind];
    return type && field.number > 0 ? [query(field.name, type)] : [];
  });
}
