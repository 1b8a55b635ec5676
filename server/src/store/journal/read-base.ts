/** Finds the snapshot that recovery starts from, and the journals that lead on from it. */
import { join } from 'node:path';
import { Low } from 'lowdb';
import type { Clock } from '@naru/api/clock';
import type { HistoryLimits } from '../history.ts';
import { Keyspace } from '../keyspace.ts';
import type { FileLayer } from './file-layer.ts';
import { startOfChain } from './journal-file.ts';
import { filesOf, type Manifest } from './manifest.ts';
import { SnapshotFile } from './snapshot-file.ts';
import type { Snapshot } from './snapshot-lines.ts';
import { isStoreDamaged, StoreDamaged } from './store-damaged.ts';
import type { StoreLog } from './store-log.ts';
import { BROKEN } from './sweep.ts';

/** A store's directory, and the operations to reach it. */
export interface Disk {
  readonly files: FileLayer;
  readonly directory: string;
}

export interface Base {
  readonly snapshot: Snapshot;
  /** Of the file; null for the empty store. */
  readonly name: string | null;
  readonly bytes: number;
  readonly journals: readonly string[];
  /** It is not the snapshot that the manifest names first. */
  readonly isFallback: boolean;
}

export const emptySnapshot: Snapshot = { revision: 1, oldest: 1, next: startOfChain, entries: [], history: [] };

/**
 * The current snapshot; if it is damaged, the one before, from which more of the journal leads to the same state.
 * Throws StoreDamaged when neither can be used. `names` are the files in the directory.
 */
export async function readBase(
  disk: Disk & { readonly log: StoreLog },
  manifest: Manifest,
  names: readonly string[],
): Promise<Base> {
  const { current, previous } = manifest;
  try {
    return { ...(await readCurrent(disk, manifest, names)), journals: current.journals, isFallback: false };
  } catch (error) {
    if (!isStoreDamaged(error) || error.file !== current.snapshot || !previous) throw error;
    if (!names.includes(current.snapshot) && !isSetAside(current.snapshot, names)) throw error;
    assertPresent(filesOf({ ...manifest, current: previous, previous: null }), names);
    const base = await readSnapshot(disk, previous.snapshot);
    disk.log.error({ file: error.file, reason: error.message }, 'snapshot is damaged: going back to the one before');
    await setAside(disk, current.snapshot, names);
    return { ...base, journals: [...previous.journals, ...current.journals], isFallback: true };
  }
}

/** `name` null: the empty store. Throws StoreDamaged when the file is not what was written. */
export async function readSnapshot({ files, directory }: Disk, name: string | null) {
  if (name === null) return { snapshot: emptySnapshot, name, bytes: 0 };
  const file = new SnapshotFile(files, directory, name);
  const database = new Low<Snapshot>(file, emptySnapshot);
  await database.read();
  return { snapshot: database.data, name, bytes: file.bytes };
}

/** The state of a snapshot in memory, with the history it carries. */
export function keyspaceOf(
  { revision, oldest, entries, history }: Snapshot,
  { clock, limits }: { clock: Clock; limits: Partial<HistoryLimits> },
): Keyspace {
  const keyspace = new Keyspace({ clock, limits, revision, oldest });
  for (const entry of entries) keyspace.restore(entry);
  for (const step of history) keyspace.recall(step);
  return keyspace;
}

async function readCurrent(disk: Disk, { current }: Manifest, names: readonly string[]) {
  assertPresent(current.journals, names);
  if (current.snapshot !== null) assertPresent([current.snapshot], names);
  return readSnapshot(disk, current.snapshot);
}

function assertPresent(needed: readonly string[], names: readonly string[]): void {
  const missing = needed.find((name) => !names.includes(name));
  if (missing !== undefined) throw new StoreDamaged({ file: missing, why: 'it is missing' });
}

/** A start that was interrupted after it had set the damaged file aside finds it like this. */
const isSetAside = (name: string, names: readonly string[]) => names.includes(name + BROKEN);

async function setAside({ files, directory }: Disk, name: string, names: readonly string[]): Promise<void> {
  if (!names.includes(name)) return;
  await files.rename(join(directory, name), join(directory, name + BROKEN));
  await files.syncDirectory(directory);
}
