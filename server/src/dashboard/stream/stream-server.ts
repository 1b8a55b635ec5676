/** /stream: one WebSocket for every list and watch of a page. Nothing runs here while no page is open. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { User } from '../../authn/user.ts';
import type { HttpServer } from '../../http/server.ts';
import type { Sessions } from '../identity/sessions.ts';
import { Queries } from './queries.ts';
import { StreamSocket } from './stream-socket.ts';

const beatInterval = 5_000;
const beatsPerPing = 6;
const longestMessage = 64 * 1024;
const mostSockets = 100;

/** Close codes of the protocol; 4000 and above are for applications. */
const sessionEnded = 4401;
const serverStops = 1012;

export interface StreamServerOptions {
  readonly http: HttpServer;
  readonly sessions: Sessions;
  /** When the alert rules were last known to be right, in milliseconds since 1970; undefined when nothing evaluates them. */
  rulesSeenAt(): number | undefined;
}

export class StreamServer {
  readonly #options: StreamServerOptions;
  readonly #sockets = new Set<StreamSocket>();
  readonly #queries: Queries;
  readonly #webSockets = new WebSocketServer({ noServer: true, maxPayload: longestMessage, clientTracking: false });
  #cancelBeat: (() => void) | undefined;
  #beats = 0;

  constructor(options: StreamServerOptions) {
    this.#options = options;
    this.#queries = new Queries(options.http.api);
  }

  /** The request has been found to come from our page, under this session. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer, sessionId: string, user: User): void {
    if (this.#sockets.size >= mostSockets) {
      socket.end('HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.#webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      const { sessions, http } = this.#options;
      const stream = new StreamSocket({
        socket: webSocket,
        user,
        queries: this.#queries,
        onUse: () => sessions.touch(sessionId),
        onError: (error) => http.log.error({ err: error }, 'a collection of the dashboard cannot be read'),
      });
      this.#sockets.add(stream);
      const detach = sessions.attach(sessionId, () => stream.close(sessionEnded, 'the session has ended'));
      webSocket.on('close', () => {
        detach();
        this.#sockets.delete(stream);
      });
      stream.beat(this.#heartbeat(), false);
      this.#cancelBeat ??= this.#planBeat();
    });
  }

  stop(): void {
    this.#cancelBeat?.();
    for (const stream of this.#sockets) stream.close(serverStops, 'the server stops');
  }

  #planBeat(): () => void {
    return this.#options.http.api.clock.after(beatInterval, () => {
      this.#cancelBeat = undefined;
      if (this.#sockets.size === 0) return;
      const heartbeat = this.#heartbeat();
      const withPing = ++this.#beats % beatsPerPing === 0;
      for (const stream of this.#sockets) stream.beat(heartbeat, withPing);
      this.#cancelBeat = this.#planBeat();
    });
  }

  #heartbeat(): string {
    const rules = this.#options.rulesSeenAt();
    return JSON.stringify({
      type: 'HEARTBEAT',
      time: isoTime(this.#options.http.api.clock.now()),
      ...(rules !== undefined && { rules: isoTime(rules) }),
    });
  }
}

const isoTime = (milliseconds: number) => new Date(milliseconds).toISOString();
