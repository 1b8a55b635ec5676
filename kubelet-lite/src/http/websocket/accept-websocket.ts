/** Answers an Upgrade to WebSocket. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';

const largestMessage = 1024 * 1024;

/**
 * Resolves with the open socket; the first of `protocols` that the client offers is agreed on. A client that offers
 * none of them gets no socket but 400, unless it offers nothing at all.
 */
export function acceptWebSocket(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  protocols: readonly string[],
): Promise<{ socket: WebSocket; protocol: string } | undefined> {
  const offered = (request.headers['sec-websocket-protocol'] ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter(Boolean);
  const protocol = protocols.find((name) => offered.includes(name));
  if (offered.length && protocol === undefined) {
    socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    return Promise.resolve(undefined);
  }
  // ws refuses names with a slash, such as SPDY/3.1+portforward.k8s.io, so the header is answered here.
  delete request.headers['sec-websocket-protocol'];
  const server = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: largestMessage });
  server.on('headers', (headers) => protocol && headers.push(`Sec-WebSocket-Protocol: ${protocol}`));
  return new Promise((resolve) => {
    socket.once('close', () => resolve(undefined));
    server.handleUpgrade(request, socket, head, (opened) => resolve({ socket: opened, protocol: protocol ?? '' }));
  });
}
