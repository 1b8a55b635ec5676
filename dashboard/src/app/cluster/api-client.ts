/** Requests to the Kubernetes API under the session of the page. */
import { Injectable, inject } from '@angular/core';
import { Session } from '../session/session';
import { asFailure, failureOf } from './failure';

export type PatchType = 'merge' | 'strategic' | 'json' | 'apply';

const contentTypes: Record<PatchType, string> = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  apply: 'application/apply-patch+yaml',
};

export interface RequestOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly accept?: string;
  readonly signal?: AbortSignal;
}

@Injectable({ providedIn: 'root' })
export class ApiClient {
  readonly #session = inject(Session);

  get<T>(path: string, options: RequestOptions = {}): Promise<T> {
    return this.#json('GET', path, undefined, 'application/json', options);
  }

  create<T>(path: string, body: unknown, options: RequestOptions = {}): Promise<T> {
    return this.#json('POST', path, body, 'application/json', options);
  }

  replace<T>(path: string, body: unknown, options: RequestOptions = {}): Promise<T> {
    return this.#json('PUT', path, body, 'application/json', options);
  }

  patch<T>(path: string, type: PatchType, body: unknown, options: RequestOptions = {}): Promise<T> {
    return this.#json('PATCH', path, body, contentTypes[type], options);
  }

  delete<T>(path: string, body: unknown = {}, options: RequestOptions = {}): Promise<T> {
    return this.#json('DELETE', path, body, 'application/json', options);
  }

  async #json<T>(method: string, path: string, body: unknown, type: string, options: RequestOptions): Promise<T> {
    const response = await this.#send(method, path, body, type, options);
    const text = await response.text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** One request; when the session has expired it waits for a new sign-in and asks again. */
  async #send(method: string, path: string, body: unknown, type: string, options: RequestOptions): Promise<Response> {
    for (;;) {
      const response = await this.#fetch(method, path, body, type, options);
      if (response.ok) return response;
      if (response.status === 401) {
        await this.#session.signInAgain();
        continue;
      }
      throw failureOf(response.status, await bodyOf(response));
    }
  }

  async #fetch(method: string, path: string, body: unknown, type: string, options: RequestOptions): Promise<Response> {
    const query = new URLSearchParams(options.query).toString();
    const headers: Record<string, string> = { accept: options.accept ?? 'application/json' };
    if (method !== 'GET') {
      headers['content-type'] = type;
      headers['x-naru-csrf'] = this.#session.csrf();
    }
    try {
      return await fetch(query ? `${path}?${query}` : path, {
        method,
        headers,
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        ...(options.signal ? { signal: options.signal } : {}),
      });
    } catch (error) {
      throw asFailure(error);
    }
  }
}

async function bodyOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    // A proxy between us may answer with a page of its own: the code is then all there is to tell.
    return undefined;
  }
}
