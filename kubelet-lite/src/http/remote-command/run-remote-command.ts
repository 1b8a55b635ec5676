/** Joins a client's streams with those of a process, and ends each when the other ends. */
import { finished } from 'node:stream/promises';
import type { ProcessStreams } from '../../runtime/container-runtime.ts';
import { statusOfExit, statusOfFailure, type RemoteSession } from './remote-session.ts';

/** Resolves when the client has been told the end, or has gone; by then the process was let go of. */
export async function runRemoteCommand(session: RemoteSession, start: () => Promise<ProcessStreams>): Promise<void> {
  let process: ProcessStreams;
  try {
    process = await start();
  } catch (error) {
    await session.finish(statusOfFailure(error));
    return;
  }
  // A client that closed its tab must not leave its shell running.
  session.onGone(() => process.close());
  session.onResize((size) => void process.resize(size).catch(() => {})); // it may have ended meanwhile
  joinStdin(session, process);
  process.stdout.on('error', () => {});
  process.stderr?.on('error', () => {});
  const outputs = [
    forward(process.stdout, session.stdout),
    ...(process.stderr ? [forward(process.stderr, session.stderr)] : []),
  ];
  try {
    const exitCode = await process.exited;
    await Promise.all(outputs);
    await session.finish(statusOfExit(exitCode));
  } catch (error) {
    await session.finish(statusOfFailure(error));
  }
}

function joinStdin(session: RemoteSession, process: ProcessStreams): void {
  if (!session.stdin || !process.stdin) return;
  session.stdin.on('error', () => process.stdin?.end());
  process.stdin.on('error', () => {}); // the process may end while input is on its way
  session.stdin.pipe(process.stdin);
}

// What nobody asked for is read all the same: a process must not block on a full pipe.
async function forward(from: NodeJS.ReadableStream, to: NodeJS.WritableStream | null): Promise<void> {
  if (to) from.pipe(to, { end: false });
  else from.resume();
  await finished(from, { writable: false }).catch(() => {}); // a stream that broke has nothing more to say
}
