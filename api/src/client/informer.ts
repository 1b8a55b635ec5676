/** Keeps a copy of one kind's objects up to date, whatever happens to the connection, and tells listeners what changed. */
// Like client-go's Reflector and SharedIndexInformer in one. Level, not edge: several changes may arrive as one.
import type { Clock } from '../clock.ts';
import type { KubeObject, WatchEvent } from '../object.ts';
import { isStatusError, StatusError, type Status } from '../status.ts';
import { backoff, type Backoff } from './backoff.ts';
import type { Client, ResourceClient, ResourceRef } from './client.ts';
import { keyOf, ObjectCache, type IndexValues } from './object-cache.ts';

export interface InformerListener<T> {
  add?(object: T): void;
  update?(object: T, old: T): void;
  delete?(object: T): void;
}

export interface InformerOptions<T extends KubeObject> {
  client: Client;
  resource: ResourceRef;
  clock: Clock;
  namespace?: string;
  labelSelector?: string;
  fieldSelector?: string;
  indexes?: Record<string, IndexValues<T>>;
  /** What went wrong before the next attempt, and what a listener threw. */
  onError?(error: unknown): void;
  random?: () => number;
}

const initialEventsEnd = 'k8s.io/initial-events-end';
/** A connection that held this long was a good one: the next failure waits little again. */
const resetAfter = 120_000;

const revisionOf = (object: KubeObject) => Number(object.metadata.resourceVersion ?? 0);

const isExpired = (error: unknown) =>
  isStatusError(error) && (error.code === 410 || error.reason === 'Expired' || error.reason === 'Gone');

/** A watch with sendInitialEvents was not understood, rather than not allowed, not now, or not there. */
const isRefusal = (error: unknown) => isStatusError(error) && [400, 405, 406, 422, 501].includes(error.code);

export class Informer<T extends KubeObject> {
  /** Resolves when the first complete state is in the cache; never rejects. */
  readonly synced: Promise<void>;
  readonly resource: ResourceRef;
  readonly #options: InformerOptions<T>;
  readonly #objects: ResourceClient<T>;
  readonly #cache: ObjectCache<T>;
  readonly #listeners = new Set<InformerListener<T>>();
  readonly #backoff: Backoff;
  #resolveSynced: () => void = () => {};
  #hasSynced = false;
  /** Where the stream stands; empty: start with the whole state. */
  #resourceVersion = '';
  /** The newest revision the stream has told of: what is older is already in the cache, or gone. */
  #seen = 0;
  #watchListRefused = false;

  constructor(options: InformerOptions<T>) {
    this.#options = options;
    this.resource = options.resource;
    this.#objects = options.client.for<T>(options.resource);
    this.#cache = new ObjectCache(options.indexes);
    this.#backoff = backoff(options.random && { random: options.random });
    this.synced = new Promise((resolve) => (this.#resolveSynced = resolve));
  }

  get hasSynced(): boolean {
    return this.#hasSynced;
  }

  get size(): number {
    return this.#cache.size;
  }

  /** `key` is `namespace/name`, or `name` for cluster-scoped kinds. */
  get(key: string): T | undefined {
    return this.#cache.get(key);
  }

  list(): T[] {
    return this.#cache.list();
  }

  inNamespace(namespace: string): T[] {
    return this.#cache.byIndex('namespace', namespace);
  }

  byIndex(index: string, value: string): T[] {
    return this.#cache.byIndex(index, value);
  }

  addIndex(name: string, values: IndexValues<T>): void {
    this.#cache.addIndex(name, values);
  }

  /** Tells `listener` of what is there as additions, then of every change. Returns the function that ends it. */
  listen(listener: InformerListener<T>): () => void {
    this.#listeners.add(listener);
    for (const object of this.#cache.list()) this.#tell(() => listener.add?.(object));
    return () => this.#listeners.delete(listener);
  }

  /** Follows the kind until `signal` aborts; then resolves. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    while (!signal.aborted) {
      const start = clock.now();
      try {
        await this.#follow(signal);
        if (clock.now() - start >= 1000) this.#backoff.reset();
        else await this.#pause(signal);
      } catch (error) {
        if (signal.aborted) return;
        if (isExpired(error)) this.#resourceVersion = '';
        else this.#options.onError?.(error);
        if (clock.now() - start >= resetAfter) this.#backoff.reset();
        await this.#pause(signal);
      }
    }
  }

  /**
   * Takes the answer of a write into the cache before the watch tells of it, so that a loop reads what it wrote.
   * What the stream has already passed is left out.
   */
  observe(object: T): void {
    if (revisionOf(object) > this.#seen) this.#put(object);
  }

  /** Marks an object whose deletion the server accepted as going, until the watch tells how it went. */
  observeDeletion(key: string, uid: string | undefined, now: string): void {
    const object = this.#cache.get(key);
    if (!object || object.metadata.uid !== uid || object.metadata.deletionTimestamp) return;
    this.#cache.set(key, { ...object, metadata: { ...object.metadata, deletionTimestamp: now } });
  }

  async #follow(signal: AbortSignal): Promise<void> {
    if (this.#resourceVersion === '' && this.#watchListRefused) await this.#list();
    const initial = this.#resourceVersion === '' ? new Map<string, T>() : undefined;
    try {
      await this.#watch(signal, initial);
    } catch (error) {
      if (!initial || !isRefusal(error)) throw error;
      // An older server does not know sendInitialEvents: list, then watch.
      this.#watchListRefused = true;
      await this.#follow(signal);
    }
  }

  async #list(): Promise<void> {
    const { namespace, labelSelector, fieldSelector } = this.#options;
    const selection = {
      ...(namespace && { namespace }),
      ...(labelSelector && { labelSelector }),
      ...(fieldSelector && { fieldSelector }),
    };
    const { items, metadata } = await this.#objects.list(selection);
    this.#replace(new Map(items.map((object) => [keyOf(object), object])), metadata.resourceVersion ?? '');
  }

  /** Reads one watch to its end. With `initial`, the whole state comes first and is collected there. */
  async #watch(signal: AbortSignal, initial: Map<string, T> | undefined): Promise<void> {
    const { namespace, labelSelector, fieldSelector, random = Math.random } = this.#options;
    const events = this.#objects.watch({
      ...(namespace && { namespace }),
      ...(labelSelector && { labelSelector }),
      ...(fieldSelector && { fieldSelector }),
      ...(initial
        ? { sendInitialEvents: true, resourceVersionMatch: 'NotOlderThan' }
        : { resourceVersion: this.#resourceVersion }),
      allowWatchBookmarks: true,
      timeoutSeconds: Math.round(300 * (1 + random())),
      signal,
    });
    let collecting = initial;
    for await (const event of events) {
      if (signal.aborted) return;
      if (event.type === 'ERROR') throw new StatusError(event.object as unknown as Status);
      if (!collecting) this.#apply(event);
      else if (event.type === 'BOOKMARK') {
        if (!event.object.metadata.annotations?.[initialEventsEnd]) continue;
        this.#replace(collecting, event.object.metadata.resourceVersion ?? '');
        collecting = undefined;
      } else if (event.type === 'DELETED') collecting.delete(keyOf(event.object));
      else collecting.set(keyOf(event.object), event.object);
    }
  }

  #apply({ type, object }: WatchEvent<T>): void {
    const revision = revisionOf(object);
    this.#resourceVersion = object.metadata.resourceVersion ?? this.#resourceVersion;
    this.#seen = Math.max(this.#seen, revision);
    if (type === 'BOOKMARK') return;
    if (type !== 'DELETED') return this.#put(object);
    // A successor that a write of our own already brought stays.
    if (revisionOf(this.#cache.get(keyOf(object)) ?? object) > revision) return;
    const old = this.#cache.delete(keyOf(object));
    if (old) this.#notify((listener) => listener.delete?.(object));
  }

  #put(object: T): void {
    const key = keyOf(object);
    const cached = this.#cache.get(key);
    if (cached && cached.metadata.uid === object.metadata.uid && revisionOf(cached) > revisionOf(object)) return;
    const same = cached?.metadata.resourceVersion === object.metadata.resourceVersion;
    this.#cache.set(key, object);
    if (!cached) this.#notify((listener) => listener.add?.(object));
    else if (!same) this.#changed(object, cached);
  }

  /** An object of the same name with another uid is two facts: one went, another came. */
  #changed(object: T, cached: T): void {
    if (cached.metadata.uid === object.metadata.uid) {
      this.#notify((listener) => listener.update?.(object, cached));
      return;
    }
    this.#notify((listener) => listener.delete?.(cached));
    this.#notify((listener) => listener.add?.(object));
  }

  #replace(objects: Map<string, T>, resourceVersion: string): void {
    this.#resourceVersion = resourceVersion;
    this.#seen = Math.max(this.#seen, Number(resourceVersion) || 0);
    for (const key of this.#cache.keys()) {
      if (objects.has(key)) continue;
      const gone = this.#cache.delete(key);
      if (gone) this.#notify((listener) => listener.delete?.(gone));
    }
    for (const object of objects.values()) this.#put(object);
    this.#hasSynced = true;
    this.#resolveSynced();
  }

  #notify(tell: (listener: InformerListener<T>) => void): void {
    for (const listener of this.#listeners) this.#tell(() => tell(listener));
  }

  #tell(call: () => void): void {
    try {
      call();
    } catch (error) {
      this.#options.onError?.(error);
    }
  }

  #pause(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        signal.removeEventListener('abort', done);
        resolve();
      };
      const cancel = this.#options.clock.after(this.#backoff.next(), done);
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
