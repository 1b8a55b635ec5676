/** Where the dashboard listens: plain HTTP for this machine, HTTPS for all others, with the limits of the API's listener. */
import { once } from 'node:events';
import {
  createServer as createHttpServer,
  ServerResponse,
  type IncomingMessage,
  type OutgoingHttpHeaders,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { Server } from 'node:net';
import type { TlsFiles } from '../http/listener.ts';
import type { FrontDoor } from './front-door.ts';

const limits = {
  headersTimeout: 5_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 90_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 32 * 1024,
  noDelay: true,
};
const mostHeaders = 100;

/** The API's answers are for whoever is signed in now: nothing of them is to be kept in a browser's files. */
class UnkeptResponse<Request extends IncomingMessage = IncomingMessage> extends ServerResponse<Request> {
  override writeHead(statusCode: number, ...rest: unknown[]): this {
    return super.writeHead(statusCode, ...(rest.map(unkept) as [OutgoingHttpHeaders]));
  }
}

const perUser = 'no-cache, private';

function unkept(headers: unknown): unknown {
  if (Array.isArray(headers)) return headers.map((value: unknown) => (value === perUser ? 'no-store' : value));
  const isPerUser =
    headers !== null && typeof headers === 'object' && Reflect.get(headers, 'Cache-Control') === perUser;
  return isPerUser ? { ...headers, 'Cache-Control': 'no-store' } : headers;
}

export function localListener(door: FrontDoor): Server {
  const server = createHttpServer({ ...limits, ServerResponse: UnkeptResponse }, (request, response) =>
    door.request(request, response, 'http'),
  );
  server.maxHeadersCount = mostHeaders;
  server.on('upgrade', (request, socket, head) => door.upgrade(request, socket, head, 'http'));
  return server;
}

export function tlsListener(door: FrontDoor, { cert, key }: TlsFiles): Server {
  const options = { ...limits, cert, key, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] } as const;
  const server = createHttpsServer({ ...options, ServerResponse: UnkeptResponse }, (request, response) =>
    door.request(request, response, 'https'),
  );
  server.maxHeadersCount = mostHeaders;
  server.on('upgrade', (request, socket, head) => door.upgrade(request, socket, head, 'https'));
  return server;
}

/** Rejects when the address cannot be had. */
export async function listen(server: Server, port: number, address: string): Promise<void> {
  server.listen(port, address);
  await once(server, 'listening');
}
