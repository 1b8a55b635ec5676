/** A container's log over a WebSocket: browsers open six connections to a host and no more, and an app may have more instances than that. */
// Frames of bytes are the log. A text frame is the Status of a refusal, and the last one.
import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import type { Socket } from 'node:net';
import { duplexPair, type Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import type { User } from '../authn/user.ts';
import { handleRequest } from '../http/handle-request.ts';
import type { HttpServer } from '../http/server.ts';

/** The page says nothing here. */
const longestMessage = 1024;
const keepAliveAfter = 30_000;

export class LogSockets {
  readonly #webSockets = new WebSocketServer({ noServer: true, maxPayload: longestMessage, clientTracking: false });
  /** Listens nowhere: it is handed its connections. */
  readonly #inner: Server;
  readonly #users = new WeakMap<Duplex, User>();

  constructor(http: HttpServer) {
    const authenticate = (request: IncomingMessage): User => this.#users.get(request.socket)!;
    this.#inner = createServer((request, response) => handleRequest(request, response, { ...http, authenticate }));
  }

  /** The request asks for pods/log, and has been found to come from our page, for this user. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, user: User): void {
    (socket as Socket).setKeepAlive(true, keepAliveAfter);
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('error', () => webSocket.terminate());
      this.#answer(request.url ?? '/', user, webSocket).then(
        () => webSocket.close(1000),
        () => webSocket.close(1011, 'the log ended early'),
      );
    });
  }

  async #answer(path: string, user: User, webSocket: WebSocket): Promise<void> {
    const [near, far] = duplexPair();
    this.#users.set(far, user);
    this.#inner.emit('connection', far);
    webSocket.once('close', () => near.destroy());
    const answer = await ask(path, near);
    if (answer.statusCode !== 200) return send(webSocket, await textOf(answer));
    for await (const chunk of answer as AsyncIterable<Buffer>) await send(webSocket, chunk);
  }
}

function ask(path: string, connection: Duplex): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { host: 'naru', accept: 'application/json, */*' };
    const request = httpRequest({ path, headers, createConnection: () => connection }, resolve);
    request.on('error', reject);
    connection.on('close', () => reject(new Error('the page left')));
    request.end();
  });
}

/** Empty for a pod that no machine has yet: its log has not begun. */
async function textOf(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of answer as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/** Resolves when the page can take more. */
function send(webSocket: WebSocket, data: Buffer | string): Promise<void> {
  if (data.length === 0) return Promise.resolve();
  return new Promise((resolve, reject) => {
    webSocket.send(data, { binary: typeof data !== 'string' }, (error) => (error ? reject(error) : resolve()));
  });
}
