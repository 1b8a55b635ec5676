/** Names in OpenAPI documents: of schemas, operations and tags. */
// Like the definition namer of kube-openapi and the operation ids of pkg/endpoints.
import type { OpenApiResource } from './resource.ts';

/** `k8s.io.api.core.v1.Pod` → `io.k8s.api.core.v1.Pod`; `naru.dev.v1.Alert` → `dev.naru.v1.Alert`. */
export function schemaName(key: string): string {
  if (key.startsWith('naru.dev.')) return `dev.naru.${key.slice('naru.dev.'.length)}`;
  const [, ...rest] = key.split('.').slice(1);
  return ['io.k8s', ...rest]
    .join('.')
    .replace('apiextensions_apiserver', 'apiextensions-apiserver')
    .replace('kube_aggregator', 'kube-aggregator');
}

/** `stable.example.com` → `com.example.stable.v1.CronTab`. */
export const customSchemaName = (group: string, version: string, kind: string): string =>
  [...group.split('.').reverse(), version, kind].join('.');

export const nameOfSchema = (resource: OpenApiResource): string =>
  resource.schema ? schemaName(resource.schema) : customSchemaName(resource.group, resource.version, resource.kind);

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

const wordsOf = (group: string) => (group === '' ? ['core'] : group.replace(/\.k8s\.io$/, '').split(/[.-]/));

/** `rbac.authorization.k8s.io`, `v1` → `RbacAuthorizationV1`. */
export const operationPrefix = (group: string, version = ''): string =>
  wordsOf(group).map(capital).join('') + capital(version);

/** `rbac.authorization.k8s.io`, `v1` → `rbacAuthorization_v1`. */
export function tagOf(group: string, version?: string): string {
  const [first = '', ...rest] = wordsOf(group);
  return first + rest.map(capital).join('') + (version ? `_${version}` : '');
}

/** Path of a group version: `/api/v1`, `/apis/apps/v1`. */
export const rootOf = (group: string, version: string): string =>
  group === '' ? `/api/${version}` : `/apis/${group}/${version}`;

export const capitalized = capital;
