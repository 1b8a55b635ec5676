import { expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sandboxElf, type Architecture } from './sandbox-elf.ts';

const here = process.platform === 'linux' && (process.arch === 'x64' || process.arch === 'arm64');

(here ? test : test.skip)('the program waits, and exits with 0 on TERM', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'sandbox-elf-'));
  try {
    const path = join(directory, 'sandbox');
    writeFileSync(path, sandboxElf(process.arch as Architecture), { mode: 0o755 });
    const child = spawn(path, { stdio: 'ignore' });
    await once(child, 'spawn');
    // It sleeps once it waits for signals; before that, TERM would end it without an exit code.
    const sleeps = () => /^State:\s*S/m.test(readFileSync(`/proc/${child.pid}/status`, 'utf8'));
    const deadline = Date.now() + 4000;
    while (!sleeps() && Date.now() < deadline) await new Promise(setImmediate);
    expect(sleeps()).toBe(true);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  } finally {
    rmSync(directory, { recursive: true });
  }
});

test.each(['x64', 'arm64'] as const)('%s: jumps land on instructions', (architecture) => {
  const elf = sandboxElf(architecture);
  expect(elf.subarray(0, 4).toString('latin1')).toBe('\x7fELF');
  expect(Number(elf.readBigUInt64LE(96))).toBe(elf.length);
  if (architecture === 'x64') return;
  const words = Array.from({ length: (elf.length - 120) / 4 }, (_, i) => elf.readUInt32LE(120 + i * 4));
  const targets = words.flatMap((word, i) => {
    if (word >>> 24 === 0x54) return [i + (((word >>> 5) << 13) >> 13)];
    return word >>> 26 === 5 ? [i + ((word << 6) >> 6)] : [];
  });
  const exit = words.length - 3;
  expect(targets).toEqual([exit, exit, 19, 9]);
});
