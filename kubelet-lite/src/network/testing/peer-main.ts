/** A process in a network namespace of its own, told over stdin what to do there: a pod, a client outside, or a node with its network. */
import { createSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { Resolver } from 'node:dns/promises';
import { createInterface } from 'node:readline';
import { systemClock } from '@naru/api/clock';
import type { KubeObject } from '@naru/api/object';
import { startNetwork } from '../network.ts';
import type { NetworkOptions } from '../network.ts';
import type { AttachablePod, PodNetwork } from '../pod-network.ts';
import { removeNetwork } from '../remove-network.ts';
import { runCommand } from '../run-command.ts';
import { MemoryClient } from './memory-client.ts';

const client = new MemoryClient();
let network: PodNetwork | undefined;
const log: unknown[] = [];
const told = (level: string) => (fields: object, message: string) => {
  const error = (fields as { error?: Error }).error;
  log.push({ level, message, ...fields, ...(error && { error: error.message }) });
};

interface Target {
  host: string;
  port: number;
  protocol?: 'tcp' | 'udp';
  source?: string;
  timeout?: number;
}

/** What the other end says first, or the error's code. */
function ask({ host, port, protocol = 'tcp', source, timeout = 1000 }: Target): Promise<string> {
  return new Promise((resolve) => {
    const done = (text: string, close: () => void) => {
      clearTimeout(timer);
      close();
      resolve(text);
    };
    const timer = setTimeout(() => done('timeout', close), timeout);
    let close = () => {};
    if (protocol === 'tcp') {
      const socket = connect({ host, port, ...(source && { localAddress: source }) });
      close = () => socket.destroy();
      socket.on('data', (data) => done(data.toString(), close));
      socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message, close));
      return;
    }
    const socket = createSocket('udp4');
    close = () => socket.close();
    socket.on('message', (data) => done(data.toString(), close));
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message, close));
    socket.connect(port, host, () => socket.send('?'));
  });
}

/** Answers everybody with `name`, and the address it sees them under. */
function listen({ name, port, protocol = 'tcp' }: { name: string; port: number; protocol?: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    const ready = () => resolve('listening');
    if (protocol === 'tcp') {
      const server = createServer((socket) => {
        socket.on('error', () => {});
        socket.write(`${name} ${socket.remoteAddress}`);
        socket.pipe(socket);
      });
      server.on('error', reject).listen(port, '0.0.0.0', ready);
      return;
    }
    const socket = createSocket('udp4');
    socket.on('message', (_data, from) => socket.send(`${name} ${from.address}`, from.port, from.address));
    socket.on('error', reject).bind(port, ready);
  });
}

const held: Socket[] = [];

/** Opens a connection and keeps it; answers its number. */
function hold({ host, port }: Target): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    socket.on('error', reject);
    socket.once('data', () => resolve(held.push(socket) - 1));
  });
}

/** What comes back on a kept connection. */
function echo(index: number): Promise<string> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve('timeout'), 500);
    const done = (text: string) => {
      clearTimeout(timer);
      resolve(text);
    };
    held[index]?.once('data', (data) => done(data.toString()));
    held[index]?.once('error', (error: NodeJS.ErrnoException) => done(error.code ?? ''));
    held[index]?.write('again');
  });
}

const commands: Record<string, (argument: never) => unknown> = {
  ask,
  listen,
  hold,
  echo,
  resolve: async ({ server, name }: { server: string; name: string }) => {
    const resolver = new Resolver({ timeout: 1000, tries: 2 });
    resolver.setServers([server]);
    return resolver.resolve4(name).catch((error: NodeJS.ErrnoException) => error.code);
  },
  run: (argv: string[]) => runCommand(argv),
  put: ({ plural, object }: { plural: string; object: KubeObject }) => client.put(plural, object),
  remove: ({ plural, key }: { plural: string; key: string }) => client.remove(plural, key),
  start: async (options: Omit<NetworkOptions, 'client' | 'clock' | 'log' | 'signal'>) => {
    const signal = new AbortController().signal;
    const sinks = { info: told('info'), warn: told('warn'), error: told('error') };
    network = await startNetwork({ ...options, client, clock: systemClock, log: sinks, signal });
  },
  adopt: async (pods: AttachablePod[]) => [...((await network?.adopt(pods)) ?? [])],
  attach: (pod: AttachablePod) => network?.attach(pod),
  leave: (uid: string) => network?.leave(uid),
  detach: (uid: string) => network?.detach(uid),
  stop: () => network?.close(),
  removeNetwork: (clusterId: string) => removeNetwork(clusterId),
  log: () => log,
};

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const { id, command, argument } = JSON.parse(line) as { id: number; command: string; argument: never };
    const answer = (rest: object) => process.stdout.write(`${JSON.stringify({ id, ...rest })}\n`);
    Promise.resolve()
      .then(() => commands[command]?.(argument))
      .then(
        (result) => answer({ result }),
        (error: Error) => answer({ error: error.message }),
      );
  })
  .on('close', () => process.exit());
