/** The built page on disk, as it comes and goes. */
import { mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { PageFiles } from './page-files.ts';

let root: string;
let directory: string;
beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'naru-page-'));
  directory = path.join(root, 'page');
});
afterEach(() => rm(root, { recursive: true }));

async function build(): Promise<void> {
  const draft = path.join(root, 'draft');
  await mkdir(path.join(draft, 'media'), { recursive: true });
  await writeFile(path.join(draft, 'index.html'), '<naru-root ngCspNonce="NARU_CSP_NONCE">');
  for (const name of ['main-ABCDEFG1.js', 'main-ABCDEFG1.js.br', 'favicon.svg', 'secret.pem', 'media/a-ABCDEFG1.woff2'])
    await writeFile(path.join(draft, name), name);
  await symlink('/etc/hostname', path.join(draft, 'linked.txt'));
  await rename(draft, directory);
}

describe('PageFiles', () => {
  test('there is nothing before the build, and everything once it is put in place', async () => {
    const files = new PageFiles(directory);
    expect(await files.index('x')).toBeUndefined();
    expect(await files.find('/favicon.svg')).toBeUndefined();
    await build();
    expect(await files.index('n0nce')).toBe('<naru-root ngCspNonce="n0nce">');
    expect(await files.find('/favicon.svg')).toMatchObject({ type: 'image/svg+xml', immutable: false });
  });

  test('names with a hash never change, and their compressed forms are known', async () => {
    await build();
    const files = new PageFiles(directory);
    const main = await files.find('/main-ABCDEFG1.js');
    expect(main?.immutable).toBe(true);
    expect([...(main?.compressed.keys() ?? [])]).toEqual(['br']);
    expect((await files.find('/media/a-ABCDEFG1.woff2'))?.immutable).toBe(true);
  });

  test.each([
    '/secret.pem',
    '/linked.txt',
    '/../page/favicon.svg',
    '//favicon.svg',
    '/main-ABCDEFG1.js.br',
    '/index.html',
  ])('%s is no file of the page', async (name) => {
    await build();
    expect(await new PageFiles(directory).find(name)).toBeUndefined();
  });

  test('a build that was given up is told', async () => {
    const files = new PageFiles(directory);
    expect(await files.isFailed()).toBe(false);
    await writeFile(`${directory}.failed`, '');
    expect(await files.isFailed()).toBe(true);
  });
});
