/** Reads the protobuf wire format: tags, varints, lengths. */
import { DecodeError } from '../decode/go-decode.ts';

const unexpectedEnd = 'unexpected EOF';

export type WireType = 0 | 1 | 2 | 5;

/** A position in a message. All methods throw DecodeError when the bytes end early. */
export class WireReader {
  readonly #bytes: Buffer;
  #position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#position >= this.#bytes.length;
  }

  tag(): { number: number; wire: number } {
    const tag = this.#small();
    const number = Math.floor(tag / 8);
    if (number === 0) throw new DecodeError(`proto: illegal tag ${number} (wire type ${tag % 8})`);
    return { number, wire: tag % 8 };
  }

  /** Tags and lengths: without big integers as long as four bytes hold them. */
  #small(): number {
    let result = 0;
    for (let index = 0; index < 4; index++) {
      const byte = this.#bytes[this.#position + index];
      if (byte === undefined) throw new DecodeError(unexpectedEnd);
      result |= (byte & 0x7f) << (7 * index);
      if (byte < 0x80) {
        this.#position += index + 1;
        return result;
      }
    }
    return Number(this.varint());
  }

  /** Unsigned, 64 bits. */
  varint(): bigint {
    let result = 0n;
    for (let shift = 0n; shift < 64n; shift += 7n) {
      const byte = this.#bytes[this.#position++];
      if (byte === undefined) throw new DecodeError(unexpectedEnd);
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, result);
    }
    throw new DecodeError('proto: integer overflow');
  }

  int64(): number {
    const byte = this.#bytes[this.#position];
    // Nearly all numbers are small.
    if (byte !== undefined && byte < 0x80) {
      this.#position++;
      return byte;
    }
    return Number(BigInt.asIntN(64, this.varint()));
  }

  int32(): number {
    return Number(BigInt.asIntN(32, this.varint()));
  }

  double(): number {
    const start = this.#skip(8);
    return this.#bytes.readDoubleLE(start);
  }

  /** Shares memory with the message. */
  bytes(): Buffer {
    const length = this.#small();
    const start = this.#skip(length);
    return this.#bytes.subarray(start, start + length);
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  /** Passes over a value nobody knows. */
  skip(wire: number): void {
    if (wire === 0) this.varint();
    else if (wire === 1) this.#skip(8);
    else if (wire === 2) this.bytes();
    else if (wire === 5) this.#skip(4);
    else throw new DecodeError(`proto: illegal wireType ${wire}`);
  }

  #skip(length: number): number {
    const start = this.#position;
    if (length > this.#bytes.length - start) throw new DecodeError(unexpectedEnd);
    this.#position += length;
    return start;
  }
}
