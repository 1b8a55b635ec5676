/** What needs no running: lint with the import rules, formatting, types, and that generated files are what their generators make. */
import { tryProgram } from '../harness/run-program.ts';
import type { Part } from './part.ts';

const commands: readonly (readonly [string, readonly string[]])[] = [
  ['types', ['node_modules/typescript/bin/tsc', '--noEmit']],
  ['lint', ['node_modules/eslint/bin/eslint.js', '.']],
  ['format', ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level', 'warn', '.']],
  ['requirements', ['--disable-warning=ExperimentalWarning', 'scripts/verify-requirements.ts']],
  ['dependencies', ['--disable-warning=ExperimentalWarning', 'scripts/verify-dependencies.ts']],
  ['generated', ['--disable-warning=ExperimentalWarning', 'scripts/generated.ts', '--verify']],
];

export const checks: Part = async ({ repository }) => {
  const faults: string[] = [];
  for (const [name, args] of commands) {
    const { code, stdout, stderr } = await tryProgram(process.execPath, args, { cwd: repository, seconds: 300 });
    process.stdout.write(`${code === 0 ? 'ok  ' : 'FAIL'} ${name}\n${code === 0 ? '' : stdout + stderr}`);
    if (code !== 0) faults.push(`${name}: see above`);
  }
  return { passed: commands.length - faults.length, failed: faults.length, faults };
};
