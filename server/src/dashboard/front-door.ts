/** What a request to the dashboard's listener is for, once it is clear that it is meant for us. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Logger } from 'pino';
import { serveAddressTest } from './address-test/serve-address-test.ts';
import type { Means } from './address-test/try-address.ts';
import { isOwnHost, isOwnOrigin } from './host-names.ts';
import { serveAuth, type AuthRoutesOptions } from './identity/auth-routes.ts';
import type { Scheme } from './identity/sessions.ts';
import type { PageFiles } from './page/page-files.ts';
import { servePage } from './page/serve-page.ts';
import type { PassThrough } from './pass-through.ts';
import { setSecurityHeaders } from './security-headers.ts';
import type { StreamServer } from './stream/stream-server.ts';

export interface FrontDoorOptions {
  readonly names: ReadonlySet<string>;
  readonly auth: AuthRoutesOptions;
  readonly passThrough: PassThrough;
  readonly files: PageFiles;
  /** What addresses are tried with. */
  readonly means: Means;
  readonly log: Logger;
  /** Loaded when the first page comes. */
  streams(): Promise<StreamServer>;
}

/** First segments of the API's paths; the rest belongs to the page. */
const apiRoots = new Set(['api', 'apis', 'openapi', 'version', 'readyz', 'livez', 'healthz']);
const ownRoots = new Set(['auth', 'stream', 'naru']);

const rootOf = ({ url = '/' }: IncomingMessage): string => /^\/([^/?]*)/.exec(url)?.[1] ?? '';

export class FrontDoor {
  readonly #options: FrontDoorOptions;

  constructor(options: FrontDoorOptions) {
    this.#options = options;
  }

  readonly request = (request: IncomingMessage, response: ServerResponse, over: Scheme): void => {
    setSecurityHeaders(response, over);
    this.#serve(request, response, over).catch((error: unknown) => {
      this.#options.log.error({ err: error, path: request.url }, 'a request to the dashboard failed');
      if (response.headersSent) response.destroy();
      else end(response, 500, 'something went wrong\n');
    });
  };

  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer, over: Scheme): void => {
    socket.on('error', () => socket.destroy());
    this.#upgrade(request, socket, head, over).catch((error: unknown) => {
      this.#options.log.error({ err: error, path: request.url }, 'an upgrade at the dashboard failed');
      refuse(socket, 500, 'Internal Server Error');
    });
  };

  async #serve(request: IncomingMessage, response: ServerResponse, over: Scheme): Promise<void> {
    const { names, auth, passThrough, files } = this.#options;
    if (!isOwnHost(request.headers.host, names)) return end(response, 421, 'this is not the host you asked for\n');
    const root = rootOf(request);
    if (apiRoots.has(root)) return passThrough.serve(request, response, over);
    if (root === 'auth') return serveAuth(request, response, over, auth);
    if (request.method === 'GET' && request.url?.startsWith('/naru/address-test?'))
      return this.#testAddress(request, response, over);
    if (ownRoots.has(root)) return end(response, root === 'stream' ? 426 : 404, 'there is nothing here\n');
    return servePage(request, response, files);
  }

  async #testAddress(request: IncomingMessage, response: ServerResponse, over: Scheme): Promise<void> {
    const { passThrough, means } = this.#options;
    if (!(await passThrough.visitor(request, over))) return end(response, 401, 'sign in first\n');
    const query = new URLSearchParams(request.url!.slice(request.url!.indexOf('?') + 1));
    return serveAddressTest(query, response, passThrough.api, means);
  }

  async #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, over: Scheme): Promise<void> {
    const { names, passThrough, streams } = this.#options;
    if (!isOwnHost(request.headers.host, names)) return refuse(socket, 421, 'Misdirected Request');
    // Browsers let any page open a WebSocket anywhere, with the cookies of the place.
    if (!isOwnOrigin(request, over)) return refuse(socket, 403, 'Forbidden');
    const visitor = await passThrough.visitor(request, over);
    if (!visitor) return refuse(socket, 401, 'Unauthorized');
    const root = rootOf(request);
    if (apiRoots.has(root)) return passThrough.upgrade(request, socket, head, visitor);
    if (root !== 'stream') return refuse(socket, 404, 'Not Found');
    const server = await streams();
    server.accept(request, socket, head, visitor.signedIn.id, visitor.user);
  }
}

function end(response: ServerResponse, code: number, text: string): void {
  response.writeHead(code, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    Connection: 'close',
  });
  response.end(text);
}

const refuse = (socket: Duplex, code: number, reason: string): void =>
  void socket.end(`HTTP/1.1 ${code} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
