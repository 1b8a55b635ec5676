import { expect, test } from '@jest/globals';
import { Frames, frame } from './chunk-frames.ts';

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
