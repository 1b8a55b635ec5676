/** The Client over HTTPS, as agent, cli and conformance use it. */
import type { IncomingMessage } from 'node:http';
import { systemClock, type Clock } from '../clock.ts';
import type { AnyObject, KubeObject, ObjectList, WatchEvent } from '../object.ts';
import { StatusError, isStatusError, type Status } from '../status.ts';
import type {
  Client,
  DeleteOptions,
  ListOptions,
  PatchOptions,
  ResourceClient,
  ResourceRef,
  WatchOptions,
  WriteOptions,
} from './client.ts';
import { Transport, type Connection, type Exchange } from './connection.ts';
import { lines } from './lines.ts';
import { deleteBody, listQuery, resourcePath, watchQuery, writeQuery } from './resource-path.ts';

const requestTimeout = 60_000;
const defaultWatchSeconds = 3600;
// Like client-go's rest.Request: only an answer with Retry-After is tried again, and not for ever.
const mostAttempts = 10;

const patchTypes = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
} as const;

async function text(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** The Status that was answered, or one made of the code when a proxy or an older server answered in words. */
function statusError(code: number, body: string): StatusError {
  try {
    const status = JSON.parse(body) as Partial<Status>;
    if (status.kind === 'Status') return new StatusError({ ...status, code: status.code ?? code });
  } catch {
    // Not JSON: the words are the message.
  }
  return new StatusError({
    code,
    reason: code === 404 ? 'NotFound' : 'Unknown',
    message: body.trim() || `HTTP ${code}`,
  });
}

export class HttpClient implements Client {
  readonly #transport: Transport;
  readonly #clock: Clock;

  constructor(connection: Connection, clock: Clock = systemClock) {
    this.#transport = new Transport(connection);
    this.#clock = clock;
  }

  for<T extends KubeObject = AnyObject>(resource: ResourceRef): ResourceClient<T> {
    return new HttpResourceClient<T>(this, resource);
  }

  /** One request whose answer is JSON. Throws StatusError, or the socket's error when nothing was answered. */
  async json<T>(exchange: Omit<Exchange, 'idleTimeout'>): Promise<T> {
    const message = await this.open({ ...exchange, idleTimeout: requestTimeout });
    const body = await text(message);
    return (body ? JSON.parse(body) : undefined) as T;
  }

  /** The answer of a request that went well, its body unread. */
  async open(exchange: Exchange): Promise<IncomingMessage> {
    for (let attempt = 1; ; attempt++) {
      const message = await this.#transport.open(exchange);
      const code = message.statusCode ?? 0;
      if (code >= 200 && code < 300) return message;
      const error = statusError(code, await text(message));
      const wait = retryAfter(message);
      if (wait === undefined || attempt === mostAttempts) throw error;
      await this.#pause(wait, exchange.signal);
    }
  }

  close(): void {
    this.#transport.close();
  }

  #pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const cancel = this.#clock.after(milliseconds, () => {
        signal?.removeEventListener('abort', aborted);
        resolve();
      });
      const aborted = () => {
        cancel();
        reject(signal?.reason as Error);
      };
      signal?.addEventListener('abort', aborted, { once: true });
    });
  }
}

/** Milliseconds the server asks to wait, if the answer may be had by asking again. */
function retryAfter({ statusCode = 0, headers }: IncomingMessage): number | undefined {
  const seconds = Number(headers['retry-after']);
  const busy = statusCode === 429 || statusCode >= 500;
  return busy && headers['retry-after'] && Number.isFinite(seconds) ? Math.min(seconds, 60) * 1000 : undefined;
}

class HttpResourceClient<T extends KubeObject> implements ResourceClient<T> {
  readonly #client: HttpClient;
  readonly #resource: ResourceRef;

  constructor(client: HttpClient, resource: ResourceRef) {
    this.#client = client;
    this.#resource = resource;
  }

  get(name: string, namespace?: string): Promise<T> {
    return this.#send('GET', { name, namespace });
  }

  async list(options: ListOptions = {}): Promise<ObjectList<T>> {
    const path = resourcePath(this.#resource, { namespace: options.namespace }) + listQuery(options);
    return this.#client.json({ method: 'GET', path });
  }

  async *watch(options: WatchOptions = {}): AsyncGenerator<WatchEvent<T>> {
    const path = resourcePath(this.#resource, { namespace: options.namespace }) + watchQuery(options);
    const seconds = options.timeoutSeconds ?? defaultWatchSeconds;
    const { signal } = options;
    const exchange = { method: 'GET', path, idleTimeout: (seconds + 30) * 1000, ...(signal && { signal }) };
    let message: IncomingMessage | undefined;
    try {
      message = await this.#client.open(exchange);
      for await (const line of lines(message)) yield JSON.parse(line) as WatchEvent<T>;
    } catch (error) {
      // A watch that breaks off ends like one that the server ended; only a refusal is worth telling.
      if (signal?.aborted || (message && !isStatusError(error))) return;
      throw error;
    } finally {
      message?.destroy();
    }
  }

  create(object: T, options: WriteOptions = {}): Promise<T> {
    const path = resourcePath(this.#resource, { namespace: object.metadata.namespace }) + writeQuery(options);
    return this.#client.json({ method: 'POST', path, body: this.#typed(object) });
  }

  update(object: T, options: WriteOptions & { subresource?: string } = {}): Promise<T> {
    const { namespace, name = '' } = object.metadata;
    const { subresource } = options;
    const path = resourcePath(this.#resource, { namespace, name, subresource }) + writeQuery(options);
    return this.#client.json({ method: 'PUT', path, body: this.#typed(object) });
  }

  updateStatus(object: T, options: WriteOptions = {}): Promise<T> {
    return this.update(object, { ...options, subresource: 'status' });
  }

  patch(name: string, namespace: string | undefined, body: unknown, options: PatchOptions): Promise<T> {
    const { subresource, type, force } = options;
    const path = resourcePath(this.#resource, { namespace, name, subresource }) + writeQuery(options, force);
    return this.#client.json({ method: 'PATCH', path, body, contentType: patchTypes[type] });
  }

  async delete(name: string, namespace?: string, options?: DeleteOptions): Promise<void> {
    const path = resourcePath(this.#resource, { namespace, name });
    const body = deleteBody(options);
    await this.#client.json({ method: 'DELETE', path, ...(body && { body }) });
  }

  async deleteCollection(selection: ListOptions, options?: DeleteOptions): Promise<void> {
    const path = resourcePath(this.#resource, { namespace: selection.namespace }) + listQuery(selection);
    const body = deleteBody(options);
    await this.#client.json({ method: 'DELETE', path, ...(body && { body }) });
  }

  getSubresource(name: string, namespace: string | undefined, subresource: string): Promise<AnyObject> {
    return this.#client.json({ method: 'GET', path: resourcePath(this.#resource, { namespace, name, subresource }) });
  }

  createSubresource(
    name: string,
    namespace: string | undefined,
    subresource: string,
    body: unknown,
  ): Promise<AnyObject> {
    const path = resourcePath(this.#resource, { namespace, name, subresource });
    return this.#client.json({ method: 'POST', path, body });
  }

  #send(method: string, path: { name: string; namespace?: string | undefined }): Promise<T> {
    return this.#client.json({ method, path: resourcePath(this.#resource, path) });
  }

  /** Items of a list come without kind and apiVersion, which a body must name. */
  #typed(object: T): T {
    if (object.kind && object.apiVersion) return object;
    const { group, version, kind } = this.#resource;
    return { ...object, kind, apiVersion: group ? `${group}/${version}` : version };
  }
}
