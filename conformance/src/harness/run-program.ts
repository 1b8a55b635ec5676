/** Runs a program as a user would, and shows what it said when it fails. */
import { spawn, type ChildProcess } from 'node:child_process';

export interface ProgramResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface ProgramOptions {
  input?: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Ended with KILL after this many seconds; 60 when not given. */
  seconds?: number;
  /** Given the process as soon as it runs, to look at it while it does. */
  started?: (child: ChildProcess) => void;
}

/** Whatever the exit code. */
export function tryProgram(
  command: string,
  args: readonly string[],
  options: ProgramOptions = {},
): Promise<ProgramResult> {
  const { input, env = process.env, cwd, seconds = 60, started } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), seconds * 1000);
    const output = { stdout: '', stderr: '' };
    child.stdout.on('data', (chunk: Buffer) => (output.stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code: code ?? 128, ...output, ...(signal && { stderr: `${output.stderr}\nended by ${signal}` }) });
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    started?.(child);
  });
}

/** Standard output of a program that must succeed. */
export async function program(command: string, args: readonly string[], options: ProgramOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await tryProgram(command, args, options);
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}:\n${stdout}${stderr}`);
  return stdout;
}
