/** A watch on the wire: one JSON document a line, at the speed the client takes them; a client too slow is let go. */
import type { ServerResponse } from 'node:http';
import type { Clock } from '@naru/api/clock';
import type { CacheEvent } from '../watch/cache-event.ts';
import { drained } from './drained.ts';
import { frame, type Flusher, type Frames } from './chunk-frames.ts';

/** Bytes that may wait for one client. Beyond that it is cut off, and will list again. */
const mostWaitingBytes = 4 * 1024 * 1024;
/** Changes that may wait while the initial events are sent; they are shared, so they cost little. */
const mostWaitingEvents = 100_000;
const bookmarkInterval = 60_000;
const chunkSize = 64 * 1024;

export interface WatchStreamOptions {
  readonly response: ServerResponse;
  readonly flusher: Flusher;
  readonly clock: Clock;
  readonly timeoutMilliseconds: number;
  encode(event: CacheEvent): Buffer;
  /** Absent: the client wants none. `initialEnd` marks the one after the initial events. */
  bookmark?: (initialEnd: boolean) => Buffer;
}

export class WatchStream {
  readonly #options: WatchStreamOptions;
  readonly #cleanups: (() => void)[] = [];
  #cancelBookmark = () => {};
  /** Changes that came while the initial events were being sent; undefined afterwards. */
  #waiting: CacheEvent[] | undefined = [];
  /** Lines for the next chunk. */
  #lines: Buffer[] = [];
  #ended = false;

  constructor(options: WatchStreamOptions) {
    this.#options = options;
    options.response.on('close', () => this.#clean());
    this.#cleanups.push(options.clock.after(options.timeoutMilliseconds, () => this.end()));
    this.#cleanups.push(() => this.#cancelBookmark());
    if (options.bookmark) this.#scheduleBookmark(options.bookmark);
  }

  /** Runs once, when the stream is over for whatever reason. */
  onEnd(cleanup: () => void): void {
    if (this.#ended) cleanup();
    else this.#cleanups.push(cleanup);
  }

  readonly deliver = (event: CacheEvent): void => {
    if (this.#ended) return;
    if (!this.#waiting) this.#add(this.#options.encode(event));
    else if (this.#waiting.length < mostWaitingEvents) this.#waiting.push(event);
    else this.#cutOff();
  };

  /** Sends the initial events, then what came meanwhile; from then on changes go out as they come. */
  async begin(initial: Iterable<CacheEvent>, marksInitialEnd: boolean): Promise<void> {
    let size = 0;
    for (const event of initial) {
      if (this.#ended) return;
      const line = this.#options.encode(event);
      this.#lines.push(line);
      size += line.length;
      if (size < chunkSize) continue;
      size = 0;
      if (!this.#write(frame(this.#lines.splice(0)))) await drained(this.#sink);
    }
    if (this.#ended) return;
    if (marksInitialEnd && this.#options.bookmark) this.#lines.push(this.#options.bookmark(true));
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const event of waiting) this.#lines.push(this.#options.encode(event));
    if (this.#lines.length) this.#write(frame(this.#lines.splice(0)));
  }

  /** Called by the flusher. */
  flush(frames: Frames): void {
    if (this.#ended || this.#lines.length === 0) return;
    this.#write(frames.of(this.#lines));
    this.#lines = [];
    if (this.#sink.writableLength > mostWaitingBytes) this.#cutOff();
  }

  /** The stream never began; the response is free for another answer. */
  forget(): void {
    this.#clean();
  }

  /** Closes the stream in good order, with a last bookmark. */
  end(): void {
    if (this.#ended) return;
    if (this.#options.bookmark && !this.#waiting) this.#lines.push(this.#options.bookmark(false));
    if (this.#lines.length) this.#write(frame(this.#lines));
    this.#options.response.end();
    this.#clean();
  }

  #add(line: Buffer): void {
    if (this.#lines.push(line) === 1) this.#options.flusher.schedule(this);
  }

  /** The bare connection: what is written to it is framed already. */
  get #sink() {
    return this.#options.response.socket!;
  }

  #write(framed: Buffer): boolean {
    return this.#options.response.socket?.write(framed) ?? true;
  }

  #cutOff(): void {
    this.#options.response.destroy();
    this.#clean();
  }

  #scheduleBookmark(bookmark: (initialEnd: boolean) => Buffer): void {
    this.#cancelBookmark = this.#options.clock.after(bookmarkInterval, () => {
      if (this.#ended) return;
      if (!this.#waiting) this.#add(bookmark(false));
      this.#scheduleBookmark(bookmark);
    });
  }

  #clean(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting = undefined;
    this.#lines = [];
    for (const cleanup of this.#cleanups) cleanup();
  }
}
