/** `npm test`: every part in turn, its time, and one closing line with the totals. */
import { join } from 'node:path';
import { checks } from './parts/checks.ts';
import { clusterSuites } from './parts/cluster-suites.ts';
import { unitTests } from './parts/unit-tests.ts';
import { sumOf, type Part, type PartResult } from './parts/part.ts';

const repository = join(import.meta.dirname, '../..');

const parts: Record<string, Part> = {
  checks,
  unit: unitTests,
  fake: (context) => clusterSuites('fake', context),
  docker: (context) => clusterSuites('docker', context),
  dashboard: (context) => clusterSuites('dashboard', context),
};

async function main(asked: readonly string[]): Promise<number> {
  const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length) {
    process.stderr.write(`no such part: ${unknown.join(', ')}; there are ${Object.keys(parts).join(', ')}\n`);
    return 2;
  }
  const results: { name: string; seconds: number; result: PartResult }[] = [];
  for (const [name, part] of Object.entries(parts)) {
    if (asked.length && !asked.includes(name)) continue;
    process.stdout.write(`\n── ${name}\n`);
    const started = Date.now();
    const result = await part({ repository }).catch((error: Error): PartResult => {
      process.stdout.write(`${error.stack}\n`);
      return { passed: 0, failed: 1, faults: [error.message] };
    });
    results.push({ name, seconds: Math.round((Date.now() - started) / 1000), result });
  }
  process.stdout.write('\n');
  for (const { name, seconds, result } of results)
    process.stdout.write(
      `${name.padEnd(9)} ${String(seconds).padStart(5)} s  ${result.passed} passed, ${result.failed} failed\n`,
    );
  const { passed, failed, faults } = sumOf(results.map(({ result }) => result));
  for (const fault of faults) process.stdout.write(`failed: ${fault}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed ? 1 : 0;
}

process.exitCode = await main(process.argv.slice(2));
