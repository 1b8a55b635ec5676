/** The server's end of a SPDY/3.1 connection: streams that the client opens, over any byte stream. */
// What kubectl speaks for exec, attach and port-forward; like moby/spdystream as client-go uses it.
import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { controlFrame, dataHeading, flagFin, frameType, FrameReader, type Frame } from './frame.ts';
import { HeaderReader, HeaderWriter } from './header-block.ts';
import { SpdyStream, type StreamTransport } from './spdy-stream.ts';

/** Streams open at once; port-forward opens two for each connection. */
const mostStreams = 2000;
const resetCodes = { refused: 3, cancel: 5 } as const;

interface SpdyEvents {
  stream: [SpdyStream];
  close: [];
}

/** Emits 'stream' for each stream, already accepted, and 'close' once. */
export class SpdyConnection extends EventEmitter<SpdyEvents> implements StreamTransport {
  readonly #socket: Duplex;
  readonly #streams = new Map<number, SpdyStream>();
  readonly #frames = new FrameReader();
  readonly #reader = new HeaderReader();
  readonly #writer = new HeaderWriter();
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(socket: Duplex) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', () => this.close());
    socket.on('end', () => this.close());
    socket.on('close', () => this.close());
  }

  /** Ends every stream and the connection under them. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    for (const stream of this.#streams.values()) stream.destroy();
    this.#streams.clear();
    this.#reader.close();
    this.#writer.close();
    this.#socket.end();
    this.emit('close');
  }

  /** Resolves when what was written so far has left; then the connection may be closed without losing any of it. */
  async drained(): Promise<void> {
    await this.#work;
    if (this.#closed || !this.#socket.writable) return;
    await new Promise<void>((resolve) => this.#socket.write(Buffer.alloc(0), () => resolve()));
  }

  sendData(stream: number, payload: Buffer, fin: boolean, sent: (error?: Error | null) => void): void {
    if (this.#closed) return sent(new Error('the connection is closed'));
    this.#socket.cork(); // heading and payload in one piece
    this.#socket.write(dataHeading(stream, payload.length, fin));
    this.#socket.write(payload, sent);
    this.#socket.uncork();
  }

  sendWindowUpdate(stream: number, bytes: number): void {
    // Both of the stream and of the whole connection, which SPDY/3.1 counts under stream 0.
    for (const id of [stream, 0]) this.#send(controlFrame(frameType.windowUpdate, 0, id, bytes));
  }

  sendReset(stream: number): void {
    if (this.#streams.delete(stream)) this.#send(controlFrame(frameType.rstStream, 0, stream, resetCodes.cancel));
  }

  #send(frame: Buffer): void {
    if (!this.#closed && this.#socket.writable) this.#socket.write(frame);
  }

  // One after the other, because headers are read from one zlib stream; while one waits, the socket does.
  #take(chunk: Buffer): void {
    this.#socket.pause();
    this.#work = this.#work
      .then(async () => {
        for (const frame of this.#frames.push(chunk)) if (!this.#closed) await this.#handle(frame);
        if (!this.#closed) this.#socket.resume();
      })
      .catch(() => this.close()); // a peer that breaks the protocol is not talked to further
  }

  async #handle(frame: Frame): Promise<void> {
    if (frame.type === 'data') {
      const stream = this.#streams.get(frame.stream);
      if (frame.payload.length) stream?.receive(frame.payload);
      if (frame.fin) stream?.receive(null);
      return;
    }
    const { control, flags, payload } = frame;
    if (control === frameType.synStream) await this.#open(payload, flags);
    else if (control === frameType.headers) await this.#reader.read(payload.subarray(4));
    else if (control === frameType.rstStream) this.#reset(payload.readUInt32BE(0));
    else if (control === frameType.ping) this.#send(controlFrame(frameType.ping, 0, payload.readUInt32BE(0)));
    else if (control === frameType.goAway) this.close();
  }

  async #open(payload: Buffer, flags: number): Promise<void> {
    const id = payload.readUInt32BE(0) & 0x7fffffff;
    const headers = await this.#reader.read(payload.subarray(10));
    if (this.#streams.size >= mostStreams || this.#streams.has(id)) {
      this.#send(controlFrame(frameType.rstStream, 0, id, resetCodes.refused));
      return;
    }
    const stream = new SpdyStream(id, headers, this);
    this.#streams.set(id, stream);
    stream.on('close', () => this.#streams.delete(id));
    stream.on('error', () => {}); // its user is told by 'close'
    this.#send(controlFrame(frameType.synReply, 0, id, await this.#writer.write(new Map())));
    if (flags & flagFin) stream.receive(null);
    this.emit('stream', stream);
  }

  #reset(id: number): void {
    const stream = this.#streams.get(id);
    this.#streams.delete(id);
    stream?.destroy();
  }
}
