/** `naru backup`, `restore` and `repair`: the objects of a cluster, as files. Not its certificates, nor what stands in volumes. */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { backupStore, restoreStore } from '@naru/server/store/journal/backup';
import { repairStore } from '@naru/server/store/journal/repair';
import { UsageError } from '../up/options.ts';
import type { Progress } from '../up/progress.ts';

export interface StoreCommand {
  dataDirectory: string;
  progress: Progress;
}

/** Naru may run meanwhile. The file is readable for its owner alone: it holds the Secrets too. */
export async function backup({ dataDirectory, progress }: StoreCommand, file: string | undefined): Promise<void> {
  if (!file) throw new UsageError('say where to: naru backup FILE');
  const { revision, entries } = await backupStore({ directory: storeOf(dataDirectory), file: resolve(file) });
  progress.say(`${file} holds ${entries} objects, as they were at revision ${revision}`);
}

/** What stood there goes. Throws when Naru runs on the directory, or the backup does not verify. */
export async function restore({ dataDirectory, progress }: StoreCommand, file: string | undefined): Promise<void> {
  if (!file) throw new UsageError('say where from: naru restore FILE');
  if (!existsSync(file)) throw new UsageError(`there is no ${file}`);
  const directory = storeOf(dataDirectory);
  const { revision } = await told(restoreStore({ directory, file: resolve(file), replace: true }));
  progress.say(`${dataDirectory} is as it was when ${file} was made; it goes on at revision ${revision}`);
}

export async function repair(
  { dataDirectory, progress }: StoreCommand,
  { acceptDataLoss }: { acceptDataLoss: boolean },
): Promise<void> {
  if (!acceptDataLoss)
    throw new UsageError(
      'repair keeps what can be read and gives up the rest for good; if a backup is no better, say --accept-data-loss',
    );
  const loss = await told(repairStore({ directory: storeOf(dataDirectory), acceptDataLoss }));
  if (!loss) return progress.say('the store is sound: nothing was changed');
  progress.say(
    [
      loss.damage,
      `Kept: everything up to revision ${loss.kept}. Lost: what was written after it, up to revision ${loss.last}.`,
      `The files as they were found: ${loss.copies.join(', ')}`,
    ].join('\n'),
  );
}

function storeOf(dataDirectory: string): string {
  const directory = join(dataDirectory, 'store');
  if (!existsSync(directory)) throw new UsageError(`${dataDirectory} holds no store`);
  return directory;
}

// A store that is held or damaged is told in one line: nobody's program is at fault.
async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
