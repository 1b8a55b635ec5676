/** Port-forward over SPDY: for each connection the client opens an error and a data stream that share a request id. */
// Like k8s.io/cri-streaming portforward/httpstream.go.
import type { Duplex } from 'node:stream';
import type { SpdyConnection } from '../spdy/spdy-connection.ts';
import type { SpdyStream } from '../spdy/spdy-stream.ts';

/** Opens a byte stream to a port of the pod. */
export type Dial = (port: number) => Promise<Duplex>;

/** Resolves when the client has gone. */
export function forwardSpdy(connection: SpdyConnection, dial: Dial): Promise<void> {
  const pairs = new Map<string, { error?: SpdyStream; data?: SpdyStream }>();
  connection.on('stream', (stream) => {
    const id = stream.headers.get('requestid') ?? `${stream.headers.get('port')}`;
    const type = stream.headers.get('streamtype');
    const port = Number(stream.headers.get('port'));
    if ((type !== 'error' && type !== 'data') || !isPort(port)) return void stream.destroy();
    const pair = pairs.get(id) ?? {};
    pair[type] = stream;
    pairs.set(id, pair);
    if (!pair.error || !pair.data) return;
    pairs.delete(id);
    void forwardOne(pair.data, pair.error, port, dial);
  });
  return new Promise((resolve) => connection.once('close', resolve));
}

async function forwardOne(data: SpdyStream, error: SpdyStream, port: number, dial: Dial): Promise<void> {
  error.resume(); // the client says nothing on it, but its end must be seen
  let target: Duplex;
  try {
    target = await dial(port);
  } catch (reason) {
    error.end(`failed to forward port ${port}: ${(reason as Error).message}`);
    data.destroy();
    return;
  }
  joinStreams(data, target);
  target.once('close', () => error.end());
}

/** Bytes both ways; either side's end is told to the other, either side's failure ends both. */
export function joinStreams(left: Duplex, right: Duplex): void {
  left.pipe(right).pipe(left);
  left.on('error', () => right.destroy());
  right.on('error', () => left.destroy());
  left.once('close', () => right.destroy());
  right.once('close', () => left.writableEnded || left.end());
}

export const isPort = (value: number): boolean => Number.isInteger(value) && value > 0 && value < 65_536;
