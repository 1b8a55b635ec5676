/** Which keys a loop still has to look at. */
// Like client-go's workqueue: fair (in order of arrival), stingy (a key waits once, however often it is added),
// one worker per key, and late (a key can be added after a while, or after a growing while when it failed).
import type { Clock } from '@naru/api/clock';

const firstRetry = 5;
const longestRetry = 1_000_000;
/** What a timer can hold, some 24 days; a key that is due later comes too early and waits again. */
const longestTimer = 2 ** 31 - 1;

export interface WorkQueueOptions {
  clock: Clock;
  /** Keys worked on at the same time; one key never twice. */
  workers: number;
  /** What it throws is for onError; the key comes again later. */
  work(key: string): Promise<void>;
  onError(key: string, error: unknown): void;
}

export class WorkQueue {
  readonly #options: WorkQueueOptions;
  /** Since the beginning. */
  readonly counts = { adds: 0, retries: 0 };
  readonly #waiting = new Set<string>();
  readonly #working = new Set<string>();
  readonly #later = new Map<string, { at: number; cancel: () => void }>();
  readonly #failures = new Map<string, number>();
  #running = false;
  #dispatching = false;

  constructor(options: WorkQueueOptions) {
    this.#options = options;
  }

  /** Keys that wait or are worked on; those added for later do not count. */
  get length(): number {
    return this.#waiting.size + this.#working.size;
  }

  add(key: string): void {
    this.counts.adds++;
    this.#waiting.add(key);
    this.#dispatch();
  }

  /** Adds the key after `milliseconds`; of several such calls the soonest counts. */
  addAfter(key: string, milliseconds: number): void {
    if (milliseconds <= 0) return this.add(key);
    const { clock } = this.#options;
    const pause = Math.min(milliseconds, longestTimer);
    const at = clock.now() + pause;
    const planned = this.#later.get(key);
    if (planned && planned.at <= at) return;
    planned?.cancel();
    const cancel = clock.after(pause, () => {
      this.#later.delete(key);
      this.add(key);
    });
    this.#later.set(key, { at, cancel });
  }

  /** Adds the key after 5 ms, doubled with every failure in a row, 1000 s at most. */
  addRateLimited(key: string): void {
    this.counts.retries++;
    const failures = this.#failures.get(key) ?? 0;
    this.#failures.set(key, failures + 1);
    this.addAfter(key, Math.min(firstRetry * 2 ** failures, longestRetry));
  }

  /** The key did well: its next failure is its first. */
  forget(key: string): void {
    this.#failures.delete(key);
  }

  start(): void {
    this.#running = true;
    this.#dispatch();
  }

  /** Starts no more work; what is being worked on ends by itself. */
  stop(): void {
    this.#running = false;
    for (const { cancel } of this.#later.values()) cancel();
    this.#later.clear();
    this.#waiting.clear();
  }

  #dispatch(): void {
    if (this.#dispatching || !this.#running || this.#waiting.size === 0) return;
    this.#dispatching = true;
    // A turn of the event loop lets several events of one cause become one key, and I/O get its share.
    setImmediate(() => {
      this.#dispatching = false;
      this.#begin();
    });
  }

  #begin(): void {
    for (const key of this.#waiting) {
      if (this.#working.size >= this.#options.workers) return;
      if (this.#working.has(key)) continue;
      this.#waiting.delete(key);
      this.#working.add(key);
      void this.#work(key);
    }
  }

  async #work(key: string): Promise<void> {
    try {
      await this.#options.work(key);
      this.forget(key);
    } catch (error) {
      this.#options.onError(key, error);
      if (this.#running) this.addRateLimited(key);
    } finally {
      this.#working.delete(key);
      this.#dispatch();
    }
  }
}
