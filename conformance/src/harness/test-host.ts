/** A host of the tests' own inside this machine: a network namespace with an uplink, and a Docker Engine in it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { program, tryProgram } from './run-program.ts';

export interface TestHost {
  /** Put in front of a command so that it runs on this host. */
  enter: readonly string[];
  /** Put in front of a command so that it runs outside, on the same segment. */
  enterOutside: readonly string[];
  address: string;
  dockerSocket: string;
  directory: string;
  close(): Promise<void>;
}

export const hostAddress = '192.168.77.2';
export const outsideAddress = '192.168.77.1';

/** Needs root. `name` keeps two hosts apart and is at most eight letters. Entered with nsenter, because `ip netns exec` would hide the cgroups. */
export async function startTestHost(name: string, directory: string): Promise<TestHost> {
  const inside = `naru-${name}`;
  const outside = `naru-${name}-out`;
  const enter = ['nsenter', `--net=/var/run/netns/${inside}`];
  const enterOutside = ['nsenter', `--net=/var/run/netns/${outside}`];
  await removeNamespaces([inside, outside]);
  for (const args of wiring(name, inside, outside)) await program('ip', args);
  await refuseNames(outside);
  const engine = await startEngine(enter, directory).catch(async (error: unknown) => {
    await removeNamespaces([inside, outside]);
    throw error;
  });
  return {
    ...{ enter, enterOutside, directory },
    address: hostAddress,
    dockerSocket: engine.socket,
    async close() {
      await engine.stop();
      await removeNamespaces([inside, outside]);
    },
  };
}

const wiring = (name: string, inside: string, outside: string): string[][] => [
  ['netns', 'add', inside],
  ['netns', 'add', outside],
  ['link', 'add', `${name}-in`, 'netns', inside, 'type', 'veth', 'peer', 'name', `${name}-out`, 'netns', outside],
  ...side(inside, `${name}-in`, hostAddress),
  ...side(outside, `${name}-out`, outsideAddress),
  ['-n', inside, 'route', 'add', 'default', 'via', outsideAddress],
];

const side = (namespace: string, link: string, address: string): string[][] => [
  ['-n', namespace, 'link', 'set', 'lo', 'up'],
  ['-n', namespace, 'address', 'add', `${address}/24`, 'dev', link],
  ['-n', namespace, 'link', 'set', link, 'up'],
];

/**
 * This machine's name servers cannot be reached from there. They refuse at once, so that a pull from a registry that does
 * not exist fails as it does elsewhere, and not after a minute of time-outs.
 */
async function refuseNames(outside: string): Promise<void> {
  const lines = readFileSync('/etc/resolv.conf', 'utf8').matchAll(/^nameserver\s+([\d.]+)/gm);
  for (const [, server = ''] of lines)
    if (!server.startsWith('127.')) await program('ip', ['-n', outside, 'address', 'add', `${server}/32`, 'dev', 'lo']);
  // The kernel would send one such answer a second.
  await program('ip', ['netns', 'exec', outside, 'sysctl', '-qw', 'net.ipv4.icmp_ratelimit=0']);
}

async function removeNamespaces(names: readonly string[]): Promise<void> {
  for (const name of names) await tryProgram('ip', ['netns', 'delete', name]);
}

async function startEngine(
  enter: readonly string[],
  directory: string,
): Promise<{ socket: string; stop(): Promise<void> }> {
  mkdirSync(directory, { recursive: true });
  const socket = join(directory, 'docker.sock');
  const log = openSync(join(directory, 'dockerd.log'), 'a');
  const [command = '', ...args] = [
    ...enter,
    ...['dockerd', '--data-root', join(directory, 'docker'), '--exec-root', join(directory, 'docker-exec')],
    ...['--pidfile', join(directory, 'docker.pid'), '--host', `unix://${socket}`],
  ];
  const engine = spawn(command, args, { stdio: ['ignore', log, log] });
  closeSync(log);
  const env = { ...process.env, DOCKER_HOST: `unix://${socket}` };
  await eventually(async () => (await tryProgram('docker', ['version'], { env })).code === 0, {
    seconds: 60,
    what: 'the Docker Engine',
  });
  return { socket, stop: () => stopEngine(engine, directory) };
}

async function stopEngine(engine: ChildProcess, directory: string): Promise<void> {
  // The engine that was started here, or the one that a suite started after it had killed that.
  const pidFile = join(directory, 'docker.pid');
  if (existsSync(pidFile)) process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGTERM');
  else engine.kill('SIGTERM');
  await eventually(() => !existsSync(pidFile), { seconds: 60, what: 'the end of the engine' });
  for (const target of mountsBelow(directory)) await program('umount', [target]);
  rmSync(join(directory, 'docker'), { recursive: true, force: true });
}

/** What an engine that was killed has left mounted, innermost first. */
function mountsBelow(directory: string): string[] {
  const targets = readFileSync('/proc/self/mounts', 'utf8').split('\n');
  return targets
    .map((line) => line.split(' ')[1] ?? '')
    .filter((target) => target.startsWith(`${directory}/`))
    .reverse();
}
