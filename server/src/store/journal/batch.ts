/** One batch of the journal as one line: `J1 <salt> <sequence> <records> <bytes> <crc> [record,…]`. */
// The checksum is seeded with the one before, so a batch that is missing, moved or from another file does not verify.
// JSON holds no raw newline, and values are spliced in as they came, so a line is a batch and nothing in a value can pose as one.
import { crc32 } from 'node:zlib';
import type { Change } from '../store.ts';

export interface BatchHeader {
  readonly salt: string;
  readonly sequence: number;
  readonly records: number;
  readonly bodyBytes: number;
  readonly crc: number;
  /** Of the header itself, its last space included. */
  readonly length: number;
}

export interface BatchRecord {
  readonly key: string;
  readonly revision: number;
  /** The revision that the key stood at before; 0: it did not exist. */
  readonly previous: number;
  /** Null: deleted. Shares the memory it was read from. */
  readonly value: Buffer | null;
}

/** A header is shorter than this many bytes. */
export const HEADER_ROOM = 80;
const VALUE_MARK = ',"value":';
const NULL = 'null';

export const hex8 = (value: number): string => value.toString(16).padStart(8, '0');

interface Sealing {
  readonly salt: string;
  readonly sequence: number;
  readonly records: number;
  /** The checksum of the batch before. */
  readonly chain: number;
}

export function seal({ salt, sequence, records, chain }: Sealing, body: Buffer): { header: string; crc: number } {
  const start = `J1 ${salt} ${sequence} ${records} ${body.length} `;
  const crc = crc32(body, crc32(start, chain));
  return { header: `${start}${hex8(crc)} `, crc };
}

/** The header that starts at `offset`; undefined when none does. */
export function parseHeader(bytes: Buffer, offset: number): BatchHeader | undefined {
  const text = bytes.toString('latin1', offset, Math.min(offset + HEADER_ROOM, bytes.length));
  const match = /^J1 ([0-9a-f]{8}) ([1-9]\d{0,15}) ([1-9]\d{0,8}) ([1-9]\d{0,9}) ([0-9a-f]{8}) /.exec(text);
  if (!match) return undefined;
  const [{ length }, salt = '', sequence, records, bodyBytes, crc = ''] = match;
  return {
    salt,
    sequence: Number(sequence),
    records: Number(records),
    bodyBytes: Number(bodyBytes),
    crc: parseInt(crc, 16),
    length,
  };
}

/** The records of a body whose checksum has been verified. Throws when it is not what `BatchEncoder` writes. */
export function parseBody(body: Buffer): BatchRecord[] {
  const records: BatchRecord[] = [];
  for (let at = 1; at < body.length;) {
    const mark = body.indexOf(VALUE_MARK, at, 'latin1');
    const { key, revision, previous, bytes } = JSON.parse(`${body.toString('utf8', at, mark)}}`) as Omit<
      BatchRecord,
      'value'
    > & {
      bytes: number;
    };
    const start = mark + VALUE_MARK.length;
    const value = bytes > 0 ? body.subarray(start, start + bytes) : null;
    records.push({ key, revision, previous, value });
    at = start + (bytes || NULL.length) + 2; // '}' and ',' or ']'.
  }
  return records;
}

/** Lays batches out in one buffer that is used again and again. */
export class BatchEncoder {
  #buffer = Buffer.allocUnsafeSlow(64 * 1024);

  /** The bytes are valid until the next call. */
  encode(changes: readonly Change[], sealing: Omit<Sealing, 'records'>): { bytes: Buffer; crc: number } {
    const heads = changes.map(headOf);
    const values = changes.reduce((sum, { value }) => sum + (value?.length ?? NULL.length) + 2, 0);
    // A code unit is three bytes of UTF-8 at most.
    this.#grow(HEADER_ROOM + heads.reduce((sum, head) => sum + head.length * 3, values) + 2);
    const end = this.#layBody(changes, heads);
    const { header, crc } = seal({ ...sealing, records: changes.length }, this.#buffer.subarray(HEADER_ROOM, end));
    this.#buffer.write(header, HEADER_ROOM - header.length, 'latin1');
    this.#buffer.write('\n', end, 'latin1');
    return { bytes: this.#buffer.subarray(HEADER_ROOM - header.length, end + 1), crc };
  }

  #layBody(changes: readonly Change[], heads: readonly string[]): number {
    const buffer = this.#buffer;
    let at = HEADER_ROOM;
    for (const [index, { value }] of changes.entries()) {
      at += buffer.write(index === 0 ? '[' : ',', at, 'latin1');
      at += buffer.write(heads[index] as string, at, 'utf8');
      at += value ? value.copy(buffer, at) : buffer.write(NULL, at, 'latin1');
      at += buffer.write('}', at, 'latin1');
    }
    return at + buffer.write(']', at, 'latin1');
  }

  #grow(bytes: number): void {
    if (bytes > this.#buffer.length) this.#buffer = Buffer.allocUnsafeSlow(2 ** Math.ceil(Math.log2(bytes)));
  }
}

const headOf = ({ key, value, previous, revision }: Change) =>
  `{"revision":${revision},"previous":${previous?.revision ?? 0},"bytes":${value?.length ?? 0},"key":${JSON.stringify(key)}${VALUE_MARK}`;
