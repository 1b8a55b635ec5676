/** SPDY/3.1 frames as bytes: eight bytes of heading, then what the type says. */

export const frameType = {
  synStream: 1,
  synReply: 2,
  rstStream: 3,
  settings: 4,
  ping: 6,
  goAway: 7,
  headers: 8,
  windowUpdate: 9,
} as const;

export const flagFin = 1;

export type Frame =
  | { type: 'data'; stream: number; fin: boolean; payload: Buffer }
  | { type: 'control'; control: number; flags: number; payload: Buffer };

/** Larger frames than a peer sends in practice (its streams write at most 32 KiB at once) end the connection. */
const largestFrame = 1024 * 1024;

/** Cuts a byte stream into frames. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The whole frames that `chunk` completes. Throws when a frame is too large. */
  push(chunk: Buffer): Frame[] {
    let bytes = this.#rest.length ? Buffer.concat([this.#rest, chunk]) : chunk;
    const frames: Frame[] = [];
    while (bytes.length >= 8) {
      const length = bytes.readUIntBE(5, 3);
      if (length > largestFrame) throw new Error(`a frame of ${length} bytes is too large`);
      if (bytes.length < 8 + length) break;
      frames.push(frameOf(bytes.subarray(0, 8), bytes.subarray(8, 8 + length)));
      bytes = bytes.subarray(8 + length);
    }
    this.#rest = bytes;
    return frames;
  }
}

function frameOf(heading: Buffer, payload: Buffer): Frame {
  const first = heading.readUInt32BE(0);
  const flags = heading.readUInt8(4);
  if (first & 0x80000000) return { type: 'control', control: first & 0xffff, flags, payload };
  return { type: 'data', stream: first & 0x7fffffff, fin: (flags & flagFin) !== 0, payload };
}

export function dataHeading(stream: number, length: number, fin: boolean): Buffer {
  const heading = Buffer.alloc(8);
  heading.writeUInt32BE(stream, 0);
  heading.writeUInt32BE(((fin ? flagFin : 0) << 24) | length, 4);
  return heading;
}

export function controlFrame(control: number, flags: number, ...parts: readonly (number | Buffer)[]): Buffer {
  const payload = Buffer.concat(parts.map((part) => (typeof part === 'number' ? wordOf(part) : part)));
  const heading = Buffer.alloc(8);
  heading.writeUInt32BE((0x80030000 | control) >>> 0, 0);
  heading.writeUInt32BE(((flags << 24) | payload.length) >>> 0, 4);
  return Buffer.concat([heading, payload]);
}

function wordOf(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value >>> 0);
  return bytes;
}
