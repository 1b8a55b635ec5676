/** A WebSocket whose messages each belong to a numbered channel: the first byte, or in base64 form the first digit. */
// Like apimachinery pkg/util/httpstream/wsstream and wire version v5 of kubectl.
import { PassThrough, Writable, type Readable } from 'node:stream';
import type { WebSocket } from 'ws';

const closeChannel = 255;

export interface ChannelProtocol {
  /** As it stands in Sec-WebSocket-Protocol. */
  name: string;
  base64: boolean;
  /** Whether the error channel carries a Status rather than text. */
  status: boolean;
  /** Whether either side can end one channel: message [255, channel]. */
  closes: boolean;
}

const protocol = (name: string, features: Partial<ChannelProtocol> = {}): ChannelProtocol => ({
  name,
  base64: false,
  status: false,
  closes: false,
  ...features,
});

/** Best first. A client that offers none speaks the first form there was. */
export const channelProtocols: readonly ChannelProtocol[] = [
  protocol('v5.channel.k8s.io', { status: true, closes: true }),
  protocol('v4.channel.k8s.io', { status: true }),
  protocol('v4.base64.channel.k8s.io', { status: true, base64: true }),
  protocol('v3.channel.k8s.io'),
  protocol('v2.channel.k8s.io'),
  protocol('channel.k8s.io'),
  protocol('base64.channel.k8s.io', { base64: true }),
];

export const plainProtocol: ChannelProtocol = protocol('');

export class ChannelSocket {
  readonly protocol: ChannelProtocol;
  readonly #socket: WebSocket;
  readonly #inputs = new Map<number, PassThrough>();

  constructor(socket: WebSocket, channelProtocol: ChannelProtocol) {
    this.protocol = channelProtocol;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#receive(this.#split(data)));
    socket.on('close', () => this.#endInputs());
    socket.on('error', () => {}); // 'close' follows
  }

  /** What the client sends on a channel. Name every channel before the first message can arrive: others are dropped. */
  input(channel: number): Readable {
    const input = new PassThrough();
    input.on('drain', () => this.#socket.resume());
    this.#inputs.set(channel, input);
    return input;
  }

  /** Each write is one message. */
  output(channel: number): Writable {
    return new Writable({
      write: (chunk: Buffer, _encoding, done) => this.#send(channel, chunk, done),
    });
  }

  send(channel: number, message: string | Buffer): Promise<void> {
    return new Promise((resolve) => this.#send(channel, Buffer.from(message), () => resolve()));
  }

  onGone(listener: () => void): void {
    if (this.#socket.readyState >= this.#socket.CLOSING) listener();
    else this.#socket.once('close', listener);
  }

  close(): void {
    this.#socket.close(1000);
  }

  #send(channel: number, message: Buffer, done: (error?: Error | null) => void): void {
    const { base64 } = this.protocol;
    const data = base64 ? `${channel}${message.toString('base64')}` : Buffer.concat([Buffer.of(channel), message]);
    this.#socket.send(data, { binary: !base64 }, (error) => done(error ?? null));
  }

  #split(data: Buffer): { channel: number; message: Buffer } {
    if (!this.protocol.base64) return { channel: data[0] ?? 0, message: data.subarray(1) };
    return { channel: (data[0] ?? 48) - 48, message: Buffer.from(data.toString('latin1', 1), 'base64') };
  }

  #receive({ channel, message }: { channel: number; message: Buffer }): void {
    if (channel === closeChannel && this.protocol.closes) this.#inputs.get(message[0] ?? closeChannel)?.end();
    const input = this.#inputs.get(channel);
    if (!input || input.writableEnded || !message.length) return;
    if (!input.write(message)) this.#socket.pause();
  }

  #endInputs(): void {
    for (const input of this.#inputs.values()) input.end();
  }
}
