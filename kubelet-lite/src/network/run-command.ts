/** Runs a program of the host (ip, nft, iptables, conntrack) to its end, without a shell. */
import { spawn } from 'node:child_process';

export class CommandError extends Error {
  override readonly name = 'CommandError';
  /** Exit code; null when it did not start or was ended by the deadline. */
  readonly code: number | null;

  constructor(command: string, code: number | null, output: string) {
    super(`${command}: ${output.trim().slice(0, 1000) || (code === null ? 'did not end' : `exit code ${code}`)}`);
    this.code = code;
  }
}

/** `argv[0]` is the program; `input` goes to its standard input. Resolves with its standard output, throws CommandError. */
export type RunCommand = (argv: readonly string[], input?: string) => Promise<string>;

const deadline = 30_000;

export const runCommand: RunCommand = (argv, input = '') =>
  new Promise((resolve, reject) => {
    const [program = '', ...rest] = argv;
    const child = spawn(program, rest, { stdio: 'pipe', timeout: deadline, killSignal: 'SIGKILL' });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on('error', () => {}); // a program that refuses its input says why on stderr
    child.on('error', (error) => reject(new CommandError(argv.join(' '), null, error.message)));
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(stdout).toString());
      else reject(new CommandError(argv.join(' '), code, Buffer.concat(stderr).toString()));
    });
    child.stdin.end(input);
  });

/** True when the program is not installed. */
export const isMissingProgram = (error: unknown): boolean =>
  error instanceof Error && error.name === 'CommandError' && error.message.includes('ENOENT');
