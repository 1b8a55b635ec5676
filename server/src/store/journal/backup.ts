/** The whole store in one file, and back: a snapshot that stands by itself. */
import { basename, dirname } from 'node:path';
import { systemClock, type Clock } from '@naru/api/clock';
import { applyBatch } from './apply-batch.ts';
import { isMissing, type FileLayer } from './file-layer.ts';
import { startOfChain } from './journal-file.ts';
import { MANIFEST, readManifest, writeManifest, type Manifest } from './manifest.ts';
import { nodeFileLayer } from './node-file-layer.ts';
import { keyspaceOf, readSnapshot, type Disk } from './read-base.ts';
import { REVISION_GAP } from './repair.ts';
import { replayFile } from './replay-file.ts';
import { SnapshotFile, snapshotNameOf } from './snapshot-file.ts';
import { StoreDamaged } from './store-damaged.ts';
import { sweep } from './sweep.ts';

export interface BackupOptions {
  /** The store's directory. */
  readonly directory: string;
  /** The backup's path. It holds all that the store holds, so it is private to its owner. */
  readonly file: string;
  readonly files?: FileLayer;
  readonly clock?: Clock;
}

/** A checkpoint may remove files while they are read; the next try finds the new ones. */
const TRIES = 5;

/** Writes the state at one revision, which it answers. The store may be in use. */
export async function backupStore({
  directory,
  file,
  files = nodeFileLayer,
  clock = systemClock,
}: BackupOptions): Promise<{ revision: number; entries: number }> {
  const keyspace = await readState({ files, directory }, clock);
  const { revision, entries } = keyspace.view();
  const snapshot = { revision, oldest: revision, next: startOfChain, entries, history: [] };
  await new SnapshotFile(files, dirname(file), basename(file)).write(snapshot);
  return { revision, entries: entries.size };
}

async function readState(disk: Disk, clock: Clock) {
  for (let tries = 1; ; tries += 1) {
    const manifest = await readManifest(disk.files, disk.directory);
    if (!manifest) throw new StoreDamaged({ file: MANIFEST, why: 'it is missing' });
    try {
      return await readOnce(disk, manifest, clock);
    } catch (error) {
      if (!isMissing(error) || tries === TRIES) throw error;
    }
  }
}

/** Ends where the last journal does: what is being written there at the moment is not part of it. */
async function readOnce(disk: Disk, { current }: Manifest, clock: Clock) {
  const { snapshot } = await readSnapshot(disk, current.snapshot);
  const keyspace = keyspaceOf(snapshot, { clock, limits: { maximumChanges: 0 } });
  let start = snapshot.next;
  for (const name of current.journals) {
    ({ end: start } = await replayFile(disk, { name, start }, (body) => applyBatch(keyspace, body)));
  }
  return keyspace;
}

export interface RestoreOptions extends BackupOptions {
  /** Whether a store that is in the directory goes; without, it is an error to find one. */
  readonly replace?: boolean;
}

/**
 * Makes the directory hold the backup's state. Revisions go on beyond any that were ever answered there or before the
 * backup, so that whoever still holds one is told to list again. Throws StoreDamaged for a backup that does not verify.
 */
export async function restoreStore({
  directory,
  file,
  replace = false,
  files = nodeFileLayer,
}: RestoreOptions): Promise<{ revision: number }> {
  const release = await files.claim(directory);
  try {
    const { snapshot } = await readSnapshot({ files, directory: dirname(file) }, basename(file));
    const standing = await readManifest(files, directory);
    if (standing && !replace) throw new Error(`there is a store in ${directory} already`);
    const revision = Math.max(snapshot.revision, await newestIn({ files, directory }, standing)) + REVISION_GAP;
    const name = snapshotNameOf(revision);
    await new SnapshotFile(files, directory, name).write({ ...snapshot, revision, oldest: revision, history: [] });
    const manifest = { revision, current: { snapshot: name, journals: [] }, previous: null };
    await writeManifest(files, directory, manifest);
    await sweep(files, directory, manifest);
    return { revision };
  } finally {
    await release();
  }
}

/** The newest revision of the store that goes; as far as it can be read, for it may be why there is something to restore. */
async function newestIn(disk: Disk, manifest: Manifest | undefined): Promise<number> {
  if (!manifest) return 0;
  try {
    return (await readOnce(disk, manifest, systemClock)).revision;
  } catch {
    return manifest.revision;
  }
}
