/** Runs Jest in a process of its own and reads how many tests passed. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { PartResult } from './part.ts';

export interface JestRun {
  repository: string;
  config: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
  /** Put in front of the command, e.g. nsenter and its flags. */
  prefix?: readonly string[];
}

interface JestSummary {
  numPassedTests: number;
  numFailedTests: number;
  numRuntimeErrorTestSuites: number;
}

/** Jest's own output goes straight to the screen. A suite that could not be loaded counts as one failure. */
export async function runJest({ repository, config, args, env, prefix = [] }: JestRun): Promise<PartResult> {
  const directory = mkdtempSync(join(tmpdir(), 'naru-jest-'));
  const summary = join(directory, 'summary.json');
  const command = [
    ...prefix,
    ...[
      process.execPath,
      '--experimental-vm-modules',
      '--no-warnings',
      join(repository, 'node_modules/jest/bin/jest.js'),
    ],
    ...['--config', config, '--json', '--outputFile', summary, ...args],
  ];
  try {
    const code = await new Promise<number>((resolve, reject) => {
      const child = spawn(command[0]!, command.slice(1), {
        cwd: repository,
        env,
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      child.on('error', reject);
      child.on('close', (status) => resolve(status ?? 128));
    });
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(summary, 'utf8'),
    ) as JestSummary;
    const failed = numFailedTests + numRuntimeErrorTestSuites;
    // A run that fails without a failed test (a worker that died, say) must not look green.
    return { passed: numPassedTests, failed: code !== 0 && failed === 0 ? 1 : failed };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
