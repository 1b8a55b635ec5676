/** Takes apart the engine's stream of stdout and stderr in one: frames of 8 bytes of head and then content. */
import type { Readable } from 'node:stream';

const headLength = 8;

export interface Frame {
  stream: 'stdout' | 'stderr';
  content: Buffer;
}

/** Yields frames as they are complete. Backpressure holds: nothing is read ahead of the consumer. */
export async function* frames(source: Readable): AsyncGenerator<Frame> {
  let buffered: Buffer = Buffer.alloc(0);
  for await (const chunk of source as AsyncIterable<Buffer>) {
    buffered = buffered.length ? Buffer.concat([buffered, chunk]) : chunk;
    while (buffered.length >= headLength) {
      const length = buffered.readUInt32BE(4);
      if (buffered.length < headLength + length) break;
      const stream = buffered[0] === 2 ? 'stderr' : 'stdout';
      yield { stream, content: buffered.subarray(headLength, headLength + length) };
      buffered = buffered.subarray(headLength + length);
    }
  }
}
