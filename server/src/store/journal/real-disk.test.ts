/** The store on a real disk: rights, links, the lock, and processes that are killed. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openJournalStore, type JournalStore, type JournalStoreOptions } from './journal-store.ts';
import { nodeFileLayer } from './node-file-layer.ts';
import { put, randomOf } from './sample-store.ts';
import { storeContract } from '../store.contract.ts';

let parent: string;
let directory: string;

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'naru-store-'));
  directory = join(parent, 'store');
});
afterEach(() => rm(parent, { recursive: true }));

const open = (options: Partial<JournalStoreOptions> = {}): Promise<JournalStore> =>
  openJournalStore({ directory, reserveBytes: 4096, onFailed: (error) => expect(error).toBeUndefined(), ...options });

storeContract('JournalStore on a real disk', (options) => open(options));

describe('rights', () => {
  let umask: number;
  beforeEach(() => {
    umask = process.umask(0o022);
  });
  afterEach(() => void process.umask(umask));

  test('the directory and all files are private, throughout many checkpoints', async () => {
    await mkdir(directory);
    await chmod(directory, 0o755);
    const store = await open({ checkpointBytes: 1 });
    const seen = new Set<string>();
    for (let number = 0; number < 100; number += 1) {
      await store.commit(put('/a', number));
      for (const name of await readdir(directory)) {
        const found = await lstat(join(directory, name)).catch(() => undefined); // Gone in the meantime.
        if (found) seen.add(`${name.replace(/[0-9a-f]*\d[0-9a-f]*/, '#')} ${(found.mode & 0o777).toString(8)}`);
      }
    }
    await store.close();
    expect((await lstat(directory)).mode & 0o777).toBe(0o700);
    expect([...seen].filter((name) => !name.endsWith(' 600'))).toEqual([]);
    expect([...seen].join()).toMatch(/snap-#/);
  });
});

test('links are neither followed nor replaced by what opens or creates a file', async () => {
  const outside = join(parent, 'outside');
  await writeFile(outside, 'mine');
  await mkdir(directory);
  await symlink(outside, join(directory, 'planted'));
  await expect(nodeFileLayer.create(join(directory, 'planted'))).rejects.toMatchObject({ code: 'EEXIST' });
  await expect(nodeFileLayer.open(join(directory, 'planted'))).rejects.toMatchObject({ code: 'ELOOP' });
});

test('a second opener is told who holds the directory, by whatever path it comes', async () => {
  const store = await open();
  const link = join(parent, 'link');
  await symlink(directory, link);
  for (const path of [directory, link]) {
    await expect(open({ directory: path })).rejects.toThrow(`is in use by process ${process.pid}`);
  }
  await store.close();
  await (await open()).close();
});

describe('a process that is killed', () => {
  /** Appends to one list under compare-and-set from several clients, and prints each append that was acknowledged. */
  const writer = `
    const { openJournalStore } = await import(process.argv[1] + '/journal-store.ts');
    const store = await openJournalStore({
      directory: process.argv[2], checkpointBytes: 20_000, reserveBytes: 4096, onFailed: () => process.exit(1),
    });
    process.stdout.write('ready ' + store.revision() + '\\n');
    await Promise.all([0, 1, 2, 3].map(async (client) => {
      for (;;) {
        const [a, b] = await Promise.all(['/a', '/b'].map((key) => store.get(key)));
        const number = a ? JSON.parse(a.value).number + 1 : 0;
        const value = Buffer.from(JSON.stringify({ number, client, fill: 'x'.repeat(500) }));
        const result = await store.commit({
          expect: [{ key: '/a', revision: a?.revision ?? 0 }, { key: '/b', revision: b?.revision ?? 0 }],
          writes: [{ key: '/a', value }, { key: '/b', value }, { key: '/n/' + number, value }],
        });
        if (result.done) process.stdout.write(number + ' ' + result.revision + '\\n');
      }
    }));`;

  interface Acknowledged {
    number: number;
    revision: number;
  }

  const startWriter = () =>
    spawn(process.execPath, ['--no-warnings', '--input-type=module', '-e', writer, import.meta.dirname, directory], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });

  /** Kills the writer `milliseconds` after it was ready; answers what it had been told last. */
  async function killAfter(
    child: ChildProcess & { stdout: NodeJS.ReadableStream },
    milliseconds: number,
  ): Promise<Acknowledged | undefined> {
    let last: Acknowledged | undefined;
    for await (const line of createInterface({ input: child.stdout })) {
      const [number, revision] = line.split(' ').map(Number);
      if (line.startsWith('ready')) setTimeout(() => child.kill('SIGKILL'), milliseconds);
      else last = { number: number as number, revision: revision as number };
    }
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    return last;
  }

  test('has lost nothing that it acknowledged, and leaves no half transaction and no lock', async () => {
    const random = randomOf(3);
    let acknowledged: Acknowledged = { number: -1, revision: 1 };
    for (let round = 0; round < 20; round += 1) {
      acknowledged = (await killAfter(startWriter(), 1 + random() * 60)) ?? acknowledged;
      const store = await open();
      const [a, b] = await Promise.all(['/a', '/b'].map((key) => store.get(key)));
      const { number } = (a ? JSON.parse(String(a.value)) : { number: -1 }) as { number: number };
      expect(store.revision()).toBeGreaterThanOrEqual(acknowledged.revision);
      expect(number).toBeGreaterThanOrEqual(acknowledged.number);
      expect(a?.value).toEqual(b?.value);
      expect((await store.list('/n/')).entries).toHaveLength(number + 1);
      await store.close();
    }
    expect(acknowledged.number).toBeGreaterThan(100);
  }, 60_000);
});

test('a checkpoint of 50,000 objects does not hold up others', async () => {
  const store = await open({ checkpointBytes: 1e9 });
  const fill = 'x'.repeat(1_100);
  for (let start = 0; start < 50_000; start += 5_000) {
    const keys = Array.from({ length: 5_000 }, (_, index) => `/registry/configmaps/ns/c${start + index}`);
    await Promise.all(keys.map((key) => store.commit(put(key, { fill }))));
  }
  await store.close();
  const again = await open({ checkpointBytes: 1 });
  const { p99, longest } = await stretchesOf(async () => {
    for (let number = 0; again.condition.snapshotBytes === 0; number += 1) {
      await again.commit(put(`/registry/configmaps/ns/c${number}`, { number, fill }));
      expect(again.condition.checkpointFailure).toBeUndefined();
    }
  });
  await again.close();
  expect(p99).toBeLessThan(20);
  expect(longest).toBeLessThan(250);
}, 60_000);

/** How long the loop's turns are while `work` goes on: milliseconds of this thread's processor time, which no other program lengthens. */
async function stretchesOf(work: () => Promise<void>): Promise<{ p99: number; longest: number }> {
  const stretches: number[] = [];
  let before = process.threadCpuUsage();
  const timer = setInterval(() => {
    const now = process.threadCpuUsage();
    stretches.push((now.user - before.user + now.system - before.system) / 1000);
    before = now;
  }, 1);
  await work();
  clearInterval(timer);
  stretches.sort((a, b) => a - b);
  return { p99: stretches[Math.floor(stretches.length * 0.99)] ?? 0, longest: stretches.at(-1) ?? 0 };
}
