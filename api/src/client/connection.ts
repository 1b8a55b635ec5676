/** How to reach an API server and who is asking, and one HTTPS exchange with it. */
import { Agent, request as httpsRequest } from 'node:https';
import { Agent as PlainAgent, request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';

export interface Connection {
  /** https://host:port, possibly with a path before /api. */
  server: string;
  /** PEM texts. Without `authority` the machine's own roots are trusted. */
  authority?: string;
  certificate?: string;
  key?: string;
  /** Sent as bearer token; asked for at every request, because tokens are renewed. */
  token?: () => string | Promise<string>;
  /** The name the server's certificate is held to, if it is not the host of `server`. */
  serverName?: string;
  skipVerification?: boolean;
}

export interface Exchange {
  method: string;
  /** With query. */
  path: string;
  body?: unknown;
  contentType?: string;
  signal?: AbortSignal;
  /** Milliseconds without a byte after which the exchange is given up. */
  idleTimeout: number;
}

/** Opens exchanges over kept-alive sockets. Names are asked of DNS by the socket, so agents survive a server that moves. */
export class Transport {
  readonly #connection: Connection;
  readonly #base: URL;
  readonly #agent: Agent | PlainAgent;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#base = new URL(connection.server);
    const { authority, certificate, key, serverName, skipVerification } = connection;
    // TCP keep-alive finds a server that vanished without a word; maxFreeSockets bounds what idles, and is more than an
    // agent asks at once: a socket that is closed between two requests costs both sides a handshake.
    const sockets = { keepAlive: true, keepAliveMsecs: 15_000, maxFreeSockets: 32, scheduling: 'lifo' as const };
    this.#agent =
      this.#base.protocol === 'http:'
        ? new PlainAgent(sockets)
        : new Agent({
            ...sockets,
            ...(authority && { ca: authority }),
            ...(certificate && { cert: certificate }),
            ...(key && { key }),
            ...(serverName && { servername: serverName }),
            ...(skipVerification && { rejectUnauthorized: false }),
          });
  }

  /** Resolves when the head of the answer is there; the caller reads or destroys the body. */
  async open(exchange: Exchange): Promise<IncomingMessage> {
    const { method, path, body, signal, idleTimeout } = exchange;
    signal?.throwIfAborted();
    const token = await this.#connection.token?.();
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const options = {
      agent: this.#agent,
      method,
      hostname: this.#base.hostname.replace(/^\[|\]$/g, ''),
      port: this.#base.port || (this.#base.protocol === 'http:' ? 80 : 443),
      path: this.#base.pathname.replace(/\/$/, '') + path,
      headers: {
        accept: 'application/json',
        'user-agent': 'naru',
        ...(token && { authorization: `Bearer ${token}` }),
        ...(payload && {
          'content-type': exchange.contentType ?? 'application/json',
          'content-length': payload.length,
        }),
      },
      ...(signal && { signal }),
    };
    return new Promise((resolve, reject) => {
      const answered = (message: IncomingMessage) => resolve(message);
      const outgoing: ClientRequest =
        this.#base.protocol === 'http:' ? httpRequest(options, answered) : httpsRequest(options, answered);
      outgoing.setTimeout(idleTimeout, () => outgoing.destroy(new Error(`no answer within ${idleTimeout / 1000} s`)));
      outgoing.on('error', reject);
      outgoing.end(payload);
    });
  }

  /** Closes idle sockets; exchanges under way go on. */
  close(): void {
    this.#agent.destroy();
  }
}
