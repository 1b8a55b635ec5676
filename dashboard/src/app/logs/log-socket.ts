/** Reads a log over a socket of its own: browsers allow six connections to a host for everything else together. */
import { type Failure, asFailure, failureOf } from '../cluster/failure';

/** The log's bytes as they come; throws the Failure that the server answered with, or that nothing answered. */
export async function* readLogSocket(
  path: string,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const origin = location.origin.replace('http', 'ws');
  const socket = new WebSocket(`${origin}${path}?${new URLSearchParams(query).toString()}`);
  socket.binaryType = 'arraybuffer';
  const arrived: Uint8Array[] = [];
  let end: { readonly failure?: Failure } | undefined;
  let wake = (): void => {};
  const finish = (failure?: Failure) => {
    end ??= failure ? { failure } : {};
    wake();
  };
  socket.onmessage = ({ data }: MessageEvent<ArrayBuffer | string>) => {
    if (typeof data === 'string') return finish(refusalOf(data));
    arrived.push(new Uint8Array(data));
    wake();
  };
  socket.onclose = ({ code }) => finish(code === 1000 ? undefined : asFailure(new Error(`WebSocket ${code}`)));
  const abort = () => socket.close();
  signal.addEventListener('abort', abort);
  try {
    for (;;) {
      while (arrived.length > 0) yield arrived.shift()!;
      if (end?.failure) throw end.failure;
      if (end || signal.aborted) return;
      await new Promise<void>((resolve) => (wake = resolve));
    }
  } finally {
    signal.removeEventListener('abort', abort);
    socket.close();
  }
}

function refusalOf(text: string): Failure {
  try {
    return failureOf(500, JSON.parse(text));
  } catch {
    // Whatever stands between us and the server may say something of its own.
    return asFailure(new Error(text));
  }
}
