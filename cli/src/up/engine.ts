/** Sees that a Docker Engine answers and the network tools are there: installs and starts what is missing, or says how. */
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { UsageError, usualDockerSocket } from './options.ts';
import type { Progress } from './progress.ts';
import { hasCommand, runCommand } from './run-command.ts';

/** Program → the Debian package that brings it. A docker client alone counts as no engine. */
const needed = { dockerd: 'docker.io', nft: 'nftables', ip: 'iproute2', conntrack: 'conntrack', iptables: 'iptables' };

/** What the demo's image is made of. */
const neededByDemo = { busybox: 'busybox-static' };

export interface EngineRequest {
  socket: string;
  install: boolean;
  demo: boolean;
  userId: number;
  /** Where the output of apt-get and of an engine started by hand goes. */
  logDirectory: string;
  progress: Progress;
}

/** Resolves when the engine answers. Throws UsageError with the exact command when a person has to act. */
export async function ensureEngine(given: EngineRequest): Promise<void> {
  const answering = await engineAnswers(given.socket);
  const missing = await missingPackages({ engineAnswers: answering, demo: given.demo });
  if (missing.length) await installPackages(missing, given);
  if (answering || (await engineAnswers(given.socket))) return;
  await startEngine(given);
}

/** Whether an engine answers on the socket. */
export function engineAnswers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const ping = request({ socketPath: socket, path: '/_ping', timeout: 3000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    ping.on('timeout', () => ping.destroy());
    ping.on('error', () => resolve(false));
    ping.end();
  });
}

// An engine that answers may be one of another packaging (docker-ce, a rootless one): its package is not asked for then.
async function missingPackages({ engineAnswers, demo }: { engineAnswers: boolean; demo: boolean }): Promise<string[]> {
  const missing: string[] = [];
  for (const [program, name] of Object.entries({ ...needed, ...(demo && neededByDemo) })) {
    if (program === 'dockerd' && engineAnswers) continue;
    if (!(await hasCommand(program))) missing.push(name);
  }
  return missing;
}

async function installPackages(
  packages: readonly string[],
  { install, userId, progress, logDirectory }: EngineRequest,
): Promise<void> {
  const command = `apt-get install --no-install-recommends -y ${packages.join(' ')}`;
  const onDebian = existsSync('/etc/debian_version') && (await hasCommand('apt-get'));
  if (!onDebian)
    throw new UsageError(
      `these programs are missing: ${packages.join(', ')} (names of Debian packages); install them and run this again`,
    );
  if (!install || userId !== 0) throw new UsageError(`run this first, as root: ${command}`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  await progress.step(`installing ${packages.join(', ')} with apt-get`, async () => {
    const update = await runCommand('apt-get', ['update', '-q'], { env });
    const result = await runCommand('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...packages], {
      env,
    });
    if (result.code === 0) return;
    throw new UsageError(
      `${command} failed:\n${tail(update.output + result.output)}\n(everything else is in ${logDirectory})`,
    );
  });
}

async function startEngine({ socket, userId, progress, logDirectory }: EngineRequest): Promise<void> {
  // An engine of somebody's own has a data directory and flags that we do not know.
  if (socket !== usualDockerSocket) throw new UsageError(`no Docker Engine answers on ${socket}: start it first`);
  if (userId !== 0)
    throw new UsageError(`no Docker Engine answers on ${socket}: start it, e.g. sudo systemctl start docker`);
  await progress.step('starting the Docker Engine', async () => {
    const log = join(logDirectory, 'dockerd.log');
    if (existsSync('/run/systemd/system')) await runCommand('systemctl', ['start', 'docker']);
    else startByHand(socket, log);
    const deadline = Date.now() + 60_000;
    while (!(await engineAnswers(socket))) {
      if (Date.now() > deadline)
        throw new UsageError(`the Docker Engine did not answer on ${socket} within a minute:\n${tail(readText(log))}`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  });
}

// In a session of its own, so that Ctrl-C on Naru does not reach it: containers outlive Naru, and so must their engine.
function startByHand(socket: string, log: string): void {
  const output = openSync(log, 'a', 0o600);
  spawn('dockerd', ['--host', `unix://${socket}`], { detached: true, stdio: ['ignore', output, output] }).unref();
  closeSync(output);
}

const readText = (path: string) => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const tail = (text: string) => text.trimEnd().split('\n').slice(-15).join('\n');
