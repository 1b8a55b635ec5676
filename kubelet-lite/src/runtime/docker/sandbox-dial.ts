/** Connections into a pod's network: a small process enters it, connects, and hands the socket over. */
import { spawn, type ChildProcess } from 'node:child_process';
import { connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '@naru/api/clock';
import { RuntimeError } from '../container-runtime.ts';

/** A process that nobody needs for so long ends; port-forward opens many connections one after the other. */
const idleAfter = 20_000;
const dialDeadline = 30_000;

// Runs inside the pod's network namespace. Like the kubelet: localhost, IPv4 before IPv6.
const program = `
const net = require('node:net');
process.on('disconnect', () => process.exit(0));
process.on('message', ({ id, port }) => dial(id, port, ['127.0.0.1', '::1']));
function dial(id, port, [host, ...others]) {
  const socket = net.connect({ host, port });
  socket.once('connect', () => process.send({ id }, socket));
  socket.once('error', (error) => others.length ? dial(id, port, others) : process.send({ id, error: error.message }));
}
process.send({ ready: true });
`;

type Reply = { ready?: true; id?: number; error?: string };

class Dialer {
  readonly #child: ChildProcess;
  readonly #waiting = new Map<number, { resolve(socket: Socket): void; reject(error: Error): void }>();
  readonly #ready: Promise<void>;
  #next = 0;
  #cancelIdle: () => void = () => {};

  constructor(pid: number, clock: Clock, ended: () => void) {
    const netns = `--net=/proc/${pid}/ns/net`;
    this.#child = spawn('nsenter', [netns, process.execPath, '-e', program], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: {},
    });
    this.#ready = new Promise((resolve, reject) => {
      this.#child.on('message', (reply: Reply, socket) => {
        if (reply.ready) resolve();
        else this.#settle(reply, socket as Socket | undefined);
      });
      this.#child.once('error', reject);
      this.#child.once('exit', () => reject(new Error('cannot enter the network of the pod')));
    });
    this.#ready.catch(() => {});
    this.#child.once('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('cannot enter the network of the pod'));
      ended();
    });
    this.#idle = () => {
      this.#cancelIdle();
      this.#cancelIdle = clock.after(idleAfter, () => this.close());
    };
  }

  readonly #idle: () => void;

  async dial(port: number): Promise<Socket> {
    this.#cancelIdle();
    await this.#ready;
    const id = this.#next++;
    const socket = new Promise<Socket>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#child.send({ id, port });
    return socket.finally(() => {
      this.#waiting.delete(id);
      if (this.#waiting.size === 0) this.#idle();
    });
  }

  close(): void {
    this.#cancelIdle();
    this.#child.disconnect?.();
  }

  #settle({ id = -1, error }: Reply, socket: Socket | undefined): void {
    const waiting = this.#waiting.get(id);
    if (!waiting) return void socket?.destroy();
    if (socket) waiting.resolve(socket);
    else waiting.reject(new Error(error ?? 'no connection'));
  }
}

export class SandboxDialers {
  readonly #clock: Clock;
  readonly #dialers = new Map<number, Dialer>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `hostNetwork`: the sandbox has no network of its own to enter. Throws RuntimeError when nothing listens. */
  async dial({ pid, hostNetwork }: { pid: number; hostNetwork: boolean }, port: number): Promise<Duplex> {
    try {
      if (hostNetwork) return await dialHere(port);
      return await this.#dialer(pid).dial(port);
    } catch (error) {
      const message = (error as Error).message;
      throw new RuntimeError('DialError', `failed to connect to localhost:${port} inside the pod: ${message}`);
    }
  }

  close(): void {
    for (const dialer of this.#dialers.values()) dialer.close();
  }

  #dialer(pid: number): Dialer {
    const known = this.#dialers.get(pid);
    if (known) return known;
    const dialer = new Dialer(pid, this.#clock, () => this.#dialers.delete(pid));
    this.#dialers.set(pid, dialer);
    return dialer;
  }
}

function dialHere(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: dialDeadline });
    socket.once('connect', () => resolve(socket.setTimeout(0)));
    socket.once('timeout', () => socket.destroy(new Error('no answer')));
    socket.once('error', reject);
  });
}
