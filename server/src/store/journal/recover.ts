/** Brings back the state from disk, or refuses; then makes sure that what was read is on disk before anyone builds on it. */
import { join } from 'node:path';
import type { Clock } from '@naru/api/clock';
import type { HistoryLimits } from '../history.ts';
import type { Keyspace } from '../keyspace.ts';
import { applyBatch } from './apply-batch.ts';
import { writeFully } from './file-layer.ts';
import { JournalFile, journalNameOf } from './journal-file.ts';
import { MANIFEST, readManifest, writeManifest, type Generation, type Manifest } from './manifest.ts';
import { placeFile } from './place-file.ts';
import { keyspaceOf, readBase, type Base, type Disk } from './read-base.ts';
import { replayFile } from './replay-file.ts';
import { StoreDamaged } from './store-damaged.ts';
import type { StoreLog } from './store-log.ts';
import { BROKEN, freeJournalNumber, isStoreFile, sweep } from './sweep.ts';

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

/** Throws StoreDamaged rather than come back with less than was acknowledged. */
export async function recover(options: RecoverOptions): Promise<Recovered> {
  const { files, directory } = options;
  const names = await files.list(directory);
  const manifest = (await readManifest(files, directory)) ?? (await begin(options, names));
  const base = await readBase(options, manifest, names);
  const keyspace = keyspaceOf(base.snapshot, options);
  const journalName = journalNameOf(freeJournalNumber(names));
  const { journal, olderJournalBytes } = await replay(options, { base, keyspace, journalName, manifest });
  const current = { snapshot: base.name, journals: [...base.journals.slice(0, -1), journalName] };
  const next = { revision: keyspace.revision, current, previous: base.isFallback ? null : manifest.previous };
  await files.syncDirectory(directory);
  await writeManifest(files, directory, next);
  await sweep(files, directory, next);
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
    const { end, offset, torn } = await replayFile(options, { name, start: point }, (body) =>
      applyBatch(keyspace, body),
    );
    if (torn.length > 0)
      throw new StoreDamaged({ file: name, offset, why: 'a batch is damaged, and another file follows' });
    point = end;
    olderJournalBytes += offset;
  }
  const journal = await JournalFile.create(options.files, options.directory, journalName, point);
  try {
    await copyLast(options, { from: base.journals.at(-1), to: journal, keyspace });
    assertReached(keyspace, manifest, base.journals.at(-1) ?? base.name ?? MANIFEST);
    return { journal, olderJournalBytes };
  } catch (error) {
    await journal.close();
    await options.files.remove(join(options.directory, journalName)).catch(() => {}); // The next start removes it.
    throw error;
  }
}

async function copyLast(
  options: RecoverOptions,
  { from, to, keyspace }: { from: string | undefined; to: JournalFile; keyspace: Keyspace },
): Promise<void> {
  const copier = to.copier();
  if (from !== undefined) {
    const start = { sequence: to.sequence, chain: to.chain };
    const { offset, torn } = await replayFile(options, { name: from, start }, (body, records) => {
      applyBatch(keyspace, body);
      return copier.add(body, records);
    });
    if (torn.length > 0) await keepTorn(options, from, { offset, torn });
  }
  await copier.finish();
}

/** Whole batches may be missing from the end without a trace in the file; the manifest knows a revision that was durable. */
function assertReached({ revision }: Keyspace, manifest: Manifest, file: string): void {
  if (revision >= manifest.revision) return;
  throw new StoreDamaged({ file, why: `it ends at revision ${revision}, though ${manifest.revision} was on disk` });
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
