/** Runs a program that ends with this process: when we are told to stop, so is it. */
import { spawn } from 'node:child_process';
import type { CommandResult } from '../up/run-command.ts';

export interface EndableResult extends CommandResult {
  /** Whether we were told to stop while it ran. */
  isEnded: boolean;
}

export function runEndable(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): Promise<EndableResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let isEnded = false;
    const end = () => {
      isEnded = true;
      child.kill('SIGTERM');
    };
    process.once('SIGTERM', end).once('SIGINT', end);
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ code: 127, output: error.message, isEnded }));
    child.on('close', (code) => {
      process.removeListener('SIGTERM', end).removeListener('SIGINT', end);
      resolve({ code: code ?? 128, output, isEnded });
    });
  });
}
