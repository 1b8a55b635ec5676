/** All objects of one resource in memory, sorted by key, with their recent history. Every read of the API is answered here. */
// Like apiserver pkg/storage/cacher.
import BTreeModule from 'sorted-btree';
import type { AnyObject } from '@naru/api/object';
import type { Change } from '../store/store.ts';
import { CacheEvent } from './cache-event.ts';
import { History } from './history.ts';
import { selects, throughSelection, type Selection } from './selection.ts';
import { StoredObject } from './stored-object.ts';
import type { WrittenObjects } from './written-objects.ts';
import { WatchGroups, type Deliver } from './watch-groups.ts';

// The package is CommonJS: its default export stands one level down for ESM, and its types do not say so.
const BTree = ((BTreeModule as unknown as { default?: unknown }).default ?? BTreeModule) as typeof BTreeModule.default;
type Tree = InstanceType<typeof BTreeModule.default<string, StoredObject>>;

const compareKeys = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const snapshotsKept = 8;

/** The history that was asked for is gone; `floor` is the oldest revision that can be asked for. */
export class TooOld extends Error {
  override readonly name = 'TooOld';
  readonly floor: number;

  constructor(floor: number) {
    super(`revisions before ${floor} are gone`);
    this.floor = floor;
  }
}

/** Where a watch begins: with the whole state, or with the changes after a revision. */
export type WatchStart = 'state' | { after: number };

export interface WatchHandle {
  /** What comes before the changes that are delivered; read lazily, at one revision. */
  initial: Iterable<CacheEvent>;
  stop(): void;
}

export interface ResourceCacheOptions {
  prefix: string;
  /** The field that many watches select by, and its value in an object; for pods the node they run on. */
  index?: (object: AnyObject) => string;
  /** The oldest revision a watch can start after. */
  floor: number;
  written: WrittenObjects;
}

export class ResourceCache {
  readonly prefix: string;
  readonly #index: ((object: AnyObject) => string) | undefined;
  readonly #groups = new WatchGroups();
  readonly #history: History;
  readonly #written: WrittenObjects;
  #tree: Tree = new BTree<string, StoredObject>(undefined, compareKeys);
  /** Trees of revisions that paged lists are reading, oldest first. */
  readonly #snapshots = new Map<number, Tree>();

  constructor({ prefix, index, floor, written }: ResourceCacheOptions) {
    this.#written = written;
    this.prefix = prefix;
    this.#index = index;
    this.#history = new History(floor);
  }

  get size(): number {
    return this.#tree.size;
  }

  get floor(): number {
    return this.#history.floor;
  }

  raiseFloor(floor: number): void {
    this.#history.raiseFloor(floor);
  }

  get(key: string): StoredObject | undefined {
    return this.#tree.get(key);
  }

  /** The objects under `prefix`, from `start` on, as they stand now; not to be kept across a wait. */
  range(prefix: string, start = prefix): Iterable<StoredObject> {
    return this.#tree.size === 0 ? [] : rangeOf(this.#tree, prefix, start);
  }

  /** A reader of the resource as it was at `revision`, which must not lie in the future. Throws TooOld. */
  snapshot(revision: number, newest: number): (prefix: string, start?: string) => Iterable<StoredObject> {
    let tree = this.#snapshots.get(revision);
    if (!tree) {
      tree = this.#treeAt(revision, newest);
      this.#snapshots.set(revision, tree);
      if (this.#snapshots.size > snapshotsKept) this.#snapshots.delete(this.#snapshots.keys().next().value!);
    }
    const kept = tree;
    return (prefix, start = prefix) => rangeOf(kept, prefix, start);
  }

  /** From here on `deliver` gets every event that concerns the selection. Throws TooOld. */
  watch(selection: Selection, start: WatchStart, deliver: Deliver): WatchHandle {
    if (start === 'state') {
      const tree = this.#tree.clone();
      return { initial: stateOf(tree, selection), stop: this.#groups.add(selection, deliver) };
    }
    const { after } = start;
    if (after < this.floor) throw new TooOld(this.floor);
    const past = this.#history.after(after);
    const stop = this.#groups.add(selection, (event) => {
      if (event.revision > after) deliver(event);
    });
    return { initial: seenOf(past, selection), stop };
  }

  /** Takes in what was there at the start; tells nobody. */
  load(stored: StoredObject): void {
    this.#tree.set(stored.key, stored);
  }

  /** Takes in a change from before the start: history only. */
  remember(change: Change, time: number): void {
    this.#history.add(this.#eventOf(change, undefined, time));
  }

  apply(change: Change, time: number): void {
    const event = this.#eventOf(change, this.#tree.get(change.key), time);
    if (change.value) this.#tree.set(change.key, event.stored);
    else this.#tree.delete(change.key);
    this.#history.add(event);
    this.#groups.dispatch(event, this.#indexesOf(event));
    // History keeps what was for minutes, and hardly anybody looks at it again: its bytes will do.
    event.previous?.forget();
  }

  #eventOf({ key, value, previous, revision }: Change, known: StoredObject | undefined, time: number): CacheEvent {
    const before = known ?? (previous ? new StoredObject(key, previous.value, previous.revision) : undefined);
    if (!value) {
      if (!before) throw new Error(`deletion of ${key}, which was not there`);
      return new CacheEvent('DELETED', before.at(revision), before, revision, time);
    }
    return new CacheEvent(
      before ? 'MODIFIED' : 'ADDED',
      new StoredObject(key, value, revision, this.#parsedForm(value)),
      before,
      revision,
      time,
    );
  }

  /** Worth keeping only where somebody is going to look at it. */
  #parsedForm(value: Buffer): AnyObject | undefined {
    const parsed = this.#written.take(value);
    return this.#groups.isEmpty && !this.#index ? undefined : parsed;
  }

  #indexesOf(event: CacheEvent): string[] {
    if (!this.#index) return [];
    const now = this.#index(event.stored.object);
    const before = event.previous ? this.#index(event.previous.object) : now;
    return now === before ? [now] : [now, before];
  }

  /** The present tree with the changes after `revision` taken back. */
  #treeAt(revision: number, newest: number): Tree {
    const tree = this.#tree.clone();
    if (revision >= newest) return tree;
    if (revision < this.floor) throw new TooOld(this.floor);
    for (const { stored, previous } of this.#history.after(revision).reverse()) {
      if (previous) tree.set(stored.key, previous);
      else tree.delete(stored.key);
    }
    return tree;
  }
}

function* rangeOf(tree: Tree, prefix: string, start: string): Iterable<StoredObject> {
  for (const [key, stored] of tree.entries(start)) {
    if (!key.startsWith(prefix)) return;
    yield stored;
  }
}

function* stateOf(tree: Tree, selection: Selection): Iterable<CacheEvent> {
  const found = selection.key === undefined ? undefined : tree.get(selection.key);
  const candidates =
    selection.key === undefined ? rangeOf(tree, selection.prefix, selection.prefix) : found ? [found] : [];
  for (const stored of candidates) {
    if (selects(selection, stored)) yield new CacheEvent('ADDED', stored, undefined, stored.revision, 0);
  }
}

function* seenOf(events: readonly CacheEvent[], selection: Selection): Iterable<CacheEvent> {
  for (const event of events) {
    const seen = throughSelection(selection, event);
    if (seen) yield seen;
  }
}
