import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBeneath } from './open-beneath.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'beneath-'));
  mkdirSync(join(root, 'volume/data'), { recursive: true });
  writeFileSync(join(root, 'secret'), 'outside');
  writeFileSync(join(root, 'volume/data/a'), 'inside');
});
afterEach(() => rmSync(root, { recursive: true }));

const open = (path: string, createMode?: number) =>
  openBeneath(join(root, 'volume'), path, createMode === undefined ? {} : { createMode });

test('a file, also behind a link that stays inside', () => {
  symlinkSync('data/a', join(root, 'volume/link'));
  for (const path of ['data/a', 'link', './data//a']) {
    const opened = open(path);
    expect(opened.isDirectory).toBe(false);
    expect(readFileSync(`/proc/self/fd/${opened.descriptor}`, 'utf8')).toBe('inside');
    opened.close();
  }
});

test('missing directories are made with the mode asked for', () => {
  open('x/y', 0o700).close();
  expect(statSync(join(root, 'volume/x/y')).mode & 0o777).toBe(0o700);
  expect(() => open('none')).toThrow('ENOENT');
});

test('ways out are refused', () => {
  symlinkSync('/', join(root, 'volume/root'));
  symlinkSync('../secret', join(root, 'volume/up'));
  for (const path of ['root', 'root/etc', 'up', '../secret', 'data/../../secret'])
    expect(() => open(path, 0o755)).toThrow(/leads out|cannot go up/);
});

test('a dangling link is not a place to make things in', () => {
  symlinkSync('/nowhere/else', join(root, 'volume/dangling'));
  expect(() => open('dangling', 0o755)).toThrow('became a link');
});
