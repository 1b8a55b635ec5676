/** The Kubernetes API under the session of the page: the same request path as everywhere, after checks that only a browser makes necessary. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { StatusError, unauthorized } from '@naru/api/status';
import type { User } from '../authn/user.ts';
import { handleRequest, handleUpgrade } from '../http/handle-request.ts';
import { parseRequestInfo } from '../http/request-info.ts';
import type { HttpServer } from '../http/server.ts';
import type { Api } from '../verbs/api.ts';
import { isOwnOrigin } from './host-names.ts';
import type { Accounts } from './identity/account.ts';
import type { LogSockets } from './log-socket.ts';
import { tokenOf } from './identity/session-cookie.ts';
import { isCsrf, type Scheme, type Sessions, type SignedIn } from './identity/sessions.ts';

export interface PassThroughOptions {
  readonly http: HttpServer;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
}

export interface Visitor {
  readonly signedIn: SignedIn;
  readonly user: User;
}

/** Subresources that are reached by WebSocket. */
const streamed = new Set(['exec', 'attach', 'portforward']);
const reads = new Set(['GET', 'HEAD']);

export class PassThrough {
  readonly #options: PassThroughOptions;
  readonly #http: HttpServer;
  #logSockets: LogSockets | undefined;
  /** Who each request was found to come from. */
  readonly #users = new WeakMap<IncomingMessage, User | StatusError>();

  constructor(options: PassThroughOptions) {
    this.#options = options;
    const authenticate = (request: IncomingMessage): User => {
      const user = this.#users.get(request) ?? unauthorized();
      if (user instanceof Error) throw user;
      return user;
    };
    this.#http = { ...options.http, authenticate };
  }

  get api(): Api {
    return this.#options.http.api;
  }

  /** Undefined for a request that nobody has signed in for. */
  async visitor(request: IncomingMessage, over: Scheme): Promise<Visitor | undefined> {
    const account = await this.#options.accounts.administrator();
    const signedIn = this.#options.sessions.find(tokenOf(request), account, over);
    if (!account || !signedIn) return undefined;
    return { signedIn, user: { name: account.name, groups: ['system:masters', 'system:authenticated'] } };
  }

  async serve(request: IncomingMessage, response: ServerResponse, over: Scheme): Promise<void> {
    this.#users.set(request, await this.#identify(request, over));
    handleRequest(request, response, this.#http);
  }

  /** A shell or another stream into a container, or its log. */
  async upgrade(request: IncomingMessage, socket: Duplex, head: Buffer, { signedIn, user }: Visitor): Promise<void> {
    const isWebSocket = request.headers.upgrade?.toLowerCase() === 'websocket';
    const subresource = subresourceOf(request);
    const detach = this.#options.sessions.attach(signedIn.id, () => socket.destroy());
    socket.once('close', detach);
    if (isWebSocket && subresource === 'log') return (await this.#logs()).accept(request, socket, head, user);
    const isStream = isWebSocket && streamed.has(subresource);
    this.#users.set(request, isStream ? user : refusal('only streams into containers are upgraded here'));
    handleUpgrade(request, socket, head, this.#http);
  }

  /** Loaded when the first log is read. */
  async #logs(): Promise<LogSockets> {
    const { LogSockets } = await import('./log-socket.ts');
    return (this.#logSockets ??= new LogSockets(this.#options.http));
  }

  async #identify(request: IncomingMessage, over: Scheme): Promise<User | StatusError> {
    const visitor = await this.visitor(request, over);
    if (!visitor) return unauthorized();
    // What an app sends would run under the dashboard's own origin, with all its rights.
    if (subresourceOf(request) === 'proxy') return refusal('the proxy subresource is not served by the dashboard');
    if (reads.has(request.method ?? '')) return visitor.user;
    if (request.headers.origin !== undefined && !isOwnOrigin(request, over))
      return refusal('the request comes from a page of another origin');
    if (!isCsrf(visitor.signedIn, request.headers['x-naru-csrf']))
      return refusal('the header x-naru-csrf is missing or wrong');
    return visitor.user;
  }
}

const refusal = (message: string) => new StatusError({ code: 403, reason: 'Forbidden', message, details: {} });

/** Empty for what is no resource; the request path says what is wrong with the rest. */
function subresourceOf({ method = 'GET', url = '/' }: IncomingMessage): string {
  try {
    return parseRequestInfo(method, url.split('?', 1)[0]!, new URLSearchParams()).subresource;
  } catch {
    return '';
  }
}
