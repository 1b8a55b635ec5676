/** Reads one file of the journal back, and tells a write that a crash interrupted from damage. */
import { HEADER_ROOM, parseHeader, seal, type BatchHeader } from './batch.ts';
import { readFully, type OpenFile } from './file-layer.ts';
import { fileHeader, type ChainPoint } from './journal-file.ts';
import { StoreDamaged } from './store-damaged.ts';

const WINDOW_BYTES = 1024 * 1024;
const FILE_HEADER_ROOM = 80;

export interface Replay {
  /** Where the chain stands after the last whole batch. */
  readonly end: ChainPoint;
  /** Where the last whole batch ends. */
  readonly offset: number;
  /** What follows there: the beginning of a batch that was never acknowledged. Empty when the file ends cleanly. */
  readonly torn: Buffer;
}

interface Source {
  readonly name: string;
  readonly file: OpenFile;
  readonly start: ChainPoint;
}

/** Reads parts of a file through a window, so that batches of a few bytes do not cost a read each. */
class Reader {
  readonly size: number;
  readonly #file: OpenFile;
  #window = Buffer.alloc(0);
  #base = 0;

  constructor(file: OpenFile, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** The bytes from `offset` on, fewer than `length` only at the end of the file. */
  async take(offset: number, length: number): Promise<Buffer> {
    const available = Math.min(length, this.size - offset);
    if (offset < this.#base || offset + available > this.#base + this.#window.length) {
      const window = Buffer.allocUnsafeSlow(Math.min(Math.max(available, WINDOW_BYTES), this.size - offset));
      this.#window = window.subarray(0, await readFully(this.#file, window, offset));
      this.#base = offset;
    }
    return this.#window.subarray(offset - this.#base, offset - this.#base + available);
  }
}

/**
 * Hands over every whole batch in order; the body shares the memory of a larger read.
 * Throws StoreDamaged when something is wrong that an interrupted write cannot have caused.
 */
export async function replayJournal(
  { name, file, start }: Source,
  onBatch: (body: Buffer, records: number, offset: number) => void | Promise<void>,
): Promise<Replay> {
  const reader = new Reader(file, await file.size());
  const salt = await saltOf(reader, name, start);
  let offset = fileHeader(salt, start).length;
  let { sequence, chain } = start;
  while (offset < reader.size) {
    const batch = await wholeBatch(reader, offset, { salt, sequence, chain });
    if (!batch) break;
    await onBatch(batch.body, batch.header.records, offset);
    offset += batch.header.length + batch.header.bodyBytes + 1;
    sequence += 1;
    chain = batch.header.crc;
  }
  const torn = Buffer.from(await reader.take(offset, reader.size - offset));
  assertTorn(torn, { name, offset, salt, sequence });
  return { end: { sequence, chain }, offset, torn };
}

async function saltOf(reader: Reader, name: string, start: ChainPoint): Promise<string> {
  const text = (await reader.take(0, FILE_HEADER_ROOM)).toString('latin1');
  const salt = /^NARU-JOURNAL 1 ([0-9a-f]{8}) /.exec(text)?.[1];
  if (salt && text.startsWith(fileHeader(salt, start))) return salt;
  const newer = /^NARU-JOURNAL (\d{1,9}) /.exec(text)?.[1];
  if (newer && newer !== '1') {
    throw new Error(`${name} is of format ${newer}, which is newer than this program: use the newer one`);
  }
  throw new StoreDamaged({
    file: name,
    offset: 0,
    why: 'the header does not verify, or does not follow the file before',
  });
}

interface Expected extends ChainPoint {
  readonly salt: string;
}

/** The batch that starts at `offset`; undefined when it is not there whole and unchanged. */
async function wholeBatch(
  reader: Reader,
  offset: number,
  { salt, sequence, chain }: Expected,
): Promise<{ header: BatchHeader; body: Buffer } | undefined> {
  const header = parseHeader(await reader.take(offset, HEADER_ROOM), 0);
  if (!header || header.salt !== salt || header.sequence !== sequence) return undefined;
  const end = offset + header.length + header.bodyBytes + 1;
  if (end > reader.size) return undefined;
  const line = await reader.take(offset + header.length, header.bodyBytes + 1);
  const body = line.subarray(0, header.bodyBytes);
  if (line[header.bodyBytes] !== 10) return undefined;
  const { crc } = seal({ salt, sequence, records: header.records, chain }, body);
  return crc === header.crc ? { header, body } : undefined;
}

/** A batch is written only after the one before is on disk, so nothing written after the bad one can exist unless the bad one was whole. */
function assertTorn(
  rest: Buffer,
  { name, offset, salt, sequence }: { name: string; offset: number; salt: string; sequence: number },
): void {
  const mark = `J1 ${salt} `;
  for (let at = rest.indexOf(mark, 0, 'latin1'); at >= 0; at = rest.indexOf(mark, at + 1, 'latin1')) {
    const header = parseHeader(rest, at);
    if (header && header.sequence > sequence) {
      const why = `batch ${sequence} is damaged, for batch ${header.sequence} follows it`;
      throw new StoreDamaged({ file: name, offset, why });
    }
  }
}
