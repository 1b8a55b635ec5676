/** Probes by running a command in the container: exit code 0 is good. */
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import { longestOutput, type ProbeResult } from './probe-result.ts';

export interface CommandOutcome {
  exitCode: number;
  output: string;
  timedOut: boolean;
}

/** Runs a command to its end and collects what it says. It is killed when its time is over or `signal` aborts. */
export async function runCommand(
  runtime: Pick<ContainerRuntime, 'exec'>,
  containerId: string,
  command: string[],
  { timeoutSeconds, signal }: { timeoutSeconds: number; signal?: AbortSignal },
): Promise<CommandOutcome> {
  const timeout = AbortSignal.timeout(timeoutSeconds * 1000);
  const either = signal ? AbortSignal.any([signal, timeout]) : timeout;
  const streams = await runtime.exec(containerId, { command, stdin: false, tty: false, signal: either });
  let output = '';
  const collect = (chunk: Buffer) => {
    if (output.length < longestOutput) output += chunk.toString('utf8').slice(0, longestOutput - output.length);
  };
  streams.stdout.on('data', collect);
  streams.stderr?.on('data', collect);
  const late = new Promise<undefined>((resolve) => {
    if (either.aborted) resolve(undefined);
    either.addEventListener('abort', () => resolve(undefined), { once: true });
  });
  const exitCode = await Promise.race([streams.exited, late]);
  if (exitCode === undefined) streams.exited.catch(() => {}); // nobody waits for it any more
  return { exitCode: exitCode ?? -1, output, timedOut: exitCode === undefined };
}

export async function probeExec(
  runtime: Pick<ContainerRuntime, 'exec'>,
  containerId: string,
  command: string[],
  timeoutSeconds: number,
): Promise<ProbeResult> {
  try {
    const { exitCode, output, timedOut } = await runCommand(runtime, containerId, command, { timeoutSeconds });
    if (timedOut)
      return {
        result: 'failure',
        output: `command timed out: ${JSON.stringify(command.join(' '))} timed out after ${timeoutSeconds}s`,
      };
    return { result: exitCode === 0 ? 'success' : 'failure', output };
  } catch (error) {
    return { result: 'unknown', output: (error as Error).message };
  }
}
