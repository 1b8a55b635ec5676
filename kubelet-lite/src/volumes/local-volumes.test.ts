import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NodeLocalVolumes } from './local-volumes.ts';

let root: string;
let volumes: NodeLocalVolumes;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'naru-local-volumes-'));
  volumes = new NodeLocalVolumes(root, 'c0ffee00');
});

afterEach(() => rmSync(root, { recursive: true }));

test('a directory carries the id of the cluster, is open to every user, and keeps what is in it when made again', async () => {
  const path = await volumes.make('pvc-1_default_data');
  expect(path).toBe(join(root, 'c0ffee00', 'pvc-1_default_data'));
  expect(statSync(path).mode & 0o777).toBe(0o777);
  writeFileSync(join(path, 'kept'), '');
  await volumes.make('pvc-1_default_data');
  expect(existsSync(join(path, 'kept'))).toBe(true);
});

test('removing takes the directory with what is in it, follows no link, and can be done twice', async () => {
  const path = await volumes.make('v');
  const outside = join(root, 'outside');
  mkdirSync(outside);
  symlinkSync(outside, join(path, 'link'));
  await volumes.remove(path);
  await volumes.remove(path);
  expect(existsSync(path)).toBe(false);
  expect(existsSync(outside)).toBe(true);
});

test('nothing but a volume is ever removed, and no name leads elsewhere', async () => {
  for (const path of [
    '/',
    root,
    join(root, 'c0ffee00'),
    `${root}/c0ffee00/a/b`,
    `${root}/c0ffee00/..`,
    `${root}/x/../y`,
  ])
    await expect(volumes.remove(path)).rejects.toThrow('is no volume of this node');
  for (const name of ['', '.', '..', '../x', 'a/b', `a${'x'.repeat(255)}`])
    await expect(volumes.make(name)).rejects.toThrow("cannot name a volume's directory");
});
