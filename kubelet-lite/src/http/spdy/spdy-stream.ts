/** One stream of a SPDY connection as a Node duplex, with the flow control of both directions. */
import { Duplex } from 'node:stream';
import type { Headers } from './header-block.ts';

/** Bytes that may be on their way before the receiver has said it took some; the protocol's initial value. */
export const initialWindow = 64 * 1024;
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
  #sendWindow = initialWindow;
  #waiting: (() => void) | undefined;
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

  widen(bytes: number): void {
    this.#sendWindow += bytes;
    const continueWriting = this.#waiting;
    this.#waiting = undefined;
    continueWriting?.();
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
    if (this.#sendWindow <= 0) {
      this.#waiting = () => this._write(chunk, _encoding, done);
      return;
    }
    const piece = chunk.subarray(0, Math.min(chunk.length, this.#sendWindow, largestWrite));
    this.#sendWindow -= piece.length;
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
    this.#waiting = undefined;
    done(error);
  }
}
