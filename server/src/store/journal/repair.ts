/** Makes a damaged store usable again with what can still be read, and says what cannot. For people to run, never by itself. */
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { systemClock, type Clock } from '@naru/api/clock';
import type { Keyspace } from '../keyspace.ts';
import { applyBatch, SequenceBroken } from './apply-batch.ts';
import { parseHeader, seal, type BatchHeader } from './batch.ts';
import { readWhole, writeFully, type FileLayer } from './file-layer.ts';
import { filesOf, MANIFEST, readManifest, writeManifest, type Manifest } from './manifest.ts';
import { nodeFileLayer } from './node-file-layer.ts';
import { placeFile } from './place-file.ts';
import { emptySnapshot, keyspaceOf, readSnapshot, type Disk } from './read-base.ts';
import { recover } from './recover.ts';
import { SnapshotFile, snapshotNameOf } from './snapshot-file.ts';
import type { Snapshot } from './snapshot-lines.ts';
import { isStoreDamaged, type StoreDamaged } from './store-damaged.ts';
import { silent } from './store-log.ts';
import { isStoreFile, sweep } from './sweep.ts';

export interface Loss {
  /** The damage that made it necessary. */
  readonly damage: string;
  /** Everything up to here is there. */
  readonly kept: number;
  /** The revisions that are gone, as far as can be told. */
  readonly first: number;
  readonly last: number;
  /** The files as they were found, within the store's directory. */
  readonly copies: readonly string[];
}

interface Options {
  readonly directory: string;
  /** That the caller has been told that what cannot be read is gone for good. */
  readonly acceptDataLoss: true;
  readonly files?: FileLayer;
  readonly clock?: Clock;
}

/** Nobody holds a resourceVersion this far ahead, so all who watched are told to list again. */
export const REVISION_GAP = 1_000_000;
const DAMAGED = '.damaged';
const NEWLINE = 10;

/** Answers what was lost; undefined when the store is sound. Throws StoreDamaged when nothing at all can be read. */
export async function repairStore({
  directory,
  files = nodeFileLayer,
  clock = systemClock,
}: Options): Promise<Loss | undefined> {
  const release = await files.claim(directory);
  try {
    const { journal } = await recover({ files, directory, clock, limits: {}, log: silent });
    await journal.close();
    return undefined;
  } catch (error) {
    if (!isStoreDamaged(error)) throw error;
    return await rebuild({ files, directory }, { clock, damage: error });
  } finally {
    await release();
  }
}

async function rebuild(disk: Disk, { clock, damage }: { clock: Clock; damage: StoreDamaged }): Promise<Loss> {
  const { files, directory } = disk;
  const manifest = await readableManifest(disk);
  const present = (await files.list(directory)).filter(isStoreFile);
  const names = manifest ? filesOf(manifest).filter((name) => present.includes(name)) : present;
  const best = await longestChain(disk, names, clock);
  if (!best) throw damage;
  const kept = best.keyspace.revision;
  const last = Math.max(kept, best.lastSeen.revision, manifest?.revision ?? 0);
  const copies = await keepCopies(disk, names);
  const revision = last + REVISION_GAP;
  // No journal that exists goes on from here, should this be interrupted and begun again.
  const next = { sequence: best.lastSeen.sequence + 1, chain: crc32(String(revision)) };
  const snapshot = { ...best.keyspace.view(), revision, oldest: revision, history: [], next };
  await new SnapshotFile(files, directory, snapshotNameOf(revision)).write(snapshot);
  const current = { snapshot: snapshotNameOf(revision), journals: [] };
  await writeManifest(files, directory, { revision, current, previous: null });
  await sweep(files, directory, { revision, current, previous: null });
  return { damage: damage.message, kept, first: kept + 1, last, copies };
}

interface Chain {
  readonly keyspace: Keyspace;
  /** The highest that show in any batch, those that could not be used included. */
  readonly lastSeen: { readonly revision: number; readonly sequence: number };
}

/** Of all snapshots that verify, and the empty store, the one from which the journals lead furthest. */
async function longestChain(disk: Disk, names: readonly string[], clock: Clock): Promise<Chain | undefined> {
  const journals = names.filter((name) => name.startsWith('journal-')).sort(byNumber);
  let best: Chain | undefined;
  for (const snapshot of await soundSnapshots(disk, names)) {
    const chain = await follow(disk, snapshot, journals, clock);
    if (chain.keyspace.revision > (best?.keyspace.revision ?? emptySnapshot.revision)) best = chain;
  }
  return best;
}

const byNumber = (a: string, b: string) => Number(/\d+/.exec(a)?.[0]) - Number(/\d+/.exec(b)?.[0]);

async function soundSnapshots(disk: Disk, names: readonly string[]): Promise<Snapshot[]> {
  const sound: Snapshot[] = [];
  for (const name of names
    .filter((name) => name.startsWith('snap-'))
    .sort(byNumber)
    .reverse()) {
    try {
      sound.push((await readSnapshot(disk, name)).snapshot);
    } catch (error) {
      if (!isStoreDamaged(error)) throw error;
    }
  }
  return [...sound, emptySnapshot];
}

/** Applies every batch that is next in the chain, in whatever file it stands; headers of files are not needed for that. */
async function follow(
  { files, directory }: Disk,
  snapshot: Snapshot,
  journals: string[],
  clock: Clock,
): Promise<Chain> {
  const keyspace = keyspaceOf(snapshot, { clock, limits: { maximumChanges: 0 } });
  let point = snapshot.next;
  let lastSeen = { revision: 0, sequence: 0 };
  for (const name of journals) {
    for (const { header, body } of batchesIn(await readWhole(files, join(directory, name)))) {
      const { salt, records, sequence } = header;
      if (sequence >= point.sequence) lastSeen = furthest(lastSeen, { sequence, revision: lastRevisionIn(body) });
      if (sequence !== point.sequence || seal({ salt, records, ...point }, body).crc !== header.crc) continue;
      if (!follows(keyspace, body)) return { keyspace, lastSeen };
      point = { sequence: sequence + 1, chain: header.crc };
    }
  }
  return { keyspace, lastSeen };
}

/** Applies the batch. False when the journal does not go on from this state: it is that of another snapshot. */
function follows(keyspace: Keyspace, body: Buffer): boolean {
  try {
    applyBatch(keyspace, body);
    return true;
  } catch (error) {
    if (error instanceof SequenceBroken) return false;
    throw error;
  }
}

function* batchesIn(bytes: Buffer): Generator<{ header: BatchHeader; body: Buffer }> {
  for (let start = 0; start < bytes.length;) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline < 0 ? bytes.length : newline;
    const header = parseHeader(bytes, start);
    if (header) yield { header, body: bytes.subarray(start + header.length, end) };
    start = end + 1;
  }
}

/** By eye, for the batch may be damaged; 0 when none shows. */
function lastRevisionIn(body: Buffer): number {
  const matches = body.toString('latin1').matchAll(/\{"revision":(\d{1,15}),"previous":/g);
  return Math.max(0, ...[...matches].map(([, revision]) => Number(revision)));
}

const furthest = (a: Chain['lastSeen'], b: Chain['lastSeen']) => ({
  revision: Math.max(a.revision, b.revision),
  sequence: Math.max(a.sequence, b.sequence),
});

async function readableManifest({ files, directory }: Disk): Promise<Manifest | undefined> {
  try {
    return await readManifest(files, directory);
  } catch (error) {
    if (isStoreDamaged(error)) return undefined;
    throw error;
  }
}

async function keepCopies({ files, directory }: Disk, names: readonly string[]): Promise<string[]> {
  const present = await files.list(directory);
  const copies: string[] = [];
  for (const name of [...(present.includes(MANIFEST) ? [MANIFEST] : []), ...names]) {
    const copy = freeName(name + DAMAGED, present);
    const bytes = await readWhole(files, join(directory, name));
    await placeFile(files, { directory, name: copy }, async (file) => {
      await writeFully(file, bytes, 0);
      await file.sync();
    });
    copies.push(copy);
  }
  return copies;
}

function freeName(wanted: string, taken: readonly string[]): string {
  let name = wanted;
  for (let number = 2; taken.includes(name); number += 1) name = `${wanted}-${number}`;
  return name;
}
