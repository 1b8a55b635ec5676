/** Brings a batch of the journal back into memory. */
import type { Keyspace } from '../keyspace.ts';
import type { Change } from '../store.ts';
import { parseBody, type BatchRecord } from './batch.ts';

/** A batch verifies, yet does not follow from what stands: files of different stores, or an error of ours. */
export class SequenceBroken extends Error {
  override readonly name = 'SequenceBroken';
}

/** Applies the transactions of a batch whose checksum has been verified. */
export function applyBatch(keyspace: Keyspace, body: Buffer): void {
  let changes: Change[] = [];
  const applyTransaction = () => {
    if (changes.length > 0) keyspace.apply({ revision: keyspace.revision + 1, changes });
    changes = [];
  };
  for (const record of parseBody(body)) {
    if (record.revision !== changes[0]?.revision) applyTransaction();
    changes.push(changeOf(keyspace, record));
  }
  applyTransaction();
}

function changeOf(keyspace: Keyspace, { key, revision, previous, value }: BatchRecord): Change {
  const standing = keyspace.get(key) ?? null;
  if (revision !== keyspace.revision + 1 || (standing?.revision ?? 0) !== previous) {
    throw new SequenceBroken(
      `the change of ${key} at revision ${revision} does not follow revision ${keyspace.revision}`,
    );
  }
  // A copy, or one value that stays would keep all that was read with it.
  return { key, revision, value: value && Buffer.from(value), previous: standing };
}
