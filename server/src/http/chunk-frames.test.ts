import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Flusher, Frames, frame } from './chunk-frames.ts';

test('a chunk names its length in hexadecimal', () => {
  expect(frame([Buffer.from('0123456789'), Buffer.from('abcdef\n')]).toString()).toBe('11\r\n0123456789abcdef\n\r\n');
});

test('the same lines are framed once, others anew', () => {
  const [a, b] = [Buffer.from('a'), Buffer.from('b')];
  const frames = new Frames();
  const first = frames.of([a, b]);
  expect(frames.of([a, b])).toBe(first);
  expect(frames.of([a]).toString()).toBe('1\r\na\r\n');
});

test('few streams are served in the next turn; after sending that took long, more is gathered first', async () => {
  let now = 0;
  const flusher = new Flusher(() => now);
  const sent = new PassThrough();
  let turns = 0;
  const stream = (took: number) => ({
    flush() {
      turns++;
      now += took;
      sent.write('x');
    },
  });
  flusher.schedule(stream(0));
  await nextTurn();
  expect(turns).toBe(1);

  flusher.schedule(stream(15));
  await nextTurn();
  expect(turns).toBe(2);
  flusher.schedule(stream(0));
  flusher.schedule(stream(0));
  await nextTurn();
  expect(turns).toBe(2);
  while (turns < 4) {
    sent.resume();
    await once(sent, 'data');
  }
  expect(turns).toBe(4);
});
