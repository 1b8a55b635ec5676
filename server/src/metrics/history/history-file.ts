/** One file that grows by records, is read from the front, and is now and then written anew without what is too old. */
import { mkdir, open, rename, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { decodeRecord, encodeRecord, magic, type HistoryRecord } from './records.ts';

const chunkSize = 1024 * 1024;

export class HistoryFile {
  readonly path: string;
  #handle: FileHandle | undefined;
  #size = 0;

  constructor(file: string) {
    this.path = file;
  }

  get size(): number {
    return this.#size;
  }

  /** Tells `visit` all records there are. What does not verify is cut off, with all that follows: the end of a write that was not finished. */
  async open(visit: (record: HistoryRecord, at: number, size: number) => void): Promise<{ cut: number }> {
    await mkdir(path.dirname(this.path), { recursive: true });
    const handle = (this.#handle = await open(this.path, 'a+', 0o600));
    const { size } = await handle.stat();
    const start = Buffer.alloc(magic.length);
    await handle.read(start, 0, magic.length, 0);
    this.#size = start.equals(magic) ? size : 0;
    const end = this.#size ? await this.scan(magic.length, visit) : 0;
    if (end < size) await handle.truncate(end);
    this.#size = end;
    if (end === 0) await this.#write(magic);
    return { cut: size - end };
  }

  async append(records: readonly HistoryRecord[]): Promise<{ at: number; size: number }[]> {
    const frames = records.map(encodeRecord);
    const places: { at: number; size: number }[] = [];
    let at = this.#size;
    for (const { length } of frames) {
      places.push({ at, size: length });
      at += length;
    }
    await this.#write(Buffer.concat(frames));
    return places;
  }

  /** Reads from a record's beginning to the end; `visit` may stop it by answering false. Returns where it ended. */
  async scan(from: number, visit: (record: HistoryRecord, at: number, size: number) => void | false): Promise<number> {
    const handle = this.#opened;
    let at = from;
    let rest = Buffer.alloc(0);
    for (let position = from; position < this.#size;) {
      const chunk = Buffer.allocUnsafe(Math.min(chunkSize, this.#size - position));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
      if (bytesRead === 0) break;
      position += bytesRead;
      const bytes = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
      let offset = 0;
      for (;;) {
        const decoded = decodeRecord(bytes, offset);
        if (decoded === 'bad') return at;
        if (decoded === 'short') break;
        if (visit(decoded.record, at, decoded.size) === false) return at;
        offset += decoded.size;
        at += decoded.size;
      }
      rest = bytes.subarray(offset);
    }
    return at;
  }

  /** Puts a file with these records in place of the present one. After a crash there is the one or the other. */
  async replace(records: Iterable<HistoryRecord>, kept: readonly { at: number; size: number }[]): Promise<number[]> {
    const temporary = `${this.path}.new`;
    const handle = await open(temporary, 'w+', 0o600);
    const places: number[] = [];
    try {
      const first = Buffer.concat([magic, ...[...records].map(encodeRecord)]);
      await handle.write(first);
      let size = first.length;
      for (const part of kept) {
        const bytes = Buffer.allocUnsafe(part.size);
        await this.#opened.read(bytes, 0, part.size, part.at);
        await handle.write(bytes);
        places.push(size);
        size += part.size;
      }
      await handle.sync();
      await rename(temporary, this.path);
      await this.#opened.close();
      this.#handle = await open(this.path, 'a+', 0o600);
      this.#size = size;
      return places;
    } finally {
      await handle.close();
    }
  }

  async close(): Promise<void> {
    await this.#handle?.close();
    this.#handle = undefined;
  }

  get #opened(): FileHandle {
    if (!this.#handle) throw new Error(`${this.path} is not open`);
    return this.#handle;
  }

  // A write that failed half-way, on a full disk, is taken back: what follows it could not be read.
  async #write(bytes: Buffer): Promise<void> {
    try {
      await this.#opened.appendFile(bytes);
    } catch (error) {
      await this.#opened.truncate(this.#size);
      throw error;
    }
    this.#size += bytes.length;
  }
}
