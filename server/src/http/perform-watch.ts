/** watch over HTTP. */
import { once } from 'node:events';
import { badRequest, hasReason, isStatusError } from '@naru/api/status';
import type { Target } from '../verbs/api.ts';
import { watch } from '../verbs/watch.ts';
import { bookmarkEncoder, errorLine, eventEncoder } from './encode-event.ts';
import type { Exchange } from './exchange.ts';
import { renderingOf } from './perform-read.ts';
import { parseListQuery } from './query-options.ts';
import type { HttpServer } from './server.ts';
import { parseIncludeObject } from './views.ts';
import { WatchStream } from './watch-stream.ts';
import { commonHeaders } from './write-response.ts';

/** Upstream ends watches after 30 to 60 minutes, so that clients spread over servers again. */
const shortestTimeout = 30 * 60_000;

export async function performWatch(exchange: Exchange, target: Target, server: HttpServer): Promise<void> {
  if (exchange.request.httpVersionMinor < 1) throw badRequest('a watch needs HTTP/1.1');
  // A pipelined request has no connection before those ahead of it are answered.
  if (!exchange.response.socket) await once(exchange.response, 'socket');
  const { kind, namespace, name } = target;
  const { api } = server;
  const { view } = renderingOf(exchange, server, true).accepted;
  const query = parseListQuery(exchange.query);
  const fieldSelector = name
    ? [`metadata.name=${name}`, query.fieldSelector].filter(Boolean).join(',')
    : query.fieldSelector;
  const timeoutMilliseconds = query.timeoutSeconds
    ? query.timeoutSeconds * 1000
    : shortestTimeout + api.random.below(shortestTimeout);
  const stream = new WatchStream({
    response: exchange.response,
    flusher: server.flusher,
    clock: api.clock,
    timeoutMilliseconds,
    encode: eventEncoder(kind, view, parseIncludeObject(exchange.query.get('includeObject')), api.clock.now),
    ...(query.allowWatchBookmarks && { bookmark: bookmarkEncoder(kind, view, () => api.cache.revision) }),
  });
  try {
    const watching = watch({ ...query, fieldSelector, kind, namespace }, stream.deliver, api);
    stream.onEnd(watching.stop);
    sendHead(exchange);
    stream.onEnd(server.drain.watch(stream));
    await stream.begin(watching.initial, watching.marksInitialEnd);
  } catch (error) {
    stream.forget();
    if (!hasReason(error, 'Expired') || !isStatusError(error)) throw error;
    sendHead(exchange);
    exchange.response.end(errorLine(error.status));
  }
}

/** At once, even before there is an event: clients wait for it. */
function sendHead(exchange: Exchange): void {
  exchange.response.writeHead(200, { ...commonHeaders(exchange), 'Content-Type': 'application/json' });
  exchange.response.flushHeaders();
}
