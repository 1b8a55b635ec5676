/** Snapshots through lowdb: an adapter that is durable, private, streamed, and never takes a missing file for an empty one. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate as letOthersRun } from 'node:timers/promises';
import type { Adapter } from 'lowdb';
import { readFully, writeFully, type FileLayer, type OpenFile } from './file-layer.ts';
import { placeFile } from './place-file.ts';
import { linesOf, SnapshotParser, type Line, type Snapshot } from './snapshot-lines.ts';
import { StoreDamaged } from './store-damaged.ts';

/** Small enough that one chunk is hashed and copied well within 5 ms, and that a value that stays keeps little else alive. */
const CHUNK_BYTES = 256 * 1024;
/** A flush of everything at the end would hold up the journal's syncs. */
const SYNC_BYTES = 8 * 1024 * 1024;
/** Lines without bytes of their own count too. */
const SLICE_LINES = 2_000;
const NEWLINE = 10;

interface Trailer {
  /** Lines before the trailer. */
  readonly count: number;
  readonly revision: number;
  /** Of all bytes before the trailer. */
  readonly sha256: string;
}

export const snapshotNameOf = (revision: number): string => `snap-${revision}.json`;

export class SnapshotFile implements Adapter<Snapshot> {
  readonly #files: FileLayer;
  readonly #directory: string;
  readonly #name: string;
  #bytes = 0;

  constructor(files: FileLayer, directory: string, name: string) {
    this.#files = files;
    this.#directory = directory;
    this.#name = name;
  }

  /** The file's size, once it has been read or written. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Throws StoreDamaged when the file is not what was written, and what the disk says when it is not there. */
  async read(): Promise<Snapshot> {
    const file = await this.#files.open(join(this.#directory, this.#name));
    try {
      this.#bytes = await file.size();
      return await readLines(file);
    } catch (error) {
      if (!(error instanceof Error) || 'code' in error) throw error;
      throw new StoreDamaged({ file: this.#name, why: error.message });
    } finally {
      await file.close();
    }
  }

  /** Takes its time: other work runs every few milliseconds. */
  write(snapshot: Snapshot): Promise<void> {
    const place = { directory: this.#directory, name: this.#name };
    return placeFile(this.#files, place, async (file) => {
      const writer = new LineWriter(file);
      for (const line of linesOf(snapshot)) await writer.add(line);
      this.#bytes = await writer.finish(snapshot.revision);
    });
  }
}

class LineWriter {
  readonly #file: OpenFile;
  readonly #hash = createHash('sha256');
  readonly #chunk = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #used = 0;
  #position = 0;
  #synced = 0;
  #count = 0;
  #slice = 0;

  constructor(file: OpenFile) {
    this.#file = file;
  }

  add(line: Line | undefined): Promise<void> | undefined {
    this.#slice += 1;
    if (line) {
      this.#count += 1;
      const { head, value } = line;
      const room = head.length * 3 + (value?.length ?? 0) + 16;
      if (this.#used + room > CHUNK_BYTES) return this.#flush().then(() => this.#lay(line, room));
      this.#copy(this.#chunk, line);
    }
    return this.#slice > SLICE_LINES ? this.#flush() : undefined;
  }

  /** Answers the size of the file, which is on disk then. */
  async finish(revision: number): Promise<number> {
    await this.#flush();
    const trailer: Trailer = { count: this.#count, revision, sha256: this.#hash.digest('hex') };
    const bytes = Buffer.from(`${JSON.stringify({ trailer })}\n`);
    await writeFully(this.#file, bytes, this.#position);
    await this.#file.sync();
    return this.#position + bytes.length;
  }

  /** Into the emptied chunk, or by itself when it is larger than one. */
  #lay(line: Line, room: number): Promise<void> | undefined {
    if (room <= CHUNK_BYTES) return void this.#copy(this.#chunk, line);
    const bytes = Buffer.allocUnsafeSlow(room);
    const end = this.#copy(bytes, line);
    this.#used = 0;
    return this.#write(bytes.subarray(0, end));
  }

  #copy(into: Buffer, { head, value }: Line): number {
    let at = this.#used;
    at += into.write(head, at, 'utf8');
    if (value) {
      at += into.write(',"value":', at, 'latin1');
      at += value.copy(into, at);
      at += into.write('}', at, 'latin1');
    }
    at += into.write('\n', at, 'latin1');
    this.#used = at;
    return at;
  }

  async #flush(): Promise<void> {
    this.#slice = 0;
    if (this.#used === 0) return letOthersRun();
    await this.#write(this.#chunk.subarray(0, this.#used));
    this.#used = 0;
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes);
    await writeFully(this.#file, bytes, this.#position);
    this.#position += bytes.length;
    if (this.#position - this.#synced < SYNC_BYTES) return;
    await this.#file.sync();
    this.#synced = this.#position;
  }
}

async function readLines(file: OpenFile): Promise<Snapshot> {
  const parser = new SnapshotParser();
  const hash = createHash('sha256');
  let count = 0;
  let trailer: Buffer | undefined;
  for await (const { lines, isLast } of chunksOf(file)) {
    const end = isLast ? lines.lastIndexOf(NEWLINE, -2) + 1 : lines.length;
    const body = lines.subarray(0, end);
    hash.update(body);
    count += addLines(parser, body);
    if (isLast) trailer = lines.subarray(end);
  }
  assertTrailer(trailer, { count, sha256: hash.digest('hex') });
  return parser.finish();
}

function addLines(parser: SnapshotParser, lines: Buffer): number {
  let count = 0;
  for (let start = 0; start < lines.length; count += 1) {
    const end = lines.indexOf(NEWLINE, start);
    parser.add(lines.subarray(start, end));
    start = end + 1;
  }
  return count;
}

/** The file in pieces of whole lines. Throws when it does not end in one. */
async function* chunksOf(file: OpenFile): AsyncGenerator<{ lines: Buffer; isLast: boolean }> {
  const size = await file.size();
  for (let offset = 0, room = CHUNK_BYTES; offset < size;) {
    const chunk = Buffer.allocUnsafeSlow(Math.min(room, size - offset));
    const read = await readFully(file, chunk, offset);
    const end = read > 0 ? chunk.lastIndexOf(NEWLINE, read - 1) + 1 : 0;
    if (end === 0 && offset + room >= size) throw new Error('the last line is cut off');
    room = end > 0 ? CHUNK_BYTES : room * 2;
    offset += end;
    if (end > 0) yield { lines: chunk.subarray(0, end), isLast: offset >= size };
  }
}

function assertTrailer(line: Buffer | undefined, { count, sha256 }: Omit<Trailer, 'revision'>): void {
  const { trailer } = (line ? JSON.parse(line.toString()) : {}) as { trailer?: Trailer };
  if (!trailer) throw new Error('there is no trailer');
  if (trailer.count !== count) throw new Error(`it has ${count} lines where ${trailer.count} were written`);
  if (trailer.sha256 !== sha256) throw new Error('its content is not what was written');
}
