/** MANIFEST: which files make up the store. What it does not name is not part of it. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { isMissing, readWhole, writeFully, type FileLayer } from './file-layer.ts';
import { placeFile } from './place-file.ts';
import { StoreDamaged } from './store-damaged.ts';

/** A state, and the changes since, in order. */
export interface Generation {
  /** Null: the empty store at revision 1, before the first snapshot. */
  readonly snapshot: string | null;
  readonly journals: readonly string[];
}

export interface Manifest {
  /** A revision that was durable when this was written: what is read back reaches at least as far. */
  readonly revision: number;
  /** What the store is read from. */
  readonly current: Generation;
  /** One snapshot further back; its journals lead up to the current one. */
  readonly previous: Generation | null;
}

export const MANIFEST = 'MANIFEST';
const FORMAT = 1;

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex');

function serialize(manifest: Manifest): string {
  const text = JSON.stringify({ format: FORMAT, ...manifest });
  return `${text.slice(0, -1)},"sha256":"${hashOf(text)}"}\n`;
}

/** Undefined when there is none. Throws StoreDamaged when it cannot be what was written. */
export async function readManifest(files: FileLayer, directory: string): Promise<Manifest | undefined> {
  let text: string;
  try {
    text = (await readWhole(files, join(directory, MANIFEST))).toString();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  return parse(text);
}

function parse(text: string): Manifest {
  const [, start, hash] = /^(\{[^\n]{1,65536}),"sha256":"([0-9a-f]{64})"\}\n$/.exec(text) ?? [];
  if (!start || hashOf(`${start}}`) !== hash) throw new StoreDamaged({ file: MANIFEST, why: 'it does not verify' });
  const { format, revision, current, previous } = JSON.parse(`${start}}`) as Manifest & { format: number };
  if (format !== FORMAT) {
    throw new Error(`${MANIFEST} is of format ${format}, which is newer than this program: use the newer one`);
  }
  return { revision, current, previous };
}

export function writeManifest(files: FileLayer, directory: string, manifest: Manifest): Promise<void> {
  return placeFile(files, { directory, name: MANIFEST }, async (file) => {
    await writeFully(file, Buffer.from(serialize(manifest)), 0);
    await file.sync();
  });
}

export const filesOf = ({ current, previous }: Manifest): string[] =>
  [current, ...(previous ? [previous] : [])].flatMap(({ snapshot, journals }) =>
    snapshot === null ? [...journals] : [snapshot, ...journals],
  );
