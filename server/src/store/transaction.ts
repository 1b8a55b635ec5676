/** What a transaction comes to, decided against the entries that stand, without touching them. */
import type { Change, Entry, Transaction } from './store.ts';

const NEWLINE = 10;

/** Throws TypeError for a transaction no store can carry out: it is the caller's mistake, not a state of the data. */
export function assertSound({ writes }: Transaction): void {
  if (writes.length > 1 && new Set(writes.map(({ key }) => key)).size < writes.length) {
    throw new TypeError('a transaction writes one key twice');
  }
  for (const { key, value } of writes) {
    if (!key.startsWith('/')) throw new TypeError(`a key starts with '/': ${JSON.stringify(key)}`);
    if (value?.length === 0) throw new TypeError(`the value of ${key} is empty`);
    // Journal and snapshot keep one value within one line.
    if (value?.includes(NEWLINE)) throw new TypeError(`the value of ${key} contains a newline`);
  }
}

/**
 * The changes that `transaction` makes at `revision`; undefined when an expectation does not hold.
 * Deleting what is not there changes nothing, as in etcd, so the list may be empty.
 */
export function decide(
  { expect, writes }: Transaction,
  revision: number,
  standing: (key: string) => Entry | undefined,
): Change[] | undefined {
  if (expect.some((expected) => (standing(expected.key)?.revision ?? 0) !== expected.revision)) return undefined;
  const changes: Change[] = [];
  for (const { key, value } of writes) {
    const previous = standing(key) ?? null;
    if (value || previous) changes.push({ key, value, previous, revision });
  }
  return changes;
}
