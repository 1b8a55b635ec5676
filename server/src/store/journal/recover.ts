/** Brings back the state from disk, or refuses; then makes sure that what was read is on disk before anyone builds on it. */
import { join } from 'node:path';
import { Low } from 'lowdb';
import type { Clock } from '@naru/api/clock';
import type { HistoryLimits } from '../history.ts';
import { Keyspace } from '../keyspace.ts';
import type { Change } from '../store.ts';
import { parseBody, type BatchRecord } from './batch.ts';
import type { FileLayer } from './file-layer.ts';
import { writeFully } from './file-layer.ts';
import { JournalFile, journalNameOf, startOfChain, type ChainPoint } from './journal-file.ts';
import { filesOf, MANIFEST, readManifest, writeManifest, type Generation, type Manifest } from './manifest.ts';
import { placeFile } from './place-file.ts';
import { replayJournal, type Replay } from './replay-journal.ts';
import { SnapshotFile } from './snapshot-file.ts';
import type { Snapshot } from './snapshot-lines.ts';
import { isStoreDamaged, StoreDamaged } from './store-damaged.ts';
import type { StoreLog } from './store-log.ts';
import { BROKEN, freeJournalNumber, isStoreFile, sweep } from './sweep.ts';

export interface Disk {
  readonly files: FileLayer;
  readonly directory: string;
}

export interface RecoverOptions extends Disk {
  readonly clock: Clock;
  readonly limits: Partial<HistoryLimits>;
  readonly log: StoreLog;
}

export interface Recovered {
  readonly keyspace: Keyspace;
  readonly manifest: Manifest;
  /** The last one, to be appended to. */
  readonly journal: JournalFile;
  /** Bytes that a start reads besides `journal`: the journals before it, and the snapshot. */
  readonly olderJournalBytes: number;
  readonly snapshotBytes: number;
}

const emptySnapshot: Snapshot = { revision: 1, oldest: 1, next: startOfChain, entries: [], history: [] };

/** Throws StoreDamaged rather than come back with less than was acknowledged. */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const names = await options.files.list(options.directory);
  const manifest = (await readManifest(options.files, options.directory)) ?? (await begin(options, names));
  const base = await readBase(options, manifest, names);
  const keyspace = keyspaceOf(base.snapshot, options);
  const journalName = journalNameOf(freeJournalNumber(names));
  const { journal, olderJournalBytes } = await replay(options, { base, keyspace, journalName, manifest });
  const current = { snapshot: base.name, journals: [...base.journals.slice(0, -1), journalName] };
  const next = { revision: keyspace.revision, current, previous: base.isFallback ? null : manifest.previous };
  await options.files.syncDirectory(options.directory);
  await writeManifest(options.files, options.directory, next);
  await sweep(options.files, options.directory, next);
  return { keyspace, manifest: next, journal, olderJournalBytes, snapshotBytes: base.bytes };
}

/** The first start. The manifest comes before any other file, so that files without one always mean damage. */
async function begin({ files, directory }: Disk, names: readonly string[]): Promise<Manifest> {
  const orphan = names.find(isStoreFile);
  if (orphan) throw new StoreDamaged({ file: MANIFEST, why: `it is missing, though ${orphan} is there` });
  const current: Generation = { snapshot: null, journals: [] };
  const manifest = { revision: 1, current, previous: null };
  await writeManifest(files, directory, manifest);
  return manifest;
}

interface Base {
  readonly snapshot: Snapshot;
  /** Of the file; null for the empty store. */
  readonly name: string | null;
  readonly bytes: number;
  readonly journals: readonly string[];
  readonly isFallback: boolean;
}

/** The current snapshot; if it is damaged, the one before, from which more of the journal leads to the same state. */
async function readBase(options: RecoverOptions, manifest: Manifest, names: readonly string[]): Promise<Base> {
  const { current, previous } = manifest;
  const isSetAside = current.snapshot !== null && names.includes(current.snapshot + BROKEN);
  assertPresent([...(isSetAside ? [] : [current.snapshot]), ...current.journals], names);
  try {
    const why = 'it was damaged, and has been set aside';
    if (isSetAside && !names.includes(String(current.snapshot)))
      throw new StoreDamaged({ file: String(current.snapshot), why });
    return { ...(await readSnapshot(options, current.snapshot)), journals: current.journals, isFallback: false };
  } catch (error) {
    if (!isStoreDamaged(error) || !previous) throw error;
    assertPresent(filesOf({ ...manifest, current: previous, previous: null }), names);
    const journals = [...previous.journals, ...current.journals];
    const base = { ...(await readSnapshot(options, previous.snapshot)), journals, isFallback: true };
    options.log.error({ file: error.file, reason: error.message }, 'snapshot is damaged, going back to the one before');
    await setAside(options, error.file, names);
    return base;
  }
}

function assertPresent(needed: readonly (string | null)[], names: readonly string[]): void {
  const missing = needed.find((name) => name !== null && !names.includes(name));
  if (missing) throw new StoreDamaged({ file: missing, why: 'it is missing' });
}

async function setAside({ files, directory }: Disk, name: string, names: readonly string[]): Promise<void> {
  if (!names.includes(name)) return;
  await files.rename(join(directory, name), join(directory, name + BROKEN));
  await files.syncDirectory(directory);
}

async function readSnapshot({ files, directory }: Disk, name: string | null) {
  if (name === null) return { snapshot: emptySnapshot, name, bytes: 0 };
  const file = new SnapshotFile(files, directory, name);
  const database = new Low<Snapshot>(file, emptySnapshot);
  await database.read();
  return { snapshot: database.data, name, bytes: file.bytes };
}

function keyspaceOf({ revision, oldest, entries, history }: Snapshot, { clock, limits }: RecoverOptions): Keyspace {
  const keyspace = new Keyspace({ clock, limits, revision, oldest });
  for (const entry of entries) keyspace.restore(entry);
  for (const step of history) keyspace.recall(step);
  return keyspace;
}

interface Replaying {
  readonly base: Base;
  readonly keyspace: Keyspace;
  readonly journalName: string;
  readonly manifest: Manifest;
}

/**
 * Only the last journal can hold bytes that a failed sync kept in memory and never brought to disk: the ones before were
 * left after their last sync had succeeded, and so was the snapshot. So the last one is copied to a new file, and the rest stands.
 */
async function replay(
  options: RecoverOptions,
  { base, keyspace, journalName, manifest }: Replaying,
): Promise<Pick<Recovered, 'journal' | 'olderJournalBytes'>> {
  let point = base.snapshot.next;
  let olderJournalBytes = 0;
  for (const name of base.journals.slice(0, -1)) {
    const { end, offset, torn } = await replayFile(options, name, point, (body) => apply(keyspace, body));
    if (torn.length > 0)
      throw new StoreDamaged({ file: name, offset, why: 'a batch is damaged, and another file follows' });
    point = end;
    olderJournalBytes += offset;
  }
  const journal = await JournalFile.create(options.files, options.directory, journalName, point);
  try {
    await copyLast(options, { from: base.journals.at(-1), to: journal, keyspace, manifest });
    return { journal, olderJournalBytes };
  } catch (error) {
    await journal.close();
    await options.files.remove(join(options.directory, journalName)).catch(() => {});
    throw error;
  }
}

async function copyLast(
  options: RecoverOptions,
  {
    from,
    to,
    keyspace,
    manifest,
  }: { from: string | undefined; to: JournalFile; keyspace: Keyspace; manifest: Manifest },
): Promise<void> {
  const copier = to.copier();
  if (from !== undefined) {
    const { sequence, chain } = to;
    const { offset, torn } = await replayFile(options, from, { sequence, chain }, (body, records) => {
      apply(keyspace, body);
      return copier.add(body, records);
    });
    assertReached(keyspace, manifest, { file: from, offset });
    if (torn.length > 0) await keepTorn(options, from, { offset, torn });
  }
  await copier.finish();
}

async function replayFile(
  { files, directory }: Disk,
  name: string,
  start: ChainPoint,
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

/** A batch verifies, yet does not follow from what stands: files of different stores, or an error of ours. */
class SequenceBroken extends Error {}

function apply(keyspace: Keyspace, body: Buffer): void {
  let changes: Change[] = [];
  const flush = () => {
    if (changes.length > 0) keyspace.apply({ revision: keyspace.revision + 1, changes });
    changes = [];
  };
  for (const record of parseBody(body)) {
    if (record.revision !== changes[0]?.revision) flush();
    changes.push(changeOf(keyspace, record));
  }
  flush();
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

/** Whole batches may be missing from the end without a trace in the file; the manifest knows a revision that was durable. */
function assertReached({ revision }: Keyspace, manifest: Manifest, at: { file: string; offset: number }): void {
  if (revision >= manifest.revision) return;
  throw new StoreDamaged({ ...at, why: `it ends at revision ${revision}, though ${manifest.revision} was on disk` });
}

async function keepTorn(
  { files, directory, log }: RecoverOptions,
  name: string,
  { offset, torn }: { offset: number; torn: Buffer },
): Promise<void> {
  log.warn(
    { file: name, offset, bytes: torn.length },
    'cut off a write that was interrupted before it was acknowledged',
  );
  await placeFile(files, { directory, name: name + BROKEN }, async (file) => {
    await writeFully(file, torn, 0);
    await file.sync();
  });
}
