/** The watchers of one resource, sorted so that a change meets only those it can concern. */
import type { CacheEvent } from './cache-event.ts';
import { throughSelection, type Selection } from './selection.ts';

export type Deliver = (event: CacheEvent) => void;

/** Watchers with the same selection: it is evaluated once for all of them. */
interface Group {
  selection: Selection;
  members: Set<Deliver>;
}

/** Group by where its objects are found: by key, by index value, or under a prefix. */
type Bucket = Map<string, Group>;

export class WatchGroups {
  readonly #byKey = new Map<string, Bucket>();
  readonly #byIndex = new Map<string, Bucket>();
  readonly #byPrefix = new Map<string, Bucket>();

  get isEmpty(): boolean {
    return this.#byKey.size + this.#byIndex.size + this.#byPrefix.size === 0;
  }

  /** Returns the function that takes the watcher out again. */
  add(selection: Selection, deliver: Deliver): () => void {
    const [buckets, at] = this.#place(selection);
    let bucket = buckets.get(at);
    if (!bucket) buckets.set(at, (bucket = new Map()));
    let group = bucket.get(selection.identity);
    if (!group) bucket.set(selection.identity, (group = { selection, members: new Set() }));
    group.members.add(deliver);
    return () => {
      group.members.delete(deliver);
      if (group.members.size === 0 && bucket.get(selection.identity) === group) bucket.delete(selection.identity);
      if (bucket.size === 0 && buckets.get(at) === bucket) buckets.delete(at);
    };
  }

  /** Hands the event to every watcher whose selection it concerns. `indexes` are the index values before and after. */
  dispatch(event: CacheEvent, indexes: readonly string[]): void {
    const { key } = event.stored;
    dispatchTo(this.#byKey.get(key), event);
    for (const index of indexes) dispatchTo(this.#byIndex.get(index), event);
    for (let slash = key.lastIndexOf('/'); slash > 0; slash = key.lastIndexOf('/', slash - 1)) {
      dispatchTo(this.#byPrefix.get(key.slice(0, slash + 1)), event);
    }
  }

  #place(selection: Selection): [Map<string, Bucket>, string] {
    if (selection.key !== undefined) return [this.#byKey, selection.key];
    if (selection.index !== undefined) return [this.#byIndex, selection.index];
    return [this.#byPrefix, selection.prefix];
  }
}

function dispatchTo(bucket: Bucket | undefined, event: CacheEvent): void {
  if (!bucket) return;
  for (const { selection, members } of bucket.values()) {
    const seen = throughSelection(selection, event);
    if (!seen) continue;
    for (const deliver of members) deliver(seen);
  }
}
