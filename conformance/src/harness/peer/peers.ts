/** Peers: pods, and a program outside the host, that ask and answer over the network what a suite tells them. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { eventually } from '../eventually.ts';

export type Protocol = 'TCP' | 'UDP';

export interface PeerSettings {
  /** The host's name when not given. */
  name?: string;
  listen?: readonly { protocol: Protocol; port: number; address?: string }[];
  /** Answers HTTP with its name on this port. */
  web?: number;
  /** Takes all that comes on this port. */
  drain?: number;
  first?: readonly Question[];
}

export interface Question {
  protocol: Protocol;
  host: string;
  port: number;
  /** Milliseconds. */
  timeout: number;
  /** Local address and port. */
  source?: string;
  from?: number;
}

export interface LoadResult {
  sent: number;
  answered: number;
  failed: string[];
  /** Answers of each pod. */
  by: Record<string, number>;
}

/** Where a peer takes its orders. The node always reaches its own pods, whatever policies say. */
export const controlPort = 9999;

const program = (): string => stripTypeScriptTypes(readFileSync(join(import.meta.dirname, 'peer-main.ts'), 'utf8'));

/**
 * A container that runs a peer, without name and probes. Its image is the suites' `node:24`. It asks for a share of the
 * processors: without one a pod stands still for seconds on a busy machine.
 */
export const peerContainer = (settings: PeerSettings) => ({
  image: 'node:24',
  imagePullPolicy: 'IfNotPresent',
  resources: { requests: { cpu: '100m' } },
  command: ['node', '--max-semi-space-size=2', '--input-type=module', '-e', program()],
  env: [{ name: 'PEER', value: JSON.stringify({ control: controlPort, ...settings }) }],
});

/** Gives a peer one of its orders (peer-main.ts `commands`). */
export function tell<T>(address: string, command: string, argument: unknown = null): Promise<T> {
  return new Promise((resolve, reject) => {
    const sent = request(
      { host: address, port: controlPort, path: `/${command}`, method: 'POST', agent: false, timeout: 20_000 },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => {
          if (response.statusCode === 200) resolve(JSON.parse(text) as T);
          else reject(new Error(`${command} at ${address}: ${text}`));
        });
      },
    );
    sent.on('timeout', () => sent.destroy(new Error(`${command} at ${address}: no answer`)));
    sent.on('error', reject);
    sent.end(JSON.stringify(argument));
  });
}

/** The answers to all questions, asked at once. */
export const ask = (address: string, questions: readonly Question[]) => tell<string[]>(address, 'ask', questions);

/** Starts a peer beyond the node, on the same segment; the function ends it. */
export async function startOutsidePeer(address: string, settings: PeerSettings): Promise<() => Promise<void>> {
  const [command = '', ...enter] = (process.env['NARU_OUTSIDE'] ?? '').split(' ');
  const env = { ...process.env, PEER: JSON.stringify({ control: controlPort, attached: true, ...settings }) };
  const child = spawn(command, [...enter, process.execPath, '--input-type=module', '-e', program()], {
    env,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await eventually(() => tell(address, 'held'), { what: `the peer at ${address}` });
  return async () => {
    child.kill('SIGKILL');
    await ended;
  };
}
