/** The tests beside the sources of every workspace. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tryProgram } from '../harness/run-program.ts';
import { sumOf, type Part, type PartResult } from './part.ts';
import { runJest } from './run-jest.ts';

export const unitTests: Part = async ({ repository }) => {
  const jest = await runJest({
    repository,
    config: join(repository, 'jest.config.js'),
    args: [],
    env: process.env,
  });
  const vitest = await dashboardTests(repository);
  return sumOf([jest, vitest]);
};

interface VitestSummary {
  numPassedTests: number;
  numFailedTests: number;
}

/** Those of the dashboard, by Angular's own runner, which checks its types and templates on the way. */
async function dashboardTests(repository: string): Promise<PartResult> {
  const directory = mkdtempSync(join(tmpdir(), 'naru-vitest-'));
  const summary = join(directory, 'summary.json');
  const ng = join(repository, 'node_modules/@angular/cli/bin/ng.js');
  const args = [ng, 'test', '--watch=false', '--progress=false', '--reporters=json', `--output-file=${summary}`];
  try {
    const { code, stdout, stderr } = await tryProgram(process.execPath, args, {
      cwd: join(repository, 'dashboard'),
      env: { ...process.env, NG_CLI_ANALYTICS: 'false' },
      seconds: 300,
    });
    if (code !== 0) process.stdout.write(`${stdout}${stderr}`);
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(summary, 'utf8')) as VitestSummary;
    process.stdout.write(`dashboard: ${numPassedTests} passed, ${numFailedTests} failed\n`);
    const failed = code !== 0 && numFailedTests === 0 ? 1 : numFailedTests;
    return { passed: numPassedTests, failed, faults: failed ? ["the dashboard's own: see above"] : [] };
  } finally {
    rmSync(directory, { recursive: true });
  }
}
