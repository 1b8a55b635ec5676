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
  const [, launcher] = /\) \S (\d+)/.exec(readFileSync(`/proc/${id}/stat`, 'utf8')) ?? [];
  process.kill(Number(launcher), 'SIGSTOP');
  process.kill(id!, 'SIGKILL');
  return async () => {
    process.kill(Number(launcher), 'SIGCONT');
    await eventually(async () => (await programsOf(dataDirectory, name)).some((other) => other !== id), {
      what: `${name} started again`,
    });
  };
}

/** Kills the engine of DOCKER_HOST; the returned function starts it again as it was and resolves when it answers. */
export function killEngine(): () => Promise<void> {
  const { id, command } = engine();
  process.kill(id, 'SIGKILL');
  return async () => {
    // It refuses to start while its pid file names a process.
    await eventually(() => !existsSync(`/proc/${id}`), { what: 'the end of the engine' });
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

function engine(): { id: number; command: string[] } {
  for (const name of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
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
