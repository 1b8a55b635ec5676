/** Holds a directory for one process: an abstract unix socket named after it, which the kernel frees however the process ends. */
// A pid file would outlive a kill, and Node has no flock. Abstract names are seen within one network namespace.
import { stat } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { codeOf } from './file-layer.ts';

const ANSWER_MILLISECONDS = 1_000;

/** Answers the function that lets go. Throws when another process holds the directory, naming its pid. */
export async function lockDirectory(directory: string): Promise<() => Promise<void>> {
  const name = await socketNameOf(directory);
  const server = createServer((socket) => {
    socket.on('error', () => {}); // Whoever asked has gone.
    socket.end(String(process.pid));
  });
  try {
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(name, resolve));
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw new Error(`${directory} is in use by process ${await holderOf(name)}`);
  }
  server.unref();
  return () => new Promise((resolve) => server.close(() => resolve()));
}

/** By device and inode, so that a link or another mount of the directory finds the same lock. */
async function socketNameOf(directory: string): Promise<string> {
  const { dev, ino } = await stat(directory, { bigint: true });
  return `\0naru-store-${dev}-${ino}`;
}

function holderOf(name: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(name).setEncoding('utf8').setTimeout(ANSWER_MILLISECONDS);
    const tell = () => {
      socket.destroy();
      resolve(/^\d{1,10}$/.test(answer) ? answer : '(it does not answer)');
    };
    socket.on('data', (text: string) => (answer += text));
    socket.on('timeout', tell).on('error', tell).on('end', tell);
  });
}
