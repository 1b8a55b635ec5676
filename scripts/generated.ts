/** Makes every generated file anew, or with --verify fails when one differs from what its generator makes. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Each generator writes its files, or with --verify compares them and exits 1. */
const generators = [
  'api/src/schema/generate.ts',
  'api/src/openapi/generate-descriptions.ts',
  'scripts/generate-alerts.ts',
  'scripts/generate-not-acted-on.ts',
];

const flags = process.argv.slice(2);
for (const generator of generators.filter((path) => existsSync(path))) {
  const { status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', generator, ...flags], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    process.stderr.write(`${generator} ${flags.join(' ')} ended with ${status}; run npm run generated\n`);
    process.exitCode = 1;
  }
}
