/** Reads the logs of the containers a target names, follows them, and joins instances that come later. */
import { type Signal, signal } from '@angular/core';
import { type Failure, asFailure } from '../cluster/failure';
import type { RawLine } from './log-buffer';
import { LogBuffer } from './log-buffer';
import { LineSplitter } from './line-splitter';
import { readLogSocket } from './log-socket';
import type { LogLine } from './log-line';

export interface LogSource {
  readonly project: string;
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
  /** Shown before the line in a merged view. */
  readonly label: string;
}

const limit = 50_000;
const firstLines = 2000;
const flushEvery = 120;
const again = 2000;

export class LogReader {
  readonly #buffer = new LogBuffer(limit);
  readonly #lines = signal<readonly LogLine[]>([]);
  readonly #failure = signal<Failure | undefined>(undefined);
  readonly #read = new Map<string, AbortController>();
  #arrived: RawLine[] = [];
  #flushing: ReturnType<typeof setTimeout> | undefined;

  readonly lines: Signal<readonly LogLine[]> = this.#lines.asReadonly();
  /** Why nothing can be read, until something can. */
  readonly failure = this.#failure.asReadonly();

  /** Reads these and no others from now on; what is read already goes on. */
  follow(sources: readonly LogSource[]): void {
    const wanted = new Map(sources.map((source) => [JSON.stringify(source), source]));
    for (const [key, controller] of this.#read) {
      if (wanted.has(key)) continue;
      // What a container wrote last arrives after it is gone: the stream ends by itself then.
      if (sources.length === 0) controller.abort();
    }
    for (const [key, source] of wanted) {
      if (this.#read.has(key)) continue;
      const controller = new AbortController();
      this.#read.set(key, controller);
      void this.#readOn(source, key, controller.signal);
    }
  }

  clear(): void {
    this.#lines.set(this.#buffer.clear());
  }

  stop(): void {
    for (const controller of this.#read.values()) controller.abort();
    clearTimeout(this.#flushing);
  }

  async #readOn(source: LogSource, key: string, signal: AbortSignal): Promise<void> {
    let since = '';
    while (!signal.aborted) {
      try {
        since = await this.#readOnce(source, since, signal);
        this.#failure.set(undefined);
        if (source.previous) return;
      } catch (error) {
        if (signal.aborted) return;
        this.#failure.set(asFailure(error));
        // Gone for good: an app's next instance is a source of its own.
        if (asFailure(error).status.code === 404) return void this.#read.delete(key);
      }
      await new Promise((resolve) => setTimeout(resolve, again));
    }
  }

  /** One request; the time of the last line it brought. */
  async #readOnce(source: LogSource, since: string, signal: AbortSignal): Promise<string> {
    const { project, pod, container, previous, label } = source;
    const query: Record<string, string> = { container, timestamps: 'true' };
    if (previous) query['previous'] = 'true';
    else query['follow'] = 'true';
    if (since) query['sinceTime'] = since;
    else query['tailLines'] = String(firstLines);
    const splitter = new LineSplitter();
    let last = since;
    const take = (lines: string[]) => {
      for (const raw of lines) {
        const time = raw.slice(0, raw.indexOf(' '));
        // `sinceTime` is inclusive: the line it names came before.
        if (since && time <= since) continue;
        this.#arrived.push({ source: label, raw });
        last = time;
      }
      this.#flushSoon();
    };
    for await (const bytes of readLogSocket(`/api/v1/namespaces/${project}/pods/${pod}/log`, query, signal)) {
      this.#failure.set(undefined);
      take(splitter.push(bytes));
    }
    take(splitter.end());
    return last;
  }

  #flushSoon(): void {
    this.#flushing ??= setTimeout(() => {
      this.#flushing = undefined;
      this.#lines.set(this.#buffer.add(this.#arrived.splice(0)));
    }, flushEvery);
  }
}
