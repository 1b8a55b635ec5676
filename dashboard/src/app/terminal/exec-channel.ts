/** The frames of a remote command: v5.channel.k8s.io, one byte of channel before the data. Pure. */
export const execProtocol = 'v5.channel.k8s.io';

const channels = { stdin: 0, stdout: 1, stderr: 2, error: 3, resize: 4 } as const;

export type ExecFrame =
  | { readonly kind: 'output'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'ended';
      readonly success: boolean;
      readonly message: string;
      readonly exitCode: number | undefined;
    }
  | { readonly kind: 'other' };

export function inputFrame(text: string): Uint8Array {
  return withChannel(channels.stdin, new TextEncoder().encode(text));
}

export function resizeFrame(columns: number, rows: number): Uint8Array {
  return withChannel(channels.resize, new TextEncoder().encode(JSON.stringify({ Width: columns, Height: rows })));
}

export function readFrame(data: ArrayBuffer): ExecFrame {
  const bytes = new Uint8Array(data);
  const channel = bytes[0];
  const rest = bytes.subarray(1);
  if (channel === channels.stdout || channel === channels.stderr) return { kind: 'output', bytes: rest };
  if (channel === channels.error) return endOf(new TextDecoder().decode(rest));
  return { kind: 'other' };
}

/** The command's end comes as a Status; its exit code is among the causes. */
function endOf(text: string): ExecFrame {
  try {
    const status = JSON.parse(text) as {
      status?: string;
      message?: string;
      details?: { causes?: { reason?: string; message?: string }[] };
    };
    const code = status.details?.causes?.find(({ reason }) => reason === 'ExitCode')?.message;
    return {
      kind: 'ended',
      success: status.status === 'Success',
      message: status.message ?? '',
      exitCode: code === undefined ? undefined : Number(code),
    };
  } catch {
    // Engines answer with plain text when the command could not even start.
    return { kind: 'ended', success: false, message: text, exitCode: undefined };
  }
}

/** bash when there is one, else sh. */
export const shellCommand: readonly string[] = ['sh', '-c', 'command -v bash >/dev/null 2>&1 && exec bash || exec sh'];

export function execPath(project: string, pod: string, container: string): string {
  const query = new URLSearchParams({ container, stdin: 'true', stdout: 'true', stderr: 'false', tty: 'true' });
  for (const part of shellCommand) query.append('command', part);
  return `/api/v1/namespaces/${project}/pods/${pod}/exec?${query.toString()}`;
}

function withChannel(channel: number, data: Uint8Array): Uint8Array {
  const frame = new Uint8Array(data.length + 1);
  frame[0] = channel;
  frame.set(data, 1);
  return frame;
}
