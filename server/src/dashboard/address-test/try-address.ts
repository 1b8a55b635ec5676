/** Tries an address the way a client would, step by step: its name, a connection, an answer over HTTP. */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect } from 'node:net';

export interface TestedAddress {
  /** To be looked up first; without one the host is an address already. */
  readonly name?: string;
  readonly host?: string;
  readonly port: number;
  readonly secure: boolean;
}

export interface Step {
  readonly step: 'name' | 'connect' | 'http';
  readonly ok: boolean;
  readonly milliseconds: number;
  /** The addresses of a name, the status of an answer, or what went wrong. */
  readonly detail: string;
}

export interface Means {
  /** Addresses of a name. Rejects when it has none. */
  resolve(name: string): Promise<readonly string[]>;
  /** Milliseconds that only grow. */
  now(): number;
}

const patience = 3000;

/** Ends with the first step that fails. What answers, but not over HTTP, is no failure: then there is no last step. */
export async function tryAddress(address: TestedAddress, means: Means): Promise<Step[]> {
  const steps: Step[] = [];
  const measured = async <T>(step: Step['step'], work: () => Promise<T>, tell: (value: T) => string) => {
    const started = means.now();
    const passed = () => Math.round((means.now() - started) * 10) / 10;
    try {
      const value = await work();
      steps.push({ step, ok: true, milliseconds: passed(), detail: tell(value) });
      return value;
    } catch (error) {
      steps.push({ step, ok: false, milliseconds: passed(), detail: reasonOf(error) });
      return undefined;
    }
  };
  const { name, port } = address;
  const found =
    name === undefined
      ? [address.host ?? '']
      : await measured(
          'name',
          () => means.resolve(name),
          (all) => all.join(', '),
        );
  const host = found?.[0];
  if (host === undefined) return steps;
  const connected = await measured(
    'connect',
    () => connectTo(host, port),
    () => `${host}:${port}`,
  );
  if (connected === undefined) return steps;
  const started = means.now();
  const status = await statusOf(host, address).catch(() => undefined);
  if (status !== undefined)
    steps.push({
      step: 'http',
      ok: status < 500,
      milliseconds: Math.round(means.now() - started),
      detail: String(status),
    });
  return steps;
}

function connectTo(host: string, port: number): Promise<true> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, timeout: patience });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('timeout', () => socket.destroy(new Error('timeout')));
    socket.once('error', reject);
  });
}

/** Of the root page. Rejects for what speaks no HTTP. */
function statusOf(host: string, { name, port, secure }: TestedAddress): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = name === undefined ? {} : { host: `${name}:${port}` };
    const options = { host, port, path: '/', headers, timeout: patience, rejectUnauthorized: false, agent: false };
    const asking = (secure ? httpsRequest : httpRequest)(options, (answer) => {
      answer.destroy();
      resolve(answer.statusCode ?? 0);
    });
    asking.once('timeout', () => asking.destroy(new Error('timeout')));
    asking.once('error', reject);
    asking.end();
  });
}

function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return code ?? message;
}
