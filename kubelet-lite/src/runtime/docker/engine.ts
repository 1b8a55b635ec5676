/** Calls to the Docker engine: each has a deadline of its own and ends in an answer or a RuntimeError. */
import Docker from 'dockerode';
import type { Duplex, Readable } from 'node:stream';
import { RuntimeError } from '../container-runtime.ts';

const callDeadline = 30_000;

/** What dockerode throws when the engine answered with an error. */
interface EngineError extends Error {
  statusCode?: number;
  json?: { message?: string };
}

export interface EngineRequest {
  /** In words, for messages: `create container k8s_…`. */
  what: string;
  method: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD';
  path: string;
  query?: Record<string, string>;
  body?: unknown;
  /** Bytes to send instead of JSON. */
  content?: Buffer;
  headers?: Record<string, string>;
  deadline?: number;
  signal?: AbortSignal;
}

const statusOf = (error: unknown) => (error as EngineError).statusCode;
export const isMissing = (error: unknown): boolean => engineStatus(error) === 404;
export const isConflict = (error: unknown): boolean => engineStatus(error) === 409;
export const isNotModified = (error: unknown): boolean => engineStatus(error) === 304;

/** The engine's HTTP status behind a RuntimeError; undefined when it gave no answer. */
export function engineStatus(error: unknown): number | undefined {
  return error instanceof Error && error.cause ? statusOf(error.cause) : undefined;
}

export class Engine {
  readonly #docker: Docker;

  constructor(socketPath: string) {
    this.#docker = new Docker({ socketPath });
  }

  /** One request whose answer is read whole. Throws RuntimeError, its cause what the engine said. */
  async call<T>(request: EngineRequest): Promise<T> {
    return (await this.#dial(request, {})) as T;
  }

  /** The answer as it comes. The deadline holds until the head is there; after that `signal` alone ends it. */
  async stream(request: EngineRequest): Promise<Readable> {
    return (await this.#dial(request, { isStream: true })) as Readable;
  }

  /** A connection that carries bytes both ways. */
  async hijack(request: EngineRequest): Promise<Duplex> {
    // Without a body the head would wait for the first bytes of one, and an end of its own would reach the process.
    const bodiless = { content: Buffer.alloc(0), headers: { 'Content-Type': 'text/plain' } };
    const whole = request.body === undefined ? { ...request, ...bodiless } : request;
    return (await this.#dial(whole, { isStream: true, hijack: true, openStdin: true })) as Duplex;
  }

  #dial(request: EngineRequest, manner: { isStream?: boolean; hijack?: boolean; openStdin?: boolean }) {
    const { what, method, path, query, body, content, headers, deadline = callDeadline, signal } = request;
    const controller = new AbortController();
    const abort = () => controller.abort(signal?.reason);
    if (signal?.aborted) return Promise.reject(new RuntimeError('Aborted', `${what}: given up`));
    signal?.addEventListener('abort', abort, { once: true });
    const timer = setTimeout(() => controller.abort(new Error('deadline')), deadline);
    const options = {
      path: `${path}?`,
      method,
      abortSignal: controller.signal,
      options: { _query: query ?? {}, _body: body ?? {} },
      ...(content && { file: content }),
      ...(headers && { headers }),
      ...manner,
      statusCodes: { 101: true, 200: true, 201: true, 204: true },
    };
    return new Promise<unknown>((resolve, reject) => {
      this.#docker.modem.dial(options as never, (error: unknown, answer: unknown) => {
        clearTimeout(timer);
        if (!manner.isStream) signal?.removeEventListener('abort', abort);
        if (!error) return resolve(answer);
        signal?.removeEventListener('abort', abort);
        const late = controller.signal.aborted && !signal?.aborted;
        reject(engineError(what, error as EngineError, late ? deadline : undefined));
      });
    });
  }
}

function engineError(what: string, error: EngineError, deadline: number | undefined): RuntimeError {
  const message = error.json?.message ?? error.message;
  if (deadline !== undefined) return new RuntimeError('DeadlineExceeded', `${what}: no answer in ${deadline / 1000} s`);
  const reason = error.statusCode === undefined ? 'RuntimeDown' : 'RuntimeError';
  return new RuntimeError(reason, `Error response from daemon: ${message}`, { cause: error });
}
