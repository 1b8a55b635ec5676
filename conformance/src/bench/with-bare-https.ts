/** Runs work while the bare HTTPS yardstick listens. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePort } from '../harness/running-naru.ts';

/** `work` gets the yardstick's URL and its process's id. */
export async function withBareHttps<T>(
  dataDirectory: string,
  bytes: number,
  work: (url: string, id: number) => Promise<T>,
): Promise<T> {
  const port = await freePort();
  const script = join(import.meta.dirname, 'bare-https.ts');
  const server = spawn(
    process.execPath,
    ['--no-warnings', script, join(dataDirectory, 'pki'), String(port), String(bytes)],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    await new Promise((resolve, reject) => {
      server.stdout.once('data', resolve);
      server.once('exit', reject);
    });
    return await work(`https://127.0.0.1:${port}/`, server.pid!);
  } finally {
    server.kill('SIGTERM');
  }
}
