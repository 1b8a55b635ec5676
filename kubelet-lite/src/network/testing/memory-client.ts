/** An API of objects in memory that can be listed and watched: enough for informers. */
import type { Client, ResourceClient, ResourceRef } from '@naru/api/client/client';
import { keyOf } from '@naru/api/client/object-cache';
import type { AnyObject, KubeObject, WatchEvent } from '@naru/api/object';

type Watcher = (event: WatchEvent) => void;

export class MemoryClient implements Client {
  readonly #objects = new Map<string, Map<string, AnyObject>>();
  readonly #watchers = new Map<string, Set<Watcher>>();
  #revision = 1;

  put(plural: string, object: KubeObject): void {
    const objects = this.#of(plural);
    const type = objects.has(keyOf(object)) ? 'MODIFIED' : 'ADDED';
    const stored = { ...object, metadata: { uid: keyOf(object), ...object.metadata, resourceVersion: this.#next() } };
    objects.set(keyOf(stored), stored as AnyObject);
    this.#tell(plural, { type, object: stored as AnyObject });
  }

  remove(plural: string, key: string): void {
    const object = this.#of(plural).get(key);
    if (!object || !this.#of(plural).delete(key)) return;
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: this.#next() } };
    this.#tell(plural, { type: 'DELETED', object: last });
  }

  for<T extends KubeObject = AnyObject>({ plural }: ResourceRef): ResourceClient<T> {
    const watch = (options: { signal?: AbortSignal } = {}) => this.#watch(plural, options.signal);
    return { watch } as unknown as ResourceClient<T>;
  }

  async *#watch(plural: string, signal: AbortSignal | undefined): AsyncIterable<WatchEvent> {
    const queue: WatchEvent[] = [...this.#of(plural).values()].map((object) => ({ type: 'ADDED', object }));
    const metadata = {
      resourceVersion: String(this.#revision),
      annotations: { 'k8s.io/initial-events-end': 'true' },
    };
    queue.push({ type: 'BOOKMARK', object: { metadata } as AnyObject });
    let wake = () => {};
    const watcher: Watcher = (event) => {
      queue.push(event);
      wake();
    };
    const watchers = this.#watchers.get(plural) ?? new Set();
    this.#watchers.set(plural, watchers.add(watcher));
    signal?.addEventListener('abort', () => wake());
    while (!signal?.aborted) {
      const event = queue.shift();
      if (event) yield event;
      else await new Promise<void>((resolve) => (wake = resolve));
    }
    watchers.delete(watcher);
  }

  #tell(plural: string, event: WatchEvent): void {
    for (const watcher of this.#watchers.get(plural) ?? []) watcher(event);
  }

  #of(plural: string): Map<string, AnyObject> {
    const objects = this.#objects.get(plural) ?? new Map<string, AnyObject>();
    this.#objects.set(plural, objects);
    return objects;
  }

  #next(): string {
    return String(++this.#revision);
  }
}
