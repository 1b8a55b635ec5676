/** Node ports and host ports on 127.0.0.1: plain listeners, since the kernel would have to accept loopback addresses from outside (route_localnet) to do it. */
import { createSocket } from 'node:dgram';
import type { RemoteInfo, Socket as UdpSocket } from 'node:dgram';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import type { Clock } from '@naru/api/clock';

export interface LocalPort {
  protocol: 'TCP' | 'UDP' | 'SCTP';
  port: number;
  /** `address:port`. */
  targets: readonly string[];
}

interface Listener {
  targets: readonly string[];
  close(): void;
}

export interface LocalNodePortsOptions {
  clock: Clock;
  /** A port on which something else listens already, and the like. */
  onError(port: number, error: Error): void;
  random?: () => number;
}

const loopback = '127.0.0.1';
/** A UDP flow that was silent so long is forgotten, as the kernel does. */
const udpIdle = 60_000;
const mostUdpFlows = 1000;

const split = (target: string): { host: string; port: number } => {
  const colon = target.lastIndexOf(':');
  return { host: target.slice(0, colon), port: Number(target.slice(colon + 1)) };
};

export class LocalNodePorts {
  readonly #options: LocalNodePortsOptions;
  /** What each owner (a service, a pod) wants listened on. */
  readonly #wanted = new Map<string, readonly LocalPort[]>();
  readonly #listeners = new Map<string, Listener>();

  constructor(options: LocalNodePortsOptions) {
    this.#options = options;
  }

  /** Ports without targets are not listened on, so that a client is refused at once. SCTP has no listeners in Node. */
  put(owner: string, ports: readonly LocalPort[]): void {
    const served = ports.filter(({ targets, protocol }) => targets.length > 0 && protocol !== 'SCTP');
    const old = this.#wanted.get(owner) ?? [];
    if (served.length > 0) this.#wanted.set(owner, served);
    else this.#wanted.delete(owner);
    const keep = new Set(served.map(keyOf));
    for (const port of old) if (!keep.has(keyOf(port))) this.#stop(keyOf(port));
    for (const port of served) this.#listen(port);
  }

  close(): void {
    for (const key of [...this.#listeners.keys()]) this.#stop(key);
    this.#wanted.clear();
  }

  #stop(key: string): void {
    this.#listeners.get(key)?.close();
    this.#listeners.delete(key);
  }

  #listen(wanted: LocalPort): void {
    const key = keyOf(wanted);
    const listener = this.#listeners.get(key);
    if (listener) {
      listener.targets = wanted.targets;
      return;
    }
    const fresh: Listener = { targets: wanted.targets, close: () => {} };
    this.#listeners.set(key, fresh);
    const failed = (error: Error) => {
      this.#options.onError(wanted.port, error);
      // The next change of the service tries again.
      if (this.#listeners.get(key) === fresh) this.#listeners.delete(key);
      fresh.close();
    };
    if (wanted.protocol === 'UDP') listenUdp(fresh, wanted.port, { ...this.#options, failed });
    else listenTcp(fresh, wanted.port, { ...this.#options, failed });
  }
}

const keyOf = ({ protocol, port }: LocalPort) => `${protocol} ${port}`;

interface ListenContext {
  clock: Clock;
  random?: () => number;
  failed(error: Error): void;
}

function anyOf(targets: readonly string[], random = Math.random): { host: string; port: number } {
  return split(targets[Math.floor(random() * targets.length)] ?? '');
}

function listenTcp(listener: Listener, port: number, { random, failed }: ListenContext): void {
  const open = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    const backend = connect({ ...anyOf(listener.targets, random), allowHalfOpen: true });
    for (const [socket, other] of [
      [client, backend],
      [backend, client],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => other.resetAndDestroy());
      socket.on('close', () => {
        open.delete(socket);
        if (!other.writableEnded) other.destroy();
      });
    }
    backend.once('connect', () => {
      client.pipe(backend);
      backend.pipe(client);
    });
  });
  server.on('error', failed);
  server.listen(port, loopback);
  server.unref();
  listener.close = () => {
    server.close();
    for (const socket of open) socket.destroy();
  };
}

function listenUdp(listener: Listener, port: number, { clock, random, failed }: ListenContext): void {
  const flows = new Map<string, { backend: UdpSocket; forget: () => void }>();
  const server = createSocket('udp4');

  const flowOf = (client: RemoteInfo): UdpSocket | undefined => {
    const key = `${client.address}:${client.port}`;
    const known = flows.get(key);
    known?.forget();
    if (!known && flows.size >= mostUdpFlows) return undefined;
    const backend = known?.backend ?? createSocket('udp4');
    const end = () => {
      flows.get(key)?.forget();
      if (flows.delete(key)) backend.close();
    };
    flows.set(key, { backend, forget: clock.after(udpIdle, end) });
    if (known) return backend;
    backend.on('error', end);
    backend.on('message', (answer) => server.send(answer, client.port, client.address));
    const target = anyOf(listener.targets, random);
    backend.connect(target.port, target.host);
    return backend;
  };

  server.on('error', failed);
  server.on('message', (message, client) => {
    const backend = flowOf(client);
    if (!backend) return; // as a full table of the kernel would: the client asks again
    const send = () => backend.send(message);
    if (isConnected(backend)) send();
    else backend.once('connect', send);
  });
  server.bind(port, loopback);
  server.unref();
  listener.close = () => {
    for (const { backend, forget } of flows.values()) {
      forget();
      backend.close();
    }
    flows.clear();
    try {
      server.close();
    } catch {
      // It never came up.
    }
  };
}

function isConnected(socket: UdpSocket): boolean {
  try {
    return socket.remoteAddress() !== undefined;
  } catch {
    return false;
  }
}
