/** Runs a program to its end, with its output in a log instead of on the screen. */
import { spawn } from 'node:child_process';

export interface CommandResult {
  code: number;
  output: string;
}

/** Never throws for an exit code; a program that cannot be started has code 127. */
export function runCommand(
  command: string,
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
) {
  return new Promise<CommandResult>((resolve) => {
    const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('error', (error) => resolve({ code: 127, output: error.message }));
    child.on('close', (code, signal) =>
      resolve({ code: code ?? 128, output: signal ? `${output}ended by ${signal}` : output }),
    );
  });
}

/** Whether a program of this name can be run. */
export async function hasCommand(name: string): Promise<boolean> {
  return (await runCommand('sh', ['-c', 'command -v -- "$1"', 'sh', name])).code === 0;
}
