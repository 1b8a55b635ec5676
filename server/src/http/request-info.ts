/** What is asked? URL and method become verb, group, version, resource, namespace, name and subresource, once for router, authorizer and store. */
// Like apiserver pkg/endpoints/request/requestinfo.go.
import { badRequest, methodNotAllowed, resourceNotServed } from '@naru/api/status';

export interface RequestInfo {
  /** False for pages: health, version, discovery, OpenAPI. */
  readonly isResource: boolean;
  /** Upstream's verb for a resource; the method in lower case for a page. */
  readonly verb: string;
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  readonly subresource: string;
  /** Path below the subresource, for proxies: 'a/b' of /pods/p/proxy/a/b. */
  readonly rest: string;
}

const verbOfMethod = new Map([
  ['POST', 'create'],
  ['GET', 'get'],
  ['HEAD', 'get'],
  ['PUT', 'update'],
  ['PATCH', 'patch'],
  ['DELETE', 'delete'],
]);
const subresourcesOfNamespaces = new Set(['status', 'finalize']);
const subresourcesWithRest = new Set(['proxy']);

/** Throws 400 for a path that is no text. */
export function parseRequestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const parts = path.slice(1).split('/');
  const isCore = parts[0] === 'api';
  if (!isCore && parts[0] !== 'apis') return page(method, path);
  const [group = '', version = '', ...below] = isCore ? ['', ...parts.slice(1)] : parts.slice(1);
  if (below.length === 0 || (below.length === 1 && below[0] === '')) return page(method, path);
  return resource(method, path, decode(group), decode(version), below.map(decode), query);
}

const page = (method: string, path: string): RequestInfo => ({
  isResource: false,
  verb: method === 'HEAD' ? 'get' : method.toLowerCase(),
  path,
  group: '',
  version: '',
  namespace: '',
  resource: '',
  name: '',
  subresource: '',
  rest: '',
});

function resource(
  method: string,
  path: string,
  group: string,
  version: string,
  parts: string[],
  query: URLSearchParams,
): RequestInfo {
  const watched = parts[0] === 'watch' && parts.length > 1;
  if (watched) parts = parts.slice(1);
  if (parts.length > 1 && parts.at(-1) === '' && !subresourcesWithRest.has(parts.at(-2)!)) parts = parts.slice(0, -1);
  let namespace = '';
  if (parts[0] === 'namespaces' && parts.length > 1) {
    namespace = parts[1]!;
    if (parts.length > 2 && !subresourcesOfNamespaces.has(parts[2]!)) parts = parts.slice(2);
  }
  const [name = '', subresource = '', ...rest] = parts.slice(1);
  if (rest.length && !subresourcesWithRest.has(subresource)) throw resourceNotServed();
  const verb = watched ? 'watch' : verbOf(method, name, query);
  return {
    isResource: true,
    verb,
    path,
    group,
    version,
    namespace,
    resource: parts[0]!,
    name,
    subresource,
    rest: rest.join('/'),
  };
}

function verbOf(method: string, name: string, query: URLSearchParams): string {
  const verb = verbOfMethod.get(method);
  if (!verb) throw methodNotAllowed();
  if (name) return verb;
  if (verb === 'get') return isWatch(query) ? 'watch' : 'list';
  return verb === 'delete' ? 'deletecollection' : verb;
}

/** Every value but an explicit no means yes, as Go's conversion of query parameters has it. */
export function isTrue(value: string | null): boolean {
  return value !== null && value !== '0' && value.toLowerCase() !== 'false';
}

const isWatch = (query: URLSearchParams) => isTrue(query.get('watch'));

function decode(part: string): string {
  if (!part.includes('%')) return part;
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest(`invalid URL escape in ${JSON.stringify(part)}`);
  }
}
