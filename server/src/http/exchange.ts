/** One request and its answer on their way through the stages. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { User } from '../authn/user.ts';
import type { RequestInfo } from './request-info.ts';

/** Most requests have none; nobody changes what is read here. */
const noQuery = new URLSearchParams();

export class Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  readonly #search: string;
  #query: URLSearchParams | undefined;
  /** The bare connection, when the client asked for another protocol on it. */
  readonly upgrade: { readonly socket: Duplex; readonly head: Buffer } | undefined;
  /** Set by the first stage. */
  info!: RequestInfo;
  /** Set by authentication; impersonation replaces it. */
  user!: User;
  /** Texts for `Warning:` headers, each once, in order. */
  readonly warnings = new Set<string>();

  constructor(request: IncomingMessage, response: ServerResponse, upgrade?: { socket: Duplex; head: Buffer }) {
    this.upgrade = upgrade;
    this.request = request;
    this.response = response;
    const url = request.url ?? '/';
    const mark = url.indexOf('?');
    this.path = mark < 0 ? url : url.slice(0, mark);
    this.#search = mark < 0 ? '' : url.slice(mark + 1);
  }

  get method(): string {
    return this.request.method ?? 'GET';
  }

  get query(): URLSearchParams {
    return (this.#query ??= this.#search ? new URLSearchParams(this.#search) : noQuery);
  }

  readonly warn = (text: string): void => {
    this.warnings.add(text);
  };

  /** Whether the answer has begun, so that nothing else can be said. */
  get answered(): boolean {
    return this.response.headersSent;
  }
}
