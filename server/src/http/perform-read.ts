/** get and list over HTTP. */
import { getComputed, listComputed } from '../verbs/computed.ts';
import { get } from '../verbs/get.ts';
import { list, parseResourceVersion } from '../verbs/list.ts';
import type { Target } from '../verbs/api.ts';
import type { Exchange } from './exchange.ts';
import { parseListQuery } from './query-options.ts';
import type { HttpServer } from './server.ts';
import { sendList, sendObject, sendObjects, type Rendering } from './write-objects.ts';

export function renderingOf({ request }: Exchange, server: HttpServer, streams = false): Rendering {
  return {
    accepted: server.negotiator.negotiate(request.headers.accept, { streams }),
    now: server.api.clock.now(),
    toProtobuf: server.toProtobuf,
  };
}

export function performRead(exchange: Exchange, target: Target, server: HttpServer): void | Promise<void> {
  return exchange.info.verb === 'list' ? performList(exchange, target, server) : performGet(exchange, target, server);
}

function performGet(exchange: Exchange, target: Target, server: HttpServer): void | Promise<void> {
  const rendering = renderingOf(exchange, server);
  if (target.kind.computed) return performGetComputed(exchange, target, server);
  const revision = parseResourceVersion(exchange.query.get('resourceVersion') ?? '');
  if (revision > server.api.cache.revision) {
    return server.api.cache.reached(revision).then(() => performGet(exchange, target, server));
  }
  return sendObject(exchange, 200, get(target, server.api), target.kind, rendering);
}

async function performGetComputed(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  const rendering = renderingOf(exchange, server);
  const object = await getComputed({ ...target, query: exchange.query }, server.api);
  return sendObject(exchange, 200, object, target.kind, rendering);
}

async function performList(exchange: Exchange, { kind, namespace }: Target, server: HttpServer): Promise<void> {
  const rendering = renderingOf(exchange, server, true);
  if (kind.computed) {
    const request = { ...parseListQuery(exchange.query), kind, namespace, query: exchange.query };
    return sendObjects(exchange, await listComputed(request, server.api), {}, kind, rendering);
  }
  const result = await list({ ...parseListQuery(exchange.query), kind, namespace }, server.api);
  await sendList(exchange, result, kind, rendering);
}
