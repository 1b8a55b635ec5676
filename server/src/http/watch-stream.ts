/** A watch on the wire: one JSON document a line, at the speed the client takes them; a client too slow is let go. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Clock } from '@naru/api/clock';
import type { CacheEvent } from '../watch/cache-event.ts';

/** Bytes that may wait for one client. Beyond that it is cut off, and will list again. */
const mostWaitingBytes = 4 * 1024 * 1024;
/** Changes that may wait while the initial events are sent; they are shared, so they cost little. */
const mostWaitingEvents = 100_000;
const bookmarkInterval = 60_000;

export interface WatchStreamOptions {
  readonly response: ServerResponse;
  readonly clock: Clock;
  readonly timeoutMilliseconds: number;
  encode(event: CacheEvent): Buffer;
  /** Absent: the client wants none. `initialEnd` marks the one after the initial events. */
  bookmark?: (initialEnd: boolean) => Buffer;
}

export class WatchStream {
  readonly #options: WatchStreamOptions;
  readonly #cleanups: (() => void)[] = [];
  /** Changes that came while the initial events were being sent; undefined afterwards. */
  #waiting: CacheEvent[] | undefined = [];
  #ended = false;

  constructor(options: WatchStreamOptions) {
    this.#options = options;
    options.response.on('close', () => this.#clean());
    this.#cleanups.push(options.clock.after(options.timeoutMilliseconds, () => this.end()));
    if (options.bookmark) this.#scheduleBookmark(options.bookmark);
  }

  /** Runs once, when the stream is over for whatever reason. */
  onEnd(cleanup: () => void): void {
    if (this.#ended) cleanup();
    else this.#cleanups.push(cleanup);
  }

  readonly deliver = (event: CacheEvent): void => {
    if (this.#ended) return;
    if (!this.#waiting) this.#write(this.#options.encode(event));
    else if (this.#waiting.length < mostWaitingEvents) this.#waiting.push(event);
    else this.#cutOff();
  };

  /** Sends the initial events, then what came meanwhile; from then on changes go out as they come. */
  async begin(initial: Iterable<CacheEvent>, marksInitialEnd: boolean): Promise<void> {
    for (const event of initial) {
      if (this.#ended) return;
      const line = this.#options.encode(event);
      if (!this.#options.response.write(line)) await this.#drained();
    }
    if (this.#ended) return;
    if (marksInitialEnd && this.#options.bookmark) this.#write(this.#options.bookmark(true));
    const waiting = this.#waiting ?? [];
    this.#waiting = undefined;
    for (const event of waiting) this.deliver(event);
  }

  /** Closes the stream in good order, with a last bookmark. */
  end(): void {
    if (this.#ended) return;
    if (this.#options.bookmark && !this.#waiting) this.#write(this.#options.bookmark(false));
    this.#options.response.end();
    this.#clean();
  }

  /** The stream never began; the response is free for another answer. */
  forget(): void {
    this.#clean();
  }

  async #drained(): Promise<void> {
    const { response } = this.#options;
    const abort = new AbortController();
    try {
      await Promise.race([
        once(response, 'drain', { signal: abort.signal }),
        once(response, 'close', { signal: abort.signal }),
      ]);
    } finally {
      abort.abort();
    }
  }

  #write(line: Buffer): void {
    const { response } = this.#options;
    response.write(line);
    if (response.writableLength > mostWaitingBytes) this.#cutOff();
  }

  #cutOff(): void {
    this.#options.response.destroy();
    this.#clean();
  }

  #scheduleBookmark(bookmark: (initialEnd: boolean) => Buffer): void {
    const cancel = this.#options.clock.after(bookmarkInterval, () => {
      if (this.#ended) return;
      if (!this.#waiting) this.#write(bookmark(false));
      this.#scheduleBookmark(bookmark);
    });
    this.#cleanups[1] = cancel;
  }

  #clean(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#waiting = undefined;
    for (const cleanup of this.#cleanups) cleanup();
  }
}
