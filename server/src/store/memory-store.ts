/** A Store that forgets when the process ends: for tests, and for what need not last. */
import { systemClock, type Clock } from '@naru/api/clock';
import type { HistoryLimits } from './history.ts';
import { Keyspace } from './keyspace.ts';
import { StoreFailed, type Change, type Entry, type Store, type Transaction, type TransactionResult } from './store.ts';
import { assertSound, decide } from './transaction.ts';

export class MemoryStore implements Store {
  readonly #keyspace: Keyspace;
  #closed = false;

  constructor({ clock = systemClock, history = {} }: { clock?: Clock; history?: Partial<HistoryLimits> } = {}) {
    this.#keyspace = new Keyspace({ clock, limits: history });
  }

  revision(): number {
    return this.#keyspace.revision;
  }

  async get(key: string): Promise<Entry | undefined> {
    return this.#keyspace.get(key);
  }

  async list(prefix: string): Promise<{ entries: Entry[]; revision: number }> {
    return this.#keyspace.list(prefix);
  }

  async commit(transaction: Transaction): Promise<TransactionResult> {
    assertSound(transaction);
    if (this.#closed) throw new StoreFailed('the store is closed');
    const revision = this.#keyspace.revision + 1;
    const changes = decide(transaction, revision, (key) => this.#keyspace.get(key));
    if (!changes) return { done: false };
    if (changes.length > 0) this.#keyspace.apply({ revision, changes });
    return { done: true, revision: this.#keyspace.revision };
  }

  async watch(prefix: string, from: number, listener: (changes: readonly Change[]) => void): Promise<() => void> {
    return this.#keyspace.watch(prefix, from, listener);
  }

  async close(): Promise<void> {
    this.#closed = true;
  }
}
