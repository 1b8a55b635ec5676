/** Headers of SPDY/3.1 frames: pairs in one zlib stream per direction, which lives as long as the connection. */
import { constants, createDeflate, createInflate, type Deflate, type Inflate } from 'node:zlib';
import { dictionary } from './dictionary.ts';

/** Names are lower-case; a repeated name keeps its last value. */
export type Headers = ReadonlyMap<string, string>;

/** More than this after inflating is an attack, not a header. */
const largestBlock = 64 * 1024;

/** Blocks must be given in the order their frames came or go. */
export class HeaderReader {
  readonly #inflate: Inflate = createInflate({ dictionary, finishFlush: constants.Z_SYNC_FLUSH });

  /** Throws when the block is damaged or too large. */
  async read(block: Buffer): Promise<Headers> {
    return parsePairs(await throughZlib(this.#inflate, block));
  }

  close(): void {
    this.#inflate.close();
  }
}

export class HeaderWriter {
  readonly #deflate: Deflate = createDeflate({ dictionary });

  async write(headers: Headers): Promise<Buffer> {
    return throughZlib(this.#deflate, formatPairs(headers));
  }

  close(): void {
    this.#deflate.close();
  }
}

// A sync flush makes everything that was put in come out before the callback, without ending the stream.
function throughZlib(stream: Inflate | Deflate, input: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const output: Buffer[] = [];
    let size = 0;
    const onData = (chunk: Buffer) => {
      output.push(chunk);
      size += chunk.length;
      if (size > largestBlock) finish(new Error('a header block is too large'));
    };
    const finish = (error?: Error | null) => {
      stream.off('data', onData).off('error', finish);
      if (error) reject(error);
      else resolve(Buffer.concat(output));
    };
    stream.on('data', onData).on('error', finish);
    stream.write(input);
    stream.flush(constants.Z_SYNC_FLUSH, () => finish());
  });
}

function formatPairs(headers: Headers): Buffer {
  const number = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(value);
    return bytes;
  };
  const text = (value: string) => {
    const bytes = Buffer.from(value, 'latin1');
    return [number(bytes.length), bytes];
  };
  return Buffer.concat([number(headers.size), ...[...headers].flatMap((pair) => pair.flatMap(text))]);
}

function parsePairs(block: Buffer): Headers {
  const headers = new Map<string, string>();
  let at = 4;
  const text = () => {
    const length = block.readUInt32BE(at);
    if (at + 4 + length > block.length) throw new Error('a header block ends early');
    at += 4 + length;
    return block.toString('latin1', at - length, at);
  };
  for (let count = block.readUInt32BE(0); count > 0; count--) headers.set(text().toLowerCase(), text());
  return headers;
}
