/** The client's side of an exec or attach, whichever protocol carries it. */
import type { Readable, Writable } from 'node:stream';

/** Which streams the client asked for. */
export interface WantedStreams {
  stdin: boolean;
  stdout: boolean;
  stderr: boolean;
  tty: boolean;
}

/** How it ended: a Status of the API, of which exec uses only this much. */
export interface CommandStatus {
  metadata: Record<string, never>;
  status: 'Success' | 'Failure';
  reason?: string;
  message?: string;
  details?: { causes: { reason: string; message: string }[] };
  code?: number;
}

export interface TerminalSize {
  width: number;
  height: number;
}

export interface RemoteSession {
  /** Null when the client did not ask for it. */
  stdin: Readable | null;
  stdout: Writable | null;
  stderr: Writable | null;
  onResize(listener: (size: TerminalSize) => void): void;
  /** Called once when the client has gone; at once when it already has. */
  onGone(listener: () => void): void;
  /** Sends the end to the client after everything before it, then closes. */
  finish(status: CommandStatus): Promise<void>;
}

/** The status of a command that ended with this code. */
// Like k8s.io/cri-streaming remotecommand/exec.go.
export function statusOfExit(exitCode: number): CommandStatus {
  if (exitCode === 0) return { metadata: {}, status: 'Success' };
  return {
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: exit status ${exitCode}`,
    details: { causes: [{ reason: 'ExitCode', message: String(exitCode) }] },
  };
}

export const statusOfFailure = (error: unknown): CommandStatus => ({
  metadata: {},
  status: 'Failure',
  reason: 'InternalError',
  message: `Internal error occurred: error executing command in container: ${error instanceof Error ? error.message : String(error)}`,
  details: {
    causes: [
      {
        reason: '',
        message: `error executing command in container: ${error instanceof Error ? error.message : String(error)}`,
      },
    ],
  },
  code: 500,
});

/** Terminal sizes arrive as JSON; anything else is not a size. */
export function parseTerminalSize(text: string): TerminalSize | undefined {
  try {
    const { Width, Height } = JSON.parse(text) as { Width?: unknown; Height?: unknown };
    if (!isSide(Width) || !isSide(Height)) return undefined;
    return { width: Width, height: Height };
  } catch {
    return undefined;
  }
}

const isSide = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) > 0 && (value as number) <= 0xffff;
