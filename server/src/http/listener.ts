/** The TLS socket: limits for slow and greedy clients, and an orderly end. */
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

export interface TlsFiles {
  readonly cert: Buffer | string;
  readonly key: Buffer | string;
  /** Authority of client certificates. */
  readonly ca: Buffer | string;
}

const headersTimeout = 5_000;
const requestTimeout = 60_000;
const idleTimeout = 90_000;
/** Node looks for late clients only every 30 s unless told; that would let them pile up. */
const connectionsCheckingInterval = 1_000;
const largestHeader = 64 * 1024;
const mostHeaders = 100;

export interface ListenerOptions {
  readonly tls: TlsFiles;
  handle(request: IncomingMessage, response: ServerResponse): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
}

/** The connections that stand, whatever became of them: Node counts upgraded ones but does not close them. */
export function openConnections(listener: Server): ReadonlySet<Duplex> {
  const open = new Set<Duplex>();
  listener.on('connection', (connection: Duplex) => {
    open.add(connection);
    connection.once('close', () => open.delete(connection));
  });
  return open;
}

export function createListener({ tls, handle, upgrade }: ListenerOptions): Server {
  const server = createServer(
    {
      ...tls,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: ['http/1.1'],
      headersTimeout,
      requestTimeout,
      keepAliveTimeout: idleTimeout,
      connectionsCheckingInterval,
      maxHeaderSize: largestHeader,
      noDelay: true,
    },
    handle,
  );
  server.maxHeadersCount = mostHeaders;
  server.on('upgrade', upgrade);
  return server;
}
