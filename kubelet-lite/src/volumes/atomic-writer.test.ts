import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeAtomically } from './atomic-writer.ts';

let directory: string;
beforeEach(() => void (directory = mkdtempSync(join(tmpdir(), 'atomic-'))));
afterEach(() => rmSync(directory, { recursive: true }));

const files = (contents: Record<string, string>, mode = 0o644) =>
  new Map(Object.entries(contents).map(([path, text]) => [path, { content: Buffer.from(text), mode }]));

const visible = () => readdirSync(directory).filter((name) => !name.startsWith('..'));

test('files appear through links, and change together', async () => {
  expect(await writeAtomically(directory, files({ a: '1', 'sub/b': '2' }))).toBe(true);
  expect(visible().sort()).toEqual(['a', 'sub']);
  expect(readlinkSync(join(directory, 'a'))).toBe('..data/a');
  expect(readFileSync(join(directory, 'sub/b'), 'utf8')).toBe('2');
  const before = readlinkSync(join(directory, '..data'));
  expect(await writeAtomically(directory, files({ a: 'new' }))).toBe(true);
  expect(visible()).toEqual(['a']);
  expect(readFileSync(join(directory, 'a'), 'utf8')).toBe('new');
  expect(() => lstatSync(join(directory, before))).toThrow();
  expect(readdirSync(directory)).toHaveLength(3);
});

test('nothing is touched when nothing changed', async () => {
  await writeAtomically(directory, files({ a: '1' }));
  const before = readlinkSync(join(directory, '..data'));
  expect(await writeAtomically(directory, files({ a: '1' }))).toBe(false);
  expect(readlinkSync(join(directory, '..data'))).toBe(before);
  expect(await writeAtomically(directory, files({ a: '1' }, 0o400))).toBe(true);
  expect(statSync(join(directory, 'a')).mode & 0o777).toBe(0o400);
});

test('an empty set is an empty directory', async () => {
  await writeAtomically(directory, files({ a: '1' }));
  await writeAtomically(directory, files({}));
  expect(visible()).toEqual([]);
});
