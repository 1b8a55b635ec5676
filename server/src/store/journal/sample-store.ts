/** For tests: stores on a disk in memory, writes to fill them with, and their state to compare. */
import { FakeClock } from '@naru/api/clock';
import type { Store, Transaction } from '../store.ts';
import type { CrashFileLayer } from './crash-file-layer.ts';
import { openJournalStore, type JournalStore, type JournalStoreOptions } from './journal-store.ts';

export const directory = '/store';

/** Opens the store on `files`; a failure of the store shows in the commits' errors. */
export const openOn = (files: CrashFileLayer, options: Partial<JournalStoreOptions> = {}): Promise<JournalStore> =>
  openJournalStore({ directory, files, clock: new FakeClock(), reserveBytes: 512, onFailed: () => {}, ...options });

/** Numbers in [0, 1) that are the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    // The mulberry32 generator.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export const put = (key: string, value: unknown): Transaction => ({
  expect: [],
  writes: [{ key, value: Buffer.from(JSON.stringify(value)) }],
});
export const remove = (key: string): Transaction => ({ expect: [], writes: [{ key, value: null }] });

/** Creates, updates, deletes and transactions of two keys, in turn. */
export function transactionOf(number: number): Transaction {
  const key = `/registry/configmaps/ns/c${number % 7}`;
  if (number % 5 === 4) return remove(key);
  const value = { number, text: 'naru 나루 '.repeat(number % 13) };
  const { writes } = put(key, value);
  return number % 6 === 3
    ? { expect: [], writes: [...writes, ...put('/registry/leases/l', value).writes] }
    : put(key, value);
}

/** Commits `count` transactions one after the other; answers the state after each, by revision. */
export async function fill(store: Store, count: number, first = 0): Promise<Map<number, string>> {
  const states = new Map([[store.revision(), await stateOf(store)]]);
  for (let number = first; number < first + count; number += 1) {
    await store.commit(transactionOf(number));
    states.set(store.revision(), await stateOf(store));
  }
  return states;
}

/** All that a store shows, as text. */
export async function stateOf(store: Store): Promise<string> {
  const { entries, revision } = await store.list('/');
  return [`at ${revision}`, ...entries.map(({ key, value, revision }) => `${key}@${revision} ${value}`)].join('\n');
}
