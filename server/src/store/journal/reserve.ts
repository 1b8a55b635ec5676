/** Room on the disk kept back for when it is full, so that things can still be deleted. */
import { join } from 'node:path';
import type { Clock } from '@naru/api/clock';
import { isMissing, writeFully, type FileLayer, type OpenFile } from './file-layer.ts';

const RESERVE = 'reserve';
const BLOCK_BYTES = 1024 * 1024;
const RETRY_MILLISECONDS = 1_000;

export class Reserve {
  readonly #file: OpenFile;
  readonly #bytes: number;
  readonly #clock: Clock;
  #held = false;
  #retryAt = 0;

  private constructor(file: OpenFile, bytes: number, clock: Clock) {
    this.#file = file;
    this.#bytes = bytes;
    this.#clock = clock;
  }

  /** A full disk does not stop it: then the reserve is not held. */
  static async open(
    files: FileLayer,
    { directory, bytes, clock }: { directory: string; bytes: number; clock: Clock },
  ): Promise<Reserve> {
    const reserve = new Reserve(await openOrCreate(files, join(directory, RESERVE)), bytes, clock);
    await reserve.fill();
    return reserve;
  }

  /** False while the disk is full. */
  get held(): boolean {
    return this.#held;
  }

  /** Gives the room to whoever writes next. */
  async release(): Promise<void> {
    this.#held = false;
    this.#retryAt = this.#clock.now() + RETRY_MILLISECONDS;
    await this.#file.truncate(0);
  }

  /** Takes the room again if it is there; asks the disk once a second at most. */
  async fill(): Promise<void> {
    if (this.#held || this.#clock.now() < this.#retryAt) return;
    try {
      await this.#write();
      this.#held = true;
    } catch {
      await this.release();
    }
  }

  close(): Promise<void> {
    return this.#file.close();
  }

  async #write(): Promise<void> {
    const block = Buffer.alloc(Math.min(BLOCK_BYTES, this.#bytes));
    for (let at = await this.#file.size(); at < this.#bytes; at += block.length) {
      await writeFully(this.#file, block.subarray(0, this.#bytes - at), at);
    }
    await this.#file.sync();
  }
}

async function openOrCreate(files: FileLayer, path: string): Promise<OpenFile> {
  try {
    return await files.open(path);
  } catch (error) {
    if (!isMissing(error)) throw error;
    return files.create(path);
  }
}
