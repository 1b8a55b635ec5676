/** OpenAPI v3 documents: one for each group version, and the small ones about the roots. */
import type { Describe } from './descriptions.ts';
import { customSchemas } from './custom-schemas.ts';
import { operationPrefix, rootOf, tagOf } from './names.ts';
import { builtInTypes, responses } from './operations.ts';
import { resourcePaths } from './resource-paths.ts';
import type { Json, OpenApiResource } from './resource.ts';
import { SchemaCollector } from './schemas.ts';

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1.';

export interface DocumentOptions {
  describe: Describe;
  /** `1.36`. */
  version: string;
}

function documentOf(paths: Record<string, Json>, schemas: Json, { version }: DocumentOptions): Json {
  const sorted = Object.fromEntries(Object.entries(paths).sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    components: {
      ...(Object.keys(schemas).length && { schemas }),
      securitySchemes: {
        BearerToken: {
          description: 'Bearer Token authentication',
          in: 'header',
          name: 'authorization',
          type: 'apiKey',
        },
      },
    },
    info: { title: 'Kubernetes', version },
    openapi: '3.0.0',
    paths: sorted,
  };
}

/** `resources`: all of this group version. */
export function groupVersionDocument(
  { group, version }: { group: string; version: string },
  resources: readonly OpenApiResource[],
  options: DocumentOptions,
): Json {
  const schemas = new SchemaCollector({ describe: options.describe, group, version });
  const isBuiltIn = resources.some((resource) => resource.schema);
  const paths: Record<string, Json> = {};
  if (isBuiltIn) {
    paths[`${rootOf(group, version)}/`] = {
      get: {
        operationId: `get${operationPrefix(group, version)}APIResources`,
        responses: responses([200], builtInTypes.read, schemas.type(`${meta}APIResourceList`)),
        tags: [tagOf(group, version)],
      },
    };
  }
  for (const resource of resources) {
    if (!resource.schema) customSchemas(resource, schemas);
    Object.assign(paths, resourcePaths(resource, schemas));
  }
  return documentOf(paths, schemas.schemas(), options);
}

interface RootDocument {
  path: string;
  operationId: string;
  tag: string;
  types: readonly string[];
  /** Absent: a text. */
  schema?: string;
}

function rootOfDocument(path: string): RootDocument | undefined {
  if (path === 'api') {
    return {
      path: '/api/',
      operationId: 'getCoreAPIVersions',
      tag: 'core',
      types: builtInTypes.read,
      schema: `${meta}APIVersions`,
    };
  }
  if (path === 'apis') {
    return {
      path: '/apis/',
      operationId: 'getAPIVersions',
      tag: 'apis',
      types: builtInTypes.read,
      schema: `${meta}APIGroupList`,
    };
  }
  if (path === 'version') {
    return {
      path: '/version/',
      operationId: 'getCodeVersion',
      tag: 'version',
      types: ['application/json'],
      schema: 'k8s.io.apimachinery.pkg.version.Info',
    };
  }
  if (path === 'openid/v1/jwks') {
    return {
      path: '/openid/v1/jwks/',
      operationId: 'getServiceAccountIssuerOpenIDKeyset',
      tag: 'openid',
      types: ['application/jwk-set+json'],
    };
  }
  if (path === '.well-known/openid-configuration') {
    return {
      path: '/.well-known/openid-configuration/',
      operationId: 'getServiceAccountIssuerOpenIDConfiguration',
      tag: 'WellKnown',
      types: ['application/json'],
    };
  }
  const group = /^apis\/([^/]+)$/.exec(path)?.[1];
  if (!group) return undefined;
  return {
    path: `/apis/${group}/`,
    operationId: `get${operationPrefix(group)}APIGroup`,
    tag: tagOf(group),
    types: builtInTypes.read,
    schema: `${meta}APIGroup`,
  };
}

/** Paths of the small documents that are always there, and of those of the groups. */
export const rootPaths = (groups: Iterable<string>): string[] => [
  '.well-known/openid-configuration',
  'api',
  'apis',
  ...[...groups].filter((group) => group !== '').map((group) => `apis/${group}`),
  'openid/v1/jwks',
  'version',
];

/** A document about a root: `api`, `apis/apps`, `version`; undefined for any other path. */
export function rootDocument(path: string, options: DocumentOptions): Json | undefined {
  const root = rootOfDocument(path);
  if (!root) return undefined;
  const schemas = new SchemaCollector({ describe: options.describe, group: '', version: 'v1' });
  const schema = root.schema ? schemas.type(root.schema) : { type: 'string' };
  const item = {
    get: { operationId: root.operationId, responses: responses([200], root.types, schema), tags: [root.tag] },
  };
  return documentOf({ [root.path]: item }, schemas.schemas(), options);
}
