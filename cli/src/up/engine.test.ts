/** What must be on the host before Naru starts, on a host with an engine that answers but without busybox. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const main = join(import.meta.dirname, '../main.ts');
let directory: string;
let closeEngine: () => void;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'naru-engine-'));
  for (const program of ['sh', 'apt-get']) symlinkSync(`/usr/bin/${program}`, join(directory, program));
  for (const program of ['nft', 'ip', 'conntrack', 'iptables']) symlinkSync('/usr/bin/true', join(directory, program));
  const engine = createServer((_, response) => response.end('OK'));
  await new Promise<void>((resolve) => engine.listen(join(directory, 'docker.sock'), resolve));
  closeEngine = () => engine.close();
});
afterEach(() => {
  closeEngine();
  rmSync(directory, { recursive: true });
});

/** What `naru up` says while it prepares. */
function prepare(...flags: string[]): Promise<{ code: number | null; said: string }> {
  const args = ['up', '--plan', join(directory, 'plan'), '--no-install', '--no-dashboard', ...flags];
  const places = ['--data-dir', join(directory, 'data'), '--docker-socket', join(directory, 'docker.sock')];
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', main, ...args, ...places], {
    env: { PATH: directory },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, said })));
}

// Everybody else is told to be root first.
const asRoot = process.getuid?.() === 0 ? test : test.skip;

asRoot('the demo needs busybox, which --no-install leaves to the user', async () => {
  expect(await prepare('--demo')).toEqual({
    code: 1,
    said: 'naru: run this first, as root: apt-get install --no-install-recommends -y busybox-static\n',
  });
});
