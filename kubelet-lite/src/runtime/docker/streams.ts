/** exec and attach: processes in containers and their streams. */
import { PassThrough, type Duplex } from 'node:stream';
import type { AttachOptions, ExecOptions, ProcessStreams } from '../container-runtime.ts';
import type { Engine } from './engine.ts';
import { frames } from './frames.ts';

interface ExecInspection {
  Running: boolean;
  ExitCode: number | null;
  /** In the engine's PID namespace, which is the agent's where both run on the host. */
  Pid: number;
}

/** How to kill a process of the host: `-pid` stands for its group. */
export type Kill = (pid: number, signal: 'SIGKILL') => void;

export async function execInContainer(
  engine: Engine,
  containerId: string,
  options: ExecOptions,
  kill: Kill,
): Promise<ProcessStreams> {
  const { command, stdin, tty, env = [] } = options;
  const { Id } = await engine.call<{ Id: string }>({
    what: `exec in container ${containerId}`,
    method: 'POST',
    path: `/containers/${containerId}/exec`,
    body: {
      AttachStdin: stdin,
      AttachStdout: true,
      AttachStderr: true,
      Tty: tty,
      Cmd: command,
      Env: env.map(({ name, value }) => `${name}=${value}`),
    },
  });
  const path = `/exec/${Id}`;
  const connection = await engine.hijack({
    what: `start exec in container ${containerId}`,
    method: 'POST',
    path: `${path}/start`,
    body: { Detach: false, Tty: tty },
  });
  const inspect = () => engine.call<ExecInspection>({ what: 'inspect exec', method: 'GET', path: `${path}/json` });
  return processStreams(connection, options, {
    resize: ({ width, height }) =>
      engine.call({ what: 'resize exec', method: 'POST', path: `${path}/resize`, query: size(width, height) }),
    exitCode: () => exitCodeOf(inspect),
    end: async () => {
      const { Running, Pid } = await inspect();
      if (Running && Pid > 1) killGroup(Pid, kill);
    },
  });
}

export async function attachToContainer(
  engine: Engine,
  containerId: string,
  options: AttachOptions,
): Promise<ProcessStreams> {
  const path = `/containers/${containerId}`;
  const connection = await engine.hijack({
    what: `attach to container ${containerId}`,
    method: 'POST',
    path: `${path}/attach`,
    query: { stream: '1', stdout: '1', stderr: '1', stdin: options.stdin ? '1' : '0' },
  });
  const streams = processStreams(connection, options, {
    resize: ({ width, height }) =>
      engine.call({ what: 'resize container', method: 'POST', path: `${path}/resize`, query: size(width, height) }),
    exitCode: () => Promise.resolve(0),
    end: () => Promise.resolve(),
  });
  const staysOpen = options.stdin && (options.tty || !options.stdinOnce);
  return staysOpen ? { ...streams, stdin: inputThatStaysOpen(connection) } : streams;
}

// The engine answers the end of such an input, and of any terminal's, by ending the output too, though the process goes on.
function inputThatStaysOpen(connection: Duplex): PassThrough {
  const input = new PassThrough();
  input.pipe(connection, { end: false });
  return input;
}

const size = (width: number, height: number) => ({ w: String(width), h: String(height) });

interface ProcessControl {
  resize(size: { width: number; height: number }): Promise<unknown>;
  exitCode(): Promise<number>;
  end(): Promise<void>;
}

function processStreams(
  connection: Duplex,
  { stdin, tty, signal }: Omit<ExecOptions, 'command'>,
  control: ProcessControl,
): ProcessStreams {
  const stdout = new PassThrough();
  const stderr = tty ? null : new PassThrough();
  const finished = pump(connection, stdout, stderr).finally(() => {
    stdout.end();
    stderr?.end();
  });
  const close = () => {
    connection.destroy();
    void control.end().catch(() => {}); // it has ended by itself
  };
  if (signal?.aborted) close();
  signal?.addEventListener('abort', close, { once: true });
  const exited = finished.then(() => control.exitCode());
  exited.catch(() => {}).finally(() => signal?.removeEventListener('abort', close));
  return {
    stdin: stdin ? connection : null,
    stdout,
    stderr,
    resize: async (to) => void (await control.resize(to)),
    exited,
    close,
  };
}

/** Carries the engine's bytes on, no faster than they are read. Resolves when the connection ends, however it does. */
async function pump(connection: Duplex, stdout: PassThrough, stderr: PassThrough | null): Promise<void> {
  const write = async (target: PassThrough, content: Buffer) => {
    if (!target.destroyed && !target.write(content)) await drained(target);
  };
  try {
    if (!stderr) for await (const chunk of connection) await write(stdout, chunk as Buffer);
    else
      for await (const { stream, content } of frames(connection))
        await write(stream === 'stderr' ? stderr : stdout, content);
  } catch {
    // A connection that breaks ends the streams; the exit code tells what became of the process.
  }
}

const drained = (stream: PassThrough) =>
  new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
  });

/** The engine closes the streams a moment before it notes the exit code. */
async function exitCodeOf(inspect: () => Promise<ExecInspection>): Promise<number> {
  for (let wait = 1; wait < 1000; wait *= 2) {
    const { Running, ExitCode } = await inspect();
    if (!Running && ExitCode !== null) return ExitCode;
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
  return 137; // still running: whoever called has let go of it
}

// The process is the leader of its session, so its group is all that it started and did not hide away.
function killGroup(pid: number, kill: Kill): void {
  try {
    kill(-pid, 'SIGKILL');
  } catch {
    try {
      kill(pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}
