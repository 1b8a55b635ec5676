import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepareHostPath } from './host-path.ts';

let root: string;
let rules: { protectedPaths: string[] };
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'host-path-')));
  mkdirSync(join(root, 'run/data/pki'), { recursive: true });
  writeFileSync(join(root, 'run/engine.sock'), '');
  rules = { protectedPaths: [join(root, 'run/data'), join(root, 'run/engine.sock')] };
});
afterEach(() => rmSync(root, { recursive: true }));

test('types are checked in upstream’s words, and made where they say so', async () => {
  await expect(prepareHostPath(join(root, 'no'), 'Directory', rules)).rejects.toThrow(
    `hostPath type check failed: ${root}/no is not a directory`,
  );
  await expect(prepareHostPath(join(root, 'run'), 'File', rules)).rejects.toThrow('is not a file');
  await prepareHostPath(join(root, 'made/deep'), 'DirectoryOrCreate', rules);
  await prepareHostPath(join(root, 'made/file'), 'FileOrCreate', rules);
  expect(statSync(join(root, 'made/file')).isFile()).toBe(true);
  expect(await prepareHostPath(join(root, 'made'), '', rules)).toEqual({ path: join(root, 'made'), masks: [] });
});

test('what is protected is refused, however it is spelled', async () => {
  symlinkSync('run/data', join(root, 'link'));
  const spellings = [
    'run/data',
    'run/data/',
    'run/x/../data',
    'run/data/pki',
    'run/data/new',
    'link',
    'link/pki',
    'link/new',
  ];
  for (const spelling of [...spellings, 'run/engine.sock'])
    await expect(prepareHostPath(`${root}/${spelling}`, '', rules)).rejects.toThrow('is never mounted');
});

test('the root of the host shows everything else', async () => {
  expect(await prepareHostPath('/', '', rules)).toEqual({
    path: '/',
    masks: [
      { path: `${root.slice(1)}/run/data`, isDirectory: true },
      { path: `${root.slice(1)}/run/engine.sock`, isDirectory: false },
    ],
  });
});

test('a directory above it shows everything else', async () => {
  expect(await prepareHostPath(root, 'Directory', rules)).toEqual({
    path: root,
    masks: [
      { path: 'run/data', isDirectory: true },
      { path: 'run/engine.sock', isDirectory: false },
    ],
  });
});
