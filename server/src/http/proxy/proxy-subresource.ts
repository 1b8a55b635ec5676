/** pods/proxy, services/proxy and nodes/proxy: HTTP to what stands behind an object. */
// Like pkg/registry/core/{pod,service,node} ResourceLocation and apiserver pkg/util/proxy.
import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { pipeline } from 'node:stream/promises';
import type { V1EndpointSlice, V1Service } from '@kubernetes/client-node';
import { badRequest, notFound, serviceUnavailable } from '@naru/api/status';
import { fieldsOf } from '../../kinds/fields.ts';
import type { Api, Target } from '../../verbs/api.ts';
import { get } from '../../verbs/get.ts';
import { registryRoot } from '../../watch/watch-cache.ts';
import type { Exchange } from '../exchange.ts';
import type { HttpServer } from '../server.ts';
import { podOf } from './pod-container.ts';
import { tunnel, type Backend } from './tunnel.ts';

export async function serveProxy(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  const backend = backendOf(exchange, target, server);
  if (exchange.path.endsWith('/proxy')) return redirectToSlash(exchange);
  return exchange.upgrade ? tunnel(exchange, backend, server.drain) : forward(exchange, backend);
}

/** `[scheme:]name[:port]`. Throws 400. */
function parseName(text: string, what: string): { scheme: 'http' | 'https'; name: string; port: string } {
  const parts = text.split(':');
  if (parts.length === 1) return { scheme: 'http', name: text, port: '' };
  if (parts.length === 2) return { scheme: 'http', name: parts[0]!, port: parts[1]! };
  const [scheme = '', name = '', port = ''] = parts;
  if (parts.length > 3 || !['', 'http', 'https'].includes(scheme))
    throw badRequest(`invalid ${what} request ${JSON.stringify(text)}`);
  return { scheme: scheme === 'https' ? 'https' : 'http', name, port };
}

function backendOf(exchange: Exchange, target: Target, server: HttpServer): Backend {
  const marker = '/proxy';
  const below = exchange.path.slice(
    exchange.path.indexOf(marker, exchange.path.indexOf(`/${target.kind.plural}/`)) + marker.length,
  );
  const search = exchange.request.url!.slice(exchange.path.length);
  const path = `${below || '/'}${search}`;
  switch (target.kind.plural) {
    case 'pods':
      return { ...podBackend(target, server.api), path };
    case 'services':
      return { ...serviceBackend(target, server.api), path };
    default:
      return {
        ...server.kubelets.requestOptions(parseName(target.name, 'node').name, server.api),
        scheme: 'https',
        path,
      };
  }
}

type Place = Omit<Backend, 'path'>;

function podBackend(target: Target, api: Api): Place {
  const { scheme, name, port } = parseName(target.name, 'pod');
  const { spec, status } = podOf({ ...target, name }, api);
  const host = status?.podIP;
  if (!host) throw badRequest('address not allowed');
  const first = spec?.containers?.flatMap(({ ports = [] }) => ports)[0]?.containerPort;
  return { scheme, host, port: Number(port) || first || (scheme === 'https' ? 443 : 80), rejectUnauthorized: false };
}

function serviceBackend(target: Target, api: Api): Place {
  const { scheme, name, port } = parseName(target.name, 'service');
  const { namespace } = target;
  const { spec } = fieldsOf<V1Service>(get({ ...target, name }, api).object);
  const portName = portNameOf(spec?.ports ?? [], port, name);
  const prefix = `${registryRoot}endpointslices/${namespace}/`;
  const slices = [...api.cache.resource('endpointslices').range(prefix)]
    .map(({ object }) => fieldsOf<V1EndpointSlice>(object))
    .filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name);
  if (slices.length === 0) throw notFound({ group: '', resource: 'services' }, name);
  const places = slices.flatMap(({ endpoints, ports }) => {
    const number = ports?.find((candidate) => (candidate.name ?? '') === portName)?.port;
    const ready = endpoints?.filter(({ conditions }) => conditions?.ready !== false) ?? [];
    return number === undefined
      ? []
      : ready.flatMap(({ addresses = [] }) => addresses.map((host) => ({ host, port: number })));
  });
  const place = places[api.random.below(Math.max(places.length, 1))];
  if (!place) throw serviceUnavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  return { scheme, ...place, rejectUnauthorized: false };
}

function portNameOf(ports: readonly { name?: string; port?: number }[], asked: string, service: string): string {
  if (!/^[0-9]+$/.test(asked)) return asked || (ports.length === 1 ? (ports[0]?.name ?? '') : '');
  const found = ports.find(({ port }) => port === Number(asked));
  if (!found) throw serviceUnavailable(`no service port ${asked} found for service ${JSON.stringify(service)}`);
  return found.name ?? '';
}

function redirectToSlash({ response, path, request }: Exchange): void {
  response.writeHead(301, { Location: `${path}/${request.url!.slice(path.length)}`, 'Content-Length': 0 });
  response.end();
}

/** Who the client is stays with us. */
const withheld = new Set(['authorization', 'host', 'connection', 'keep-alive', 'proxy-authorization', 'te', 'upgrade']);
const isWithheld = (name: string) =>
  withheld.has(name) || name.startsWith('impersonate-') || name.startsWith('x-remote-');

function forward({ request, response, method }: Exchange, backend: Backend): Promise<void> {
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !isWithheld(name)));
  return new Promise((resolve, reject) => {
    const open = backend.scheme === 'https' ? httpsRequest : httpRequest;
    const outgoing = open({ ...backend, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, endToEnd(answer));
      pipeline(answer, response).then(resolve, () => response.destroy());
    });
    outgoing.on('error', (error) => reject(serviceUnavailable(`error trying to reach service: ${error.message}`)));
    response.on('close', () => outgoing.destroy());
    request.pipe(outgoing);
  });
}

function endToEnd({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const { connection: _c, 'keep-alive': _k, 'transfer-encoding': _t, upgrade: _u, ...rest } = headers;
  return rest;
}
