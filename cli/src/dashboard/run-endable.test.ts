import { expect, test } from '@jest/globals';
import { runEndable } from './run-endable.ts';

const run = (script: string) =>
  runEndable(process.execPath, ['-e', script], { cwd: import.meta.dirname, env: process.env });

test('a program that is ended because we are is told apart from one that failed', async () => {
  const waiting = run('setInterval(() => {}, 1000)');
  process.emit('SIGTERM');
  expect(await waiting).toMatchObject({ isEnded: true });
  expect(await run('console.log("broken"); process.exit(3)')).toEqual({ code: 3, output: 'broken\n', isEnded: false });
});
