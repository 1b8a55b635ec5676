/** One file of the journal, appended to: batch after batch, each on disk before the next is written. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { StoreFailed, StoreFull, type Change } from '../store.ts';
import { BatchEncoder, hex8, seal } from './batch.ts';
import { isDiskFull, writeFully, type FileLayer, type OpenFile } from './file-layer.ts';

/** Where in the chain of all batches a file starts or stands. */
export interface ChainPoint {
  /** Of the next batch; the first ever is 1. */
  readonly sequence: number;
  /** The checksum of the batch before; 0 before the first. */
  readonly chain: number;
}

export const startOfChain: ChainPoint = { sequence: 1, chain: 0 };
const COPY_BYTES = 1024 * 1024;

export const journalNameOf = (number: number): string => `journal-${number}.log`;

/** The first line of a file. The salt is new for every file, so that bytes of an older one verify nowhere else. */
export function fileHeader(salt: string, { sequence, chain }: ChainPoint): string {
  const start = `NARU-JOURNAL 1 ${salt} ${sequence} ${hex8(chain)} `;
  return `${start}${hex8(crc32(start))}\n`;
}

export class JournalFile implements ChainPoint {
  readonly name: string;
  readonly #file: OpenFile;
  readonly #salt: string;
  readonly #encoder = new BatchEncoder();
  #position: number;
  #sequence: number;
  #chain: number;

  private constructor(name: string, file: OpenFile, salt: string, start: ChainPoint) {
    this.name = name;
    this.#file = file;
    this.#salt = salt;
    this.#position = fileHeader(salt, start).length;
    this.#sequence = start.sequence;
    this.#chain = start.chain;
  }

  /** A new file with its header on disk; whether its name is, is up to the caller. */
  static async create(files: FileLayer, directory: string, name: string, start: ChainPoint): Promise<JournalFile> {
    const salt = randomBytes(4).toString('hex');
    const file = await files.create(join(directory, name), { syncsWrites: true });
    try {
      await writeFully(file, Buffer.from(fileHeader(salt, start)), 0);
    } catch (error) {
      await file.close();
      throw error;
    }
    return new JournalFile(name, file, salt, start);
  }

  get sequence(): number {
    return this.#sequence;
  }

  get chain(): number {
    return this.#chain;
  }

  /** In bytes. */
  get size(): number {
    return this.#position;
  }

  /** Resolves when the batch is on disk. Throws StoreFull when it is not and the file is as before, StoreFailed when nobody knows. */
  async append(changes: readonly Change[]): Promise<void> {
    const { bytes, crc } = this.#encoder.encode(changes, {
      salt: this.#salt,
      sequence: this.#sequence,
      chain: this.#chain,
    });
    await this.#write(bytes);
    this.#advance(bytes.length, crc);
  }

  /** Takes over verified batches of another file: buffered, and on disk after `finish`. */
  copier(): { add(body: Buffer, records: number): Promise<void>; finish(): Promise<void> } {
    let pieces: Buffer[] = [];
    let waiting = 0;
    const flush = async () => {
      await writeFully(this.#file, Buffer.concat(pieces), this.#position - waiting);
      pieces = [];
      waiting = 0;
    };
    return {
      add: async (body, records) => {
        const point = { salt: this.#salt, sequence: this.#sequence, chain: this.#chain };
        const { header, crc } = seal({ ...point, records }, body);
        pieces.push(Buffer.from(header), body, Buffer.from('\n'));
        const length = header.length + body.length + 1;
        this.#advance(length, crc);
        waiting += length;
        if (waiting >= COPY_BYTES) await flush();
      },
      finish: flush,
    };
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  #advance(length: number, crc: number): void {
    this.#position += length;
    this.#sequence += 1;
    this.#chain = crc;
  }

  async #write(bytes: Buffer): Promise<void> {
    try {
      await writeFully(this.#file, bytes, this.#position);
    } catch (error) {
      if (!isDiskFull(error)) throw new StoreFailed(`writing ${this.name}: ${String(error)}`, { cause: error });
      await this.#cutBack(error);
      throw new StoreFull(`the disk is full: ${String(error)}`, { cause: error });
    }
  }

  /** Takes away what a full disk took of a batch: all of it may be there when only the sync had no room. */
  async #cutBack(reason: unknown): Promise<void> {
    try {
      await this.#file.truncate(this.#position);
      await this.#file.sync();
    } catch (error) {
      throw new StoreFailed(`cutting back ${this.name} after ${String(reason)}: ${String(error)}`, { cause: error });
    }
  }
}
