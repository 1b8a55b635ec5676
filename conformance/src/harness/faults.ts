/** Deaths that a suite brings about: of Naru's processes, and of the engine. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { eventually } from './eventually.ts';
import { programsOf } from './processes.ts';
import { tryProgram } from './run-program.ts';
import { target } from './target.ts';

/**
 * Kills one of Naru's processes, and keeps the launcher from starting it again until the returned function is called,
 * which resolves when it runs.
 */
export async function keepDead(name: 'server' | 'kubelet-lite'): Promise<() => Promise<void>> {
  const { dataDirectory } = target();
  const [id] = await programsOf(dataDirectory, name);
  const launcher = parentOf(String(id));
  process.kill(launcher, 'SIGSTOP');
  process.kill(id!, 'SIGKILL');
  return async () => {
    process.kill(launcher, 'SIGCONT');
    await eventually(async () => (await programsOf(dataDirectory, name)).some((other) => other !== id), {
      what: `${name} started again`,
    });
  };
}

/** Kills the engine of DOCKER_HOST; the returned function starts it again as it was and resolves when it answers. */
export function killEngine(): () => Promise<void> {
  const { id, command } = engine();
  // Its containerd dies with it, but a moment later.
  const dying = [id, ...childrenOf(id)];
  process.kill(id, 'SIGKILL');
  return async () => {
    // It refuses to start while its pid files name processes.
    await eventually(() => !dying.some((each) => existsSync(`/proc/${each}`)), { what: 'the end of the engine' });
    const [program = '', ...args] = command;
    const log = openSync(`${process.env['DOCKER_HOST']?.replace('unix://', '')}.log`, 'a');
    spawn(program, args, { stdio: ['ignore', log, log], detached: true }).unref();
    closeSync(log);
    await eventually(async () => (await tryProgram('docker', ['version'])).code === 0, {
      seconds: 60,
      what: 'the engine again',
    });
  };
}

const processes = () => readdirSync('/proc').filter((name) => /^\d+$/.test(name));

/** 0 when the process ended meanwhile. */
function parentOf(id: string): number {
  try {
    return Number(/\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8'))?.[1]);
  } catch {
    return 0;
  }
}

const childrenOf = (id: number): number[] =>
  processes()
    .filter((other) => parentOf(other) === id)
    .map(Number);

function engine(): { id: number; command: string[] } {
  for (const name of processes()) {
    const command = commandLine(name);
    if (command[0]?.endsWith('dockerd') && command.includes(process.env['DOCKER_HOST'] ?? ''))
      return { id: Number(name), command };
  }
  throw new Error(`no engine serves ${process.env['DOCKER_HOST']}`);
}

function commandLine(id: string): string[] {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return []; // it ended between the listing and this
  }
}
