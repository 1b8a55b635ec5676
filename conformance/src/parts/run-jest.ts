/** Runs Jest in a process of its own and reads how many tests passed. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
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
  testResults: {
    name: string;
    status: string;
    message: string;
    assertionResults: { fullName: string; status: string; failureMessages: string[] }[];
  }[];
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
    const told = JSON.parse(readFileSync(summary, 'utf8')) as JestSummary;
    const failed = told.numFailedTests + told.numRuntimeErrorTestSuites;
    return {
      passed: told.numPassedTests,
      // A run that fails without a failed test (a worker that died, say) must not look green.
      failed: code !== 0 && failed === 0 ? 1 : failed,
      faults: told.testResults.flatMap((suite) => faultsOf(suite, repository)),
    };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');

function faultsOf(suite: JestSummary['testResults'][number], repository: string): string[] {
  const file = relative(repository, suite.name);
  const lines = (text: string) => text.replace(colours, '').trim().split('\n').slice(0, 6).join('\n    ');
  const failed = suite.assertionResults.filter(({ status }) => status === 'failed');
  if (failed.length === 0 && suite.status === 'failed') return [`${file}\n    ${lines(suite.message)}`];
  return failed.map(
    ({ fullName, failureMessages }) => `${file}: ${fullName}\n    ${lines(failureMessages.join('\n'))}`,
  );
}
