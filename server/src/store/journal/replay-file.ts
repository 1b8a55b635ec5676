/** Opens a file of the journal and replays it. */
import { join } from 'node:path';
import { SequenceBroken } from './apply-batch.ts';
import type { ChainPoint } from './journal-file.ts';
import type { Disk } from './read-base.ts';
import { replayJournal, type Replay } from './replay-journal.ts';
import { StoreDamaged } from './store-damaged.ts';

/** Throws StoreDamaged, too, when a batch verifies but does not follow from what stands. */
export async function replayFile(
  { files, directory }: Disk,
  { name, start }: { name: string; start: ChainPoint },
  onBatch: (body: Buffer, records: number) => void | Promise<void>,
): Promise<Replay> {
  const file = await files.open(join(directory, name));
  try {
    return await replayJournal({ name, file, start }, async (body, records, offset) => {
      try {
        await onBatch(body, records);
      } catch (error) {
        if (!(error instanceof SequenceBroken)) throw error;
        throw new StoreDamaged({ file: name, offset, why: error.message });
      }
    });
  } finally {
    await file.close();
  }
}
