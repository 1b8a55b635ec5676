/** The URL of a resource, an object or a subresource, and the query of each verb. */
import type { DeleteOptions, ListOptions, ResourceRef, WatchOptions, WriteOptions } from './client.ts';

export interface ObjectPath {
  namespace?: string | undefined;
  name?: string;
  subresource?: string | undefined;
}

const segment = encodeURIComponent;

/** `/api/v1/namespaces/default/pods/web/status`. A namespaced resource without namespace is the collection of all namespaces. */
export function resourcePath(resource: ResourceRef, { namespace, name, subresource }: ObjectPath = {}): string {
  const root = resource.group ? `/apis/${resource.group}/${resource.version}` : `/api/${resource.version}`;
  const inNamespace = resource.scope === 'Namespaced' && namespace ? `/namespaces/${segment(namespace)}` : '';
  const object = name === undefined ? '' : `/${segment(name)}`;
  return `${root}${inNamespace}/${resource.plural}${object}${subresource ? `/${subresource}` : ''}`;
}

function query(parameters: Record<string, string | number | boolean | undefined>): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) if (value !== undefined) search.set(name, String(value));
  return search.size ? `?${search.toString()}` : '';
}

export const listQuery = ({ namespace: _, ...options }: ListOptions): string => query(options);

export const watchQuery = ({ namespace: _, signal: __, ...options }: WatchOptions): string =>
  query({ watch: true, ...options });

export const writeQuery = ({ dryRun, fieldManager }: WriteOptions, force?: boolean): string =>
  query({ dryRun: dryRun ? 'All' : undefined, fieldManager, force });

/** The body of a DELETE; undefined when nothing is asked for. */
export const deleteBody = (options: DeleteOptions | undefined): object | undefined =>
  options && Object.keys(options).length ? { apiVersion: 'v1', kind: 'DeleteOptions', ...options } : undefined;
