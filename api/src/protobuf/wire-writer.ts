/** Writes the protobuf wire format from its end, so that a length is known when it comes to be written. */
// Like the generated MarshalToSizedBuffer methods.

export class WireWriter {
  #buffer: Buffer;
  /** First byte written so far. */
  #start: number;

  constructor(size = 1024) {
    this.#buffer = Buffer.allocUnsafe(size);
    this.#start = size;
  }

  /** Bytes written so far; remember it before a message to know its length after. */
  get length(): number {
    return this.#buffer.length - this.#start;
  }

  /** The bytes, from first to last. */
  finish(): Buffer {
    return this.#buffer.subarray(this.#start);
  }

  #room(size: number): void {
    if (size <= this.#start) return;
    const written = this.length;
    const larger = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, written + size));
    this.#buffer.copy(larger, larger.length - written, this.#start);
    this.#start = larger.length - written;
    this.#buffer = larger;
  }

  raw(bytes: Uint8Array): void {
    this.#room(bytes.length);
    this.#start -= bytes.length;
    this.#buffer.set(bytes, this.#start);
  }

  varint(value: number): void {
    if (value < 0 || value > 0x7fffffff) {
      this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
      return;
    }
    const size = value < 0x80 ? 1 : value < 0x4000 ? 2 : value < 0x200000 ? 3 : value < 0x10000000 ? 4 : 5;
    this.#room(size);
    this.#start -= size;
    let rest = value;
    for (let index = 0; index < size - 1; index++) {
      this.#buffer[this.#start + index] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    this.#buffer[this.#start + size - 1] = rest;
  }

  #bigVarint(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    while (rest >= 0x80n) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.raw(Uint8Array.from(bytes));
  }

  tag(number: number, wire: 0 | 1 | 2): void {
    this.varint(number * 8 + wire);
  }

  /** Ends (begins, as the reader sees it) what was written since `before`: its length and tag. */
  close(number: number, before: number): void {
    this.varint(this.length - before);
    this.tag(number, 2);
  }

  number(number: number, value: number): void {
    this.varint(value);
    this.tag(number, 0);
  }

  bytes(number: number, bytes: Uint8Array): void {
    this.raw(bytes);
    this.varint(bytes.length);
    this.tag(number, 2);
  }

  text(number: number, text: string): void {
    const size = Buffer.byteLength(text);
    this.#room(size);
    this.#start -= size;
    this.#buffer.write(text, this.#start, size, 'utf8');
    this.varint(size);
    this.tag(number, 2);
  }

  double(number: number, value: number): void {
    this.#room(8);
    this.#start -= 8;
    this.#buffer.writeDoubleLE(value, this.#start);
    this.tag(number, 1);
  }
}
