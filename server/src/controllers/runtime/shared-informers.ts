/** One informer per kind for all controllers of the process. */
import type { Client, ResourceRef } from '@naru/api/client/client';
import { Informer } from '@naru/api/client/informer';
import type { Clock } from '@naru/api/clock';
import type { AnyObject, KubeObject } from '@naru/api/object';
import type { Log } from './log.ts';

const keyOfResource = ({ group, plural }: ResourceRef) => `${plural}.${group}`;

export interface SharedInformersOptions {
  /** Reads every kind: the controller manager's own identity. */
  client: Client;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

export class SharedInformers {
  readonly #options: SharedInformersOptions;
  readonly #informers = new Map<string, { informer: Informer<AnyObject>; stop: AbortController }>();

  constructor(options: SharedInformersOptions) {
    this.#options = options;
  }

  /** The informer of a kind, started when it is first asked for. */
  for<T extends KubeObject = AnyObject>(resource: ResourceRef): Informer<T> {
    const found = this.find(resource);
    if (found) return found as unknown as Informer<T>;
    const { client, clock, log, signal } = this.#options;
    const onError = (error: unknown) => log.error({ err: error, resource: keyOfResource(resource) }, 'informer failed');
    const informer = new Informer<AnyObject>({ client, resource, clock, onError });
    const stop = new AbortController();
    this.#informers.set(keyOfResource(resource), { informer, stop });
    void informer.run(AbortSignal.any([signal, stop.signal]));
    return informer as unknown as Informer<T>;
  }

  /** The informer of a kind, if anybody has asked for it. */
  find(resource: ResourceRef): Informer<AnyObject> | undefined {
    return this.#informers.get(keyOfResource(resource))?.informer;
  }

  /** Ends the informer of a kind that is served no more. */
  drop(resource: ResourceRef): void {
    const key = keyOfResource(resource);
    this.#informers.get(key)?.stop.abort();
    this.#informers.delete(key);
  }

  /** Resolves when every informer asked for so far has its first complete state. */
  async synced(): Promise<void> {
    await Promise.all([...this.#informers.values()].map(({ informer }) => informer.synced));
  }
}
