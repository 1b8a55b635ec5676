/** One stream of a SPDY connection as a Node duplex. */
// client-go never says that it took anything (it sends no WINDOW_UPDATE), so what is sent is held back by the socket
// alone; what is received is told of, for clients that do keep count.
import { Duplex } from 'node:stream';
import type { Headers } from './header-block.ts';

const largestWrite = 32 * 1024;

/** What a stream needs of its connection. */
export interface StreamTransport {
  /** Calls back when the bytes were handed to the socket. */
  sendData(stream: number, payload: Buffer, fin: boolean, sent: (error?: Error | null) => void): void;
  sendWindowUpdate(stream: number, bytes: number): void;
  sendReset(stream: number): void;
}

export class SpdyStream extends Duplex {
  readonly id: number;
  readonly headers: Headers;
  readonly #transport: StreamTransport;
  #received: { bytes: number; chunk: Buffer | null }[] = [];
  #flowing = false;
  #peerEnded = false;

  constructor(id: number, headers: Headers, transport: StreamTransport) {
    super({ allowHalfOpen: true });
    this.id = id;
    this.headers = headers;
    this.#transport = transport;
  }

  /** Bytes from the peer; null when it has sent its last. */
  receive(chunk: Buffer | null): void {
    if (this.#peerEnded || this.destroyed) return;
    this.#peerEnded = chunk === null;
    this.#received.push({ bytes: chunk?.length ?? 0, chunk });
    if (this.#flowing) this.#deliver();
  }

  override _read(): void {
    this.#flowing = true;
    this.#deliver();
  }

  // The peer gets room for more only as the reader here takes what came: that is the back-pressure.
  #deliver(): void {
    while (this.#flowing && this.#received.length) {
      const { bytes, chunk } = this.#received.shift()!;
      if (bytes) this.#transport.sendWindowUpdate(this.id, bytes);
      this.#flowing = this.push(chunk);
    }
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    const piece = chunk.subarray(0, largestWrite);
    const rest = chunk.subarray(piece.length);
    this.#transport.sendData(this.id, piece, false, (error) => {
      if (error || !rest.length) done(error);
      else this._write(rest, _encoding, done);
    });
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#transport.sendData(this.id, Buffer.alloc(0), true, done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    if (!this.writableFinished || !this.#peerEnded) this.#transport.sendReset(this.id);
    done(error);
  }
}
