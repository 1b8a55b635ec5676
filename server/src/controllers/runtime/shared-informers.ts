/** One informer per kind for all controllers of the process. */
import type { Client, ResourceRef } from '@naru/api/client/client';
import { Informer } from '@naru/api/client/informer';
import type { Clock } from '@naru/api/clock';
import type { AnyObject, KubeObject } from '@naru/api/object';
import type { ResourceCatalog } from './controller-config.ts';
import type { Log } from './log.ts';

const keyOfResource = ({ group, plural }: ResourceRef) => `${plural}.${group}`;

export interface SharedInformersOptions {
  /** Reads every kind: the controller manager's own identity. */
  client: Client;
  catalog: ResourceCatalog;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
}

export interface Informers {
  /** The informer of a kind, started when it is first asked for. */
  for<T extends KubeObject = AnyObject>(resource: ResourceRef): Informer<T>;
  /** The informer of a kind, if anybody has asked for it. */
  find(resource: ResourceRef): Informer<AnyObject> | undefined;
  /** Ends the informer of a kind that is served no more. */
  drop(resource: ResourceRef): void;
}

export class SharedInformers implements Informers {
  readonly #options: SharedInformersOptions;
  readonly #informers = new Map<string, { informer: Informer<AnyObject>; stop?: AbortController }>();

  constructor(options: SharedInformersOptions) {
    this.#options = options;
    const { catalog, signal } = options;
    signal.addEventListener(
      'abort',
      catalog.listen(() => this.#runServed()),
      { once: true },
    );
  }

  for<T extends KubeObject = AnyObject>(resource: ResourceRef): Informer<T> {
    const found = this.find(resource);
    if (found) return found as unknown as Informer<T>;
    const { client, clock, log } = this.#options;
    const onError = (error: unknown) => log.error({ err: error, resource: keyOfResource(resource) }, 'informer failed');
    const informer = new Informer<AnyObject>({ client, resource, clock, onError });
    this.#informers.set(keyOfResource(resource), { informer });
    this.#runServed();
    return informer as unknown as Informer<T>;
  }

  find(resource: ResourceRef): Informer<AnyObject> | undefined {
    return this.#informers.get(keyOfResource(resource))?.informer;
  }

  drop(resource: ResourceRef): void {
    const key = keyOfResource(resource);
    this.#informers.get(key)?.stop?.abort();
    this.#informers.delete(key);
  }

  /** A kind that is not served yet is waited for without asking. */
  #runServed(): void {
    const { catalog, signal } = this.#options;
    const served = new Set(catalog.list().map(keyOfResource));
    for (const [key, one] of this.#informers) {
      if (one.stop || !served.has(key)) continue;
      one.stop = new AbortController();
      void one.informer.run(AbortSignal.any([signal, one.stop.signal]));
    }
  }

  /** The same informers, knowing which of them were asked for through it. */
  recording(): RecordingInformers {
    return new RecordingInformers(this);
  }
}

/** One controller's view: it waits for its own kinds and for nobody else's. */
export class RecordingInformers implements Informers {
  readonly #shared: SharedInformers;
  readonly #asked = new Set<Informer<AnyObject>>();

  constructor(shared: SharedInformers) {
    this.#shared = shared;
  }

  for<T extends KubeObject = AnyObject>(resource: ResourceRef): Informer<T> {
    const informer = this.#shared.for<T>(resource);
    this.#asked.add(informer as unknown as Informer<AnyObject>);
    return informer;
  }

  find(resource: ResourceRef): Informer<AnyObject> | undefined {
    return this.#shared.find(resource);
  }

  drop(resource: ResourceRef): void {
    this.#shared.drop(resource);
  }

  /** Resolves when every informer asked for so far has its first complete state. */
  async synced(): Promise<void> {
    await Promise.all([...this.#asked].map(({ synced }) => synced));
  }
}
