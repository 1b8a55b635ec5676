/** An exec or attach over SPDY: one stream for each of error, stdin, stdout, stderr and resize, named by a header. */
// Like k8s.io/cri-streaming remotecommand/httpstream.go.
import { PassThrough, type Readable, type Writable } from 'node:stream';
import type { SpdyConnection } from '../spdy/spdy-connection.ts';
import type { SpdyStream } from '../spdy/spdy-stream.ts';
import {
  parseTerminalSize,
  type CommandStatus,
  type RemoteSession,
  type TerminalSize,
  type WantedStreams,
} from './remote-session.ts';

/** Best first. From v4 on the error stream carries a Status, before that text. */
export const spdyProtocols = ['v4.channel.k8s.io', 'v3.channel.k8s.io', 'v2.channel.k8s.io', 'channel.k8s.io'] as const;
export type SpdyProtocol = (typeof spdyProtocols)[number];

const patience = 30_000;

/** Resolves when the client has opened every stream it asked for. Throws when it does not within half a minute. */
export async function spdySession(
  connection: SpdyConnection,
  protocol: SpdyProtocol,
  wanted: WantedStreams,
): Promise<RemoteSession> {
  const streams = await expectStreams(connection, expectedStreams(protocol, wanted));
  const stream = (name: string) => streams.get(name) ?? null;
  let gone = false;
  connection.on('close', () => (gone = true));
  const [stdin, stdout, stderr] = [stream('stdin'), stream('stdout'), stream('stderr')];
  return {
    stdin: stdin as Readable | null,
    stdout: stdout as Writable | null,
    stderr: stderr as Writable | null,
    onResize: (listener) => listenForSizes(stream('resize'), listener),
    onGone(listener) {
      if (gone) listener();
      else connection.once('close', listener);
    },
    async finish(status) {
      if (gone) return;
      // Our end of stdin only now: clients take it for the command's end and stop sending input.
      for (const output of [stdin, stdout, stderr]) await ended(output, undefined);
      await ended(stream('error'), protocol === 'v4.channel.k8s.io' ? JSON.stringify(status) : textOf(status));
      await connection.drained();
      connection.close();
    },
  };
}

function expectedStreams(protocol: SpdyProtocol, { stdin, stdout, stderr, tty }: WantedStreams): string[] {
  const resizes = tty && (protocol === 'v4.channel.k8s.io' || protocol === 'v3.channel.k8s.io');
  return [
    'error',
    ...(stdin ? ['stdin'] : []),
    ...(stdout ? ['stdout'] : []),
    ...(stderr && !tty ? ['stderr'] : []),
    ...(resizes ? ['resize'] : []),
  ];
}

function expectStreams(connection: SpdyConnection, names: readonly string[]): Promise<Map<string, SpdyStream>> {
  return new Promise((resolve, reject) => {
    const streams = new Map<string, SpdyStream>();
    const timer = setTimeout(() => finish(new Error('timed out waiting for client to create streams')), patience);
    const onClose = () => finish(new Error('the client has gone'));
    const onStream = (stream: SpdyStream) => {
      streams.set(stream.headers.get('streamtype') ?? '', stream);
      if (names.every((name) => streams.has(name))) finish();
    };
    const finish = (error?: Error) => {
      clearTimeout(timer);
      connection.off('stream', onStream).off('close', onClose);
      if (error) reject(error);
      else resolve(streams);
    };
    connection.on('stream', onStream).on('close', onClose);
  });
}

// One JSON document after another; kubectl ends each with a newline and sends each in a frame of its own.
function listenForSizes(stream: Readable | null, listener: (size: TerminalSize) => void): void {
  let rest = '';
  stream?.pipe(new PassThrough()).on('data', (chunk: Buffer) => {
    const texts = `${rest}${chunk.toString()}`.split('\n');
    rest = (texts.pop() ?? '').slice(-1000);
    for (const size of texts.map(parseTerminalSize)) if (size) listener(size);
  });
}

const textOf = ({ status, message }: CommandStatus) => (status === 'Success' ? '' : (message ?? 'failed'));

function ended(stream: Writable | null, last: string | undefined): Promise<void> {
  return new Promise((resolve) => {
    if (!stream || stream.destroyed) return resolve();
    stream.once('close', () => resolve());
    stream.end(last ?? '', () => resolve());
  });
}
