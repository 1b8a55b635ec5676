/** Starts processes in network namespaces of their own and speaks to them; nothing of it touches the machine's own network. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface Peer {
  pid: number;
  call<T = string>(command: string, argument?: unknown): Promise<T>;
  end(): Promise<void>;
}

const program = fileURLToPath(new URL('./peer-main.ts', import.meta.url));

/** Why namespaces cannot be made here; undefined: they can. */
export function whyNoNamespaces(): string | undefined {
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const missing = ['unshare', 'nsenter', 'nft', 'ip', 'iptables', 'conntrack'].filter(
    (tool) => !['/usr/sbin', '/usr/bin', '/sbin', '/bin'].some((folder) => existsSync(`${folder}/${tool}`)),
  );
  return missing.length > 0 ? `not installed: ${missing.join(', ')}` : undefined;
}

export async function startPeer(): Promise<Peer> {
  const child = spawn('unshare', ['--net', process.execPath, '--no-warnings', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let next = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { id, result, error } = JSON.parse(line) as { id: number; result?: unknown; error?: string };
    const waiter = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) waiter?.resolve(result);
    else waiter?.reject(new Error(error));
  });
  const exited = new Promise<void>((resolve) => {
    child.on('exit', () => {
      for (const waiter of waiting.values()) waiter.reject(new Error('the peer ended'));
      resolve();
    });
  });
  const peer: Peer = {
    pid: child.pid ?? 0,
    call: <T>(command: string, argument?: unknown) =>
      new Promise<T>((resolve, reject) => {
        const id = next++;
        waiting.set(id, { resolve: resolve as (value: unknown) => void, reject });
        child.stdin.write(`${JSON.stringify({ id, command, argument })}\n`);
      }),
    async end() {
      child.stdin.end();
      await exited;
    },
  };
  await peer.call('run', ['ip', 'link', 'set', 'lo', 'up']);
  return peer;
}
