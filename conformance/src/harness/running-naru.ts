/** A `naru up` of the tests' own, started and ended as a person would. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { eventually } from './eventually.ts';

export interface NaruRequest {
  repository: string;
  dataDirectory: string;
  flags: readonly string[];
  /** Put in front of the command. */
  enter?: readonly string[];
  port?: number;
}

export interface RunningNaru {
  kubeconfig: string;
  launcher: ChildProcess;
  /** Ctrl-C, and the exit code. */
  stop(): Promise<number>;
}

/** Resolves when the block with the addresses was printed. Throws with everything it printed when it ends before. */
export async function startNaru({
  repository,
  dataDirectory,
  flags,
  enter = [],
  port,
}: NaruRequest): Promise<RunningNaru> {
  const log = `${dataDirectory}.up.log`;
  const output = openSync(log, 'w'); // an earlier run's words would announce this one
  const [command = '', ...args] = [
    ...enter,
    ...[join(repository, 'naru'), 'up', '--data-dir', dataDirectory, '--port', String(port ?? (await freePort()))],
    // Building the page takes longer than most suites: those that look at it ask for it.
    ...(flags.includes('--dashboard-port') ? [] : ['--no-dashboard']),
    ...flags,
  ];
  const launcher = spawn(command, args, { stdio: ['ignore', output, output], detached: true });
  closeSync(output);
  const ended = new Promise<number>((resolve) => launcher.once('exit', (code) => resolve(code ?? 128)));
  const kubeconfig = join(dataDirectory, 'admin.kubeconfig');
  const printed = () => (existsSync(log) ? readFileSync(log, 'utf8') : '');
  let code: number | undefined;
  void ended.then((value) => (code = value));
  await eventually(() => code !== undefined || printed().includes('Naru is up.'), { seconds: 180, what: 'naru up' });
  if (code !== undefined) throw new Error(`naru up ended with ${code}:\n${printed()}`);
  return {
    kubeconfig,
    launcher,
    async stop() {
      launcher.kill('SIGTERM');
      return ended;
    },
  };
}

/** A TCP port that nobody listens on at the moment. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
