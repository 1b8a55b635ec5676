import { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { dictionary } from './dictionary.ts';
import { controlFrame, dataHeading, flagFin, FrameReader, frameType, type Frame } from './frame.ts';
import { HeaderReader, HeaderWriter } from './header-block.ts';
import { SpdyConnection } from './spdy-connection.ts';
import type { SpdyStream } from './spdy-stream.ts';

/** Two ends of one connection in memory. */
function pair(): [Duplex, Duplex] {
  const end = (other: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(chunk, _encoding, done) {
        other().push(chunk);
        done();
      },
      final(done) {
        other().push(null);
        done();
      },
    });
  const left: Duplex = end(() => right);
  const right: Duplex = end(() => left);
  return [left, right];
}

/** A client that speaks frames by hand. */
function client(): {
  frames: Frame[];
  send: (bytes: Buffer) => void;
  writer: HeaderWriter;
  connection: SpdyConnection;
} {
  const [near, far] = pair();
  const connection = new SpdyConnection(far);
  const reader = new FrameReader();
  const frames: Frame[] = [];
  near.on('data', (chunk: Buffer) => frames.push(...reader.push(chunk)));
  return { frames, send: (bytes) => void near.write(bytes), writer: new HeaderWriter(), connection };
}

const opened = (connection: SpdyConnection) => new Promise<SpdyStream>((resolve) => connection.once('stream', resolve));

async function open(
  { send, writer, connection }: ReturnType<typeof client>,
  id: number,
  headers: Record<string, string>,
) {
  const stream = opened(connection);
  const block = await writer.write(new Map(Object.entries(headers)));
  send(controlFrame(frameType.synStream, 0, id, 0, Buffer.of(0, 0), block));
  return stream;
}

test('the dictionary is the protocol’s', () => {
  let [low, high] = [1, 0];
  for (const byte of dictionary) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  expect(((high << 16) | low) >>> 0).toBe(0xe3c6a7c2);
});

describe('header blocks', () => {
  test('several pass through one pair of zlib streams', async () => {
    const [writer, reader] = [new HeaderWriter(), new HeaderReader()];
    for (const headers of [
      new Map([['streamtype', 'error']]),
      new Map(),
      new Map([
        ['streamtype', 'data'],
        ['port', '80'],
      ]),
    ]) {
      expect(await reader.read(await writer.write(headers))).toEqual(headers);
    }
  });

  test('one that inflates without end is refused', async () => {
    const bomb = await new HeaderWriter().write(new Map([['x', 'a'.repeat(10_000_000)]]));
    await expect(new HeaderReader().read(bomb)).rejects.toThrow('too large');
  });
});

describe('FrameReader', () => {
  test('frames cut at any byte come out whole', () => {
    const bytes = Buffer.concat([dataHeading(3, 2, true), Buffer.from('hi'), controlFrame(frameType.ping, 0, 7)]);
    for (let cut = 0; cut <= bytes.length; cut++) {
      const reader = new FrameReader();
      const frames = [...reader.push(bytes.subarray(0, cut)), ...reader.push(bytes.subarray(cut))];
      expect(frames.map((frame) => frame.type)).toEqual(['data', 'control']);
    }
  });

  test('a frame past the limit is refused before it is buffered', () => {
    expect(() => new FrameReader().push(dataHeading(1, 0xffffff, false))).toThrow('too large');
  });
});

describe('SpdyConnection', () => {
  test('a stream is accepted, carries bytes both ways and ends', async () => {
    const peer = client();
    const stream = await open(peer, 1, { StreamType: 'stdin' });
    expect(stream.headers.get('streamtype')).toBe('stdin');
    peer.send(Buffer.concat([dataHeading(1, 5, true), Buffer.from('hello')]));
    expect(await text(stream)).toBe('hello');
    await new Promise<void>((resolve) => stream.end('bye', resolve));
    const data = peer.frames.filter((frame) => frame.type === 'data');
    expect(data.map(({ payload }) => payload.toString()).join('')).toBe('bye');
    expect(data.at(-1)?.fin).toBe(true);
  });

  test('much is sent to a peer that never says it took any, as client-go does not', async () => {
    const peer = client();
    const stream = await open(peer, 1, {});
    const length = 300_000;
    await new Promise<void>((resolve) => stream.end(Buffer.alloc(length), resolve));
    expect(peer.frames.reduce((sum, frame) => sum + (frame.type === 'data' ? frame.payload.length : 0), 0)).toBe(
      length,
    );
  });

  test('a ping is answered with its own number', async () => {
    const peer = client();
    peer.send(controlFrame(frameType.ping, 0, 41));
    await new Promise((resolve) => setImmediate(resolve));
    expect(peer.frames).toMatchObject([{ control: frameType.ping }]);
  });

  test('a reset ends the stream, garbage the connection', async () => {
    const peer = client();
    const stream = await open(peer, 1, {});
    const closed = new Promise((resolve) => stream.once('close', resolve));
    peer.send(controlFrame(frameType.rstStream, 0, 1, 5));
    await closed;
    const ended = new Promise((resolve) => peer.connection.once('close', () => resolve('ended')));
    peer.send(controlFrame(frameType.synStream, flagFin, 3, 0, Buffer.from([0, 0, 9, 9, 9, 9])));
    expect(await ended).toBe('ended');
  });
});
