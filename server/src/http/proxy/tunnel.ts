/** Joins a client's upgraded connection with a backend's, once the backend has agreed to the upgrade and not before. */
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { Duplex } from 'node:stream';
import { internalError } from '@naru/api/status';
import type { Drain } from '../drain.ts';
import type { Exchange } from '../exchange.ts';
import { dialFailure } from './dial-failure.ts';

/** What belongs to the upgrade; nothing that tells who the client is goes on. */
const forwarded = [
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-protocol',
  'sec-websocket-extensions',
  'x-stream-protocol-version',
];

export interface Backend extends RequestOptions {
  readonly path: string;
  readonly scheme: 'http' | 'https';
}

/** Resolves when the backend has answered, with an upgrade or with something else. Throws 500 when it cannot be reached. */
export function tunnel(exchange: Exchange, backend: Backend, drain: Drain): Promise<void> {
  const { request, response } = exchange;
  const { socket, head } = exchange.upgrade!;
  const headers: OutgoingHttpHeaders = {};
  for (const name of forwarded) if (request.headers[name] !== undefined) headers[name] = request.headers[name];
  return new Promise((resolve, reject) => {
    const open = backend.scheme === 'https' ? httpsRequest : httpRequest;
    const outgoing = open({ ...backend, method: exchange.method, headers });
    const release = drain.stream({ end: () => socket.destroy() });
    socket.once('close', () => {
      release();
      outgoing.destroy();
    });
    outgoing.on('error', (error) => {
      if (!exchange.answered) reject(internalError(`error dialing backend: ${dialFailure(error, backend)}`));
      else socket.destroy();
    });
    outgoing.on('upgrade', (answer, upstream, first) => {
      response.detachSocket(socket as never);
      socket.write(headOf(answer));
      join(socket, upstream, head, first);
      resolve();
    });
    outgoing.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 500, { ...plainHeaders(answer), Connection: 'close' });
      answer.pipe(response);
      answer.on('end', resolve);
    });
    outgoing.end();
  });
}

function headOf({ rawHeaders }: IncomingMessage): string {
  const lines = ['HTTP/1.1 101 Switching Protocols'];
  for (let index = 0; index < rawHeaders.length; index += 2)
    lines.push(`${rawHeaders[index]}: ${rawHeaders[index + 1]}`);
  return `${lines.join('\r\n')}\r\n\r\n`;
}

function plainHeaders({ headers }: IncomingMessage): OutgoingHttpHeaders {
  const { connection: _c, 'keep-alive': _k, 'transfer-encoding': _t, ...rest } = headers;
  return rest;
}

/** Each side's end is passed on; an error of either ends both. */
function join(client: Duplex, upstream: Duplex, fromClient: Buffer, fromUpstream: Buffer): void {
  if (fromUpstream.length) client.write(fromUpstream);
  if (fromClient.length) upstream.write(fromClient);
  client.pipe(upstream);
  upstream.pipe(client);
  for (const [side, other] of [
    [client, upstream],
    [upstream, client],
  ] as const) {
    side.on('error', () => other.destroy());
    side.on('close', () => other.destroy());
  }
}
