/** The store in memory: one ResourceCache per resource, all fed by one watch of the store, before a write is answered. */
import type { Clock } from '@naru/api/clock';
import { timeout } from '@naru/api/status';
import type { Change, Compacted, Entry, Store } from '../store/store.ts';
import { ResourceCache, type ResourceCacheOptions } from './resource-cache.ts';
import { StoredObject } from './stored-object.ts';
import { WrittenObjects } from './written-objects.ts';

export const registryRoot = '/registry/';
const freshnessPatience = 3_000;

/** Nobody can have seen an object at revision 1, when the store was empty: histories begin after it. */
const firstFloor = 2;

export class WatchCache {
  /** Where writers leave what they are about to write. */
  readonly written = new WrittenObjects();
  readonly #clock: Clock;
  /** By the prefix of their keys, and by their storage prefix. */
  readonly #resources = new Map<string, ResourceCache>();
  readonly #byStoragePrefix = new Map<string, ResourceCache>();
  /** Objects whose resource nobody has named yet, as of custom resources before their definition is read. */
  readonly #unclaimed = new Map<string, StoredObject>();
  readonly #waiting = new Set<{ revision: number; resolve: () => void }>();
  #revision = 1;
  #stop: () => void = () => {};

  constructor({ clock }: { clock: Clock }) {
    this.#clock = clock;
  }

  /** The newest revision that reads show. */
  get revision(): number {
    return this.#revision;
  }

  /** Loads everything, and what history the store has; resolves when reads may begin. */
  async start(store: Store): Promise<void> {
    const { entries, revision } = await store.list(registryRoot);
    for (const { key, value, revision } of entries) this.#load(new StoredObject(key, value, revision));
    this.#stop = await this.#follow(store, revision);
    this.#advance(revision);
  }

  stop(): void {
    this.#stop();
  }

  /** The cache of the resource under /registry/<storagePrefix>/. Only what is named before the start has a history from before it. */
  resource(storagePrefix: string, index?: ResourceCacheOptions['index']): ResourceCache {
    return this.#byStoragePrefix.get(storagePrefix) ?? this.#open(storagePrefix, index);
  }

  /** What a write has made: as readers share it, unless somebody has changed or removed it since. */
  asWritten(storagePrefix: string, { key, value, revision }: Entry): StoredObject {
    const there = this.resource(storagePrefix).get(key);
    return there?.revision === revision ? there : new StoredObject(key, value, revision);
  }

  /** Resolves when reads show `revision`. Throws 504 Timeout when it does not come within three seconds. */
  async reached(revision: number): Promise<void> {
    if (revision <= this.#revision) return;
    await new Promise<void>((resolve, reject) => {
      const waiting = {
        revision,
        resolve: () => {
          forget();
          resolve();
        },
      };
      const forget = this.#clock.after(freshnessPatience, () => {
        this.#waiting.delete(waiting);
        reject(tooLargeResourceVersion(revision, this.#revision));
      });
      this.#waiting.add(waiting);
    });
  }

  async #follow(store: Store, loadedAt: number): Promise<() => void> {
    const listener = (changes: readonly Change[]) => this.#take(changes, loadedAt);
    try {
      return await store.watch(registryRoot, firstFloor - 1, listener);
    } catch (error) {
      if (!isCompacted(error)) throw error;
      for (const cache of this.#resources.values()) cache.raiseFloor(error.oldest);
      return store.watch(registryRoot, error.oldest, listener);
    }
  }

  #take(changes: readonly Change[], loadedAt: number): void {
    const time = this.#clock.now();
    for (const change of changes) {
      const cache = this.#find(change.key);
      if (change.revision <= loadedAt) cache?.remember(change, time);
      else if (cache) cache.apply(change, time);
      else this.#keepUnclaimed(change);
    }
    this.#advance(changes.at(-1)?.revision ?? this.#revision);
  }

  #advance(revision: number): void {
    if (revision <= this.#revision) return;
    this.#revision = revision;
    for (const waiting of this.#waiting) {
      if (waiting.revision > revision) continue;
      this.#waiting.delete(waiting);
      waiting.resolve();
    }
  }

  #open(storagePrefix: string, index: ResourceCacheOptions['index']): ResourceCache {
    const prefix = `${registryRoot}${storagePrefix}/`;
    const cache = new ResourceCache({
      prefix,
      floor: Math.max(firstFloor, this.#revision),
      written: this.written,
      ...(index && { index }),
    });
    this.#resources.set(prefix, cache);
    this.#byStoragePrefix.set(storagePrefix, cache);
    for (const [key, stored] of this.#unclaimed) {
      if (!key.startsWith(prefix)) continue;
      this.#unclaimed.delete(key);
      cache.load(stored);
    }
    return cache;
  }

  #load(stored: StoredObject): void {
    const cache = this.#find(stored.key);
    if (cache) cache.load(stored);
    else this.#unclaimed.set(stored.key, stored);
  }

  #keepUnclaimed({ key, value, revision }: Change): void {
    if (value) this.#unclaimed.set(key, new StoredObject(key, value, revision));
    else this.#unclaimed.delete(key);
  }

  /** Prefixes have one to three segments after the root: `pods`, `services/specs`, `<group>/<plural>`. */
  #find(key: string): ResourceCache | undefined {
    let slash = registryRoot.length - 1;
    for (let segments = 0; segments < 3; segments++) {
      slash = key.indexOf('/', slash + 1);
      if (slash < 0) return undefined;
      const cache = this.#resources.get(key.slice(0, slash + 1));
      if (cache) return cache;
    }
    return undefined;
  }
}

const isCompacted = (error: unknown): error is Compacted => error instanceof Error && error.name === 'Compacted';

export function tooLargeResourceVersion(revision: number, current: number) {
  return timeout(`Too large resource version: ${revision}, current: ${current}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  });
}
