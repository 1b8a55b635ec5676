/** The last stage: finds the kind and does what is asked of it. */
import { methodNotAllowed, resourceNotServed } from '@naru/api/status';
import type { Kind, Verb } from '../kinds/define-kind.ts';
import type { Target } from '../verbs/api.ts';
import type { Exchange } from './exchange.ts';
import { NoSuchPath } from './no-such-path.ts';
import { performRead } from './perform-read.ts';
import { performPost, performScale } from './perform-subresource.ts';
import { performWatch } from './perform-watch.ts';
import { performWrite } from './perform-write.ts';
import { servePodLog } from './proxy/pod-log.ts';
import { servePodStream } from './proxy/pod-streams.ts';
import { serveProxy } from './proxy/proxy-subresource.ts';
import type { HttpServer, Stage } from './server.ts';

export const performVerb: Stage = (exchange, server) => {
  const { info } = exchange;
  if (!info.isResource) return server.servePage(exchange);
  const kind = findKind(exchange, server);
  assertVerb(kind, exchange);
  if (kind.deprecation !== undefined) exchange.warn(kind.deprecation);
  const target: Target = {
    kind,
    namespace: kind.scope === 'Cluster' ? '' : info.namespace,
    name: info.name,
    subresource: info.subresource,
    user: exchange.user,
  };
  const stream = streams.get(info.subresource);
  if (stream) return stream(exchange, target, server);
  if (info.subresource === 'scale') return performScale(exchange, target, server);
  if (info.subresource && info.verb === 'create')
    return server.seats.during(exchange.user, () => performPost(exchange, target, server));
  switch (info.verb) {
    case 'get':
    case 'list':
      return performRead(exchange, target, server);
    case 'watch':
      return performWatch(exchange, target, server);
    default:
      return server.seats.during(exchange.user, () => performWrite(exchange, target, server));
  }
};

/** Subresources that lead to a kubelet or a pod. */
const streams = new Map([
  ['log', servePodLog],
  ['exec', servePodStream],
  ['attach', servePodStream],
  ['portforward', servePodStream],
  ['proxy', serveProxy],
]);

function findKind({ info }: Exchange, { api }: HttpServer): Kind {
  const { group, version, resource, subresource } = info;
  const kind = api.catalog.byResource({ group, version, plural: resource });
  if (!kind) {
    if (!api.catalog.groups().some((known) => known.group === group)) throw new NoSuchPath();
    throw resourceNotServed();
  }
  if (subresource && !kind.subresources?.includes(subresource)) throw resourceNotServed();
  const namespaceOnPath = info.namespace !== '' && resource !== 'namespaces';
  if (namespaceOnPath && kind.scope === 'Cluster') throw resourceNotServed();
  if (info.name && kind.scope === 'Namespaced' && !info.namespace) throw resourceNotServed();
  if (info.name && kind.virtual) throw resourceNotServed();
  return kind;
}

const verbsOfCollections = new Set(['create', 'list', 'watch', 'deletecollection']);

function assertVerb(kind: Kind, { info, method }: Exchange): void {
  if (method === 'HEAD') throw methodNotAllowed();
  if (info.subresource) return assertSubresourceVerb(info.verb, info.subresource);
  const isCollection = info.name === '';
  if (isCollection !== verbsOfCollections.has(info.verb) && info.verb !== 'watch') throw methodNotAllowed();
  if (kind.verbs && !kind.verbs.includes(info.verb as Verb)) throw methodNotAllowed();
  const isOfAllNamespaces = isCollection && kind.scope === 'Namespaced' && !info.namespace;
  if (isOfAllNamespaces && (info.verb === 'create' || info.verb === 'deletecollection')) throw methodNotAllowed();
}

const getUpdatePatch = ['get', 'update', 'patch'];
const verbsOfSubresources = new Map<string, readonly string[]>([
  ['status', getUpdatePatch],
  ['scale', getUpdatePatch],
  ['ephemeralcontainers', getUpdatePatch],
  ['resize', getUpdatePatch],
  ['approval', getUpdatePatch],
  ['finalize', ['update']],
  ['log', ['get']],
  ['binding', ['create']],
  ['eviction', ['create']],
  ['token', ['create']],
  ['exec', ['create', 'get']],
  ['attach', ['create', 'get']],
  ['portforward', ['create', 'get']],
  ['proxy', ['create', 'get', 'update', 'patch', 'delete']],
]);

function assertSubresourceVerb(verb: string, subresource: string): void {
  if (!verbsOfSubresources.get(subresource)?.includes(verb)) throw methodNotAllowed();
}
