/** What a store shows: the entries in key order, the changes that led there, and who listens. All of it durable already. */
import sortedBtree from 'sorted-btree';
import type { Clock } from '@naru/api/clock';
import { History, historyLimits, type HistoryLimits, type Step } from './history.ts';
import type { Change, Entry } from './store.ts';

type Listener = (changes: readonly Change[]) => void;

interface Watcher {
  readonly prefix: string;
  readonly listener: Listener;
  /** Changes up to here have been told. */
  told: number;
}

/** The keyspace as it stood at one revision; stays so while the keyspace moves on. */
export interface KeyspaceView {
  readonly revision: number;
  readonly oldest: number;
  readonly entries: Iterable<Entry> & { readonly size: number };
  readonly history: readonly Step[];
}

export interface KeyspaceOptions {
  readonly clock: Clock;
  readonly limits?: Partial<HistoryLimits>;
  /** The revision to carry on from, and the first one that a watch can start after. */
  readonly revision?: number;
  readonly oldest?: number;
}

const byCodeUnit = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
const emptyTree = () => new sortedBtree.default<string, Entry>(undefined, byCodeUnit);

export class Keyspace {
  readonly #entries = emptyTree();
  readonly #watchers = new Set<Watcher>();
  readonly #history: History;
  #revision: number;

  constructor({ clock, limits = {}, revision = 1, oldest = revision }: KeyspaceOptions) {
    this.#revision = revision;
    this.#history = new History({ clock, limits: { ...historyLimits, ...limits }, oldest });
  }

  get revision(): number {
    return this.#revision;
  }

  get(key: string): Entry | undefined {
    return this.#entries.get(key);
  }

  list(prefix: string): { entries: Entry[]; revision: number } {
    const entries: Entry[] = [];
    this.#entries.forRange(prefix, endOf(prefix), false, (_key, entry) => {
      entries.push(entry);
    });
    return { entries, revision: this.#revision };
  }

  /** Puts an entry in its place without a change in history: how a snapshot comes back. */
  restore(entry: Entry): void {
    this.#entries.set(entry.key, entry);
  }

  /** Takes one revision's changes and tells whoever watches. Revisions come in order. */
  apply(step: Step): void {
    for (const { key, value, revision } of step.changes) {
      if (value) this.#entries.set(key, { key, value, revision });
      else this.#entries.delete(key);
    }
    this.#revision = step.revision;
    this.#history.add(step);
    for (const watcher of this.#watchers) tell(watcher, step);
  }

  /** Notes changes that the entries show already: how history comes back from a snapshot. */
  recall(step: Step): void {
    this.#history.add(step);
  }

  /** Throws Compacted when `from` is older than the history kept. */
  watch(prefix: string, from: number, listener: Listener): () => void {
    const watcher = { prefix, listener, told: from };
    const past = this.#history.after(from);
    this.#watchers.add(watcher);
    for (const step of past) tell(watcher, step);
    return () => {
      this.#watchers.delete(watcher);
      watcher.told = Infinity;
    };
  }

  /** Costs next to nothing: the tree is copied only where it changes later. */
  view(): KeyspaceView {
    const tree = this.#entries.clone();
    const { oldest } = this.#history;
    return {
      revision: this.#revision,
      oldest,
      entries: { size: tree.size, [Symbol.iterator]: () => tree.values() },
      history: this.#history.after(oldest),
    };
  }
}

/** A prefix ends in '/': the first string after everything that starts with it ends in the character after '/'. */
const endOf = (prefix: string) => `${prefix.slice(0, -1)}0`;

function tell(watcher: Watcher, { revision, changes }: Step): void {
  if (revision <= watcher.told) return; // A watch begun from within a listener has had this one from history.
  watcher.told = revision;
  const within = changes.filter(({ key }) => key.startsWith(watcher.prefix));
  if (within.length === 0) return;
  try {
    watcher.listener(within);
  } catch (error) {
    // The change stands and others wait for it; a listener that throws is a bug, which the process's own handler is to hear of.
    queueMicrotask(() => {
      throw error;
    });
  }
}
