/** Removes what the store's files left behind: superseded ones, and what a crash interrupted. */
import { join } from 'node:path';
import type { FileLayer } from './file-layer.ts';
import { filesOf, type Manifest } from './manifest.ts';
import { isTemporary } from './place-file.ts';

/** Suffix of what was set aside because it could not be used. */
export const BROKEN = '.broken';
/** Every kill can tear the end of a journal, so pieces add up. */
const TORN_PIECES_KEPT = 8;

const numberIn = (name: string) => Number(/\d+/.exec(name)?.[0]);

/** Snapshots and journals, by name. */
export const isStoreFile = (name: string): boolean => /^(?:snap-\d{1,16}\.json|journal-\d{1,16}\.log)$/.test(name);
const isTornPiece = (name: string) => /^journal-\d{1,16}\.log\.broken$/.test(name);

/** Call it only when `manifest` is known to be on disk. What cannot be removed now is removed another time. */
export async function sweep(files: FileLayer, directory: string, manifest: Manifest): Promise<void> {
  const named = new Set(filesOf(manifest));
  const names = await files.list(directory);
  const torn = names.filter(isTornPiece).sort((a, b) => numberIn(a) - numberIn(b));
  const superseded = names.filter((name) => isTemporary(name) || (isStoreFile(name) && !named.has(name)));
  for (const name of [...superseded, ...torn.slice(0, -TORN_PIECES_KEPT)]) {
    await files.remove(join(directory, name)).catch(() => {});
  }
}

/** A number for a journal file that no file here has, or had set aside. */
export const freeJournalNumber = (names: readonly string[]): number =>
  1 + Math.max(0, ...names.filter((name) => name.startsWith('journal-')).map((name) => numberIn(name) || 0));
