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

export const mostLines = 50_000;
const firstLines = 2000;
const flushEvery = 120;
const again = 2000;

export class LogReader {
  readonly #buffer = new LogBuffer(mostLines);
  readonly #lines = signal<readonly LogLine[]>([]);
  readonly #failure = signal<Failure | undefined>(undefined);
  readonly #read = new Map<string, AbortController>();
  readonly #older = signal<'maybe' | 'reading' | 'none'>('maybe');
  #sources: readonly LogSource[] = [];
  /** Lines from the end that were asked for of each source. */
  #asked = firstLines;
  #since: number | undefined;
  #arrived: RawLine[] = [];
  #flushing: ReturnType<typeof setTimeout> | undefined;

  readonly lines: Signal<readonly LogLine[]> = this.#lines.asReadonly();
  /** Why nothing can be read, until something can. */
  readonly failure = this.#failure.asReadonly();

  /** Whether there are lines before the first one. */
  readonly older = this.#older.asReadonly();

  /** Reads these and no others from now on; what is read already goes on, unless it is to begin at another time. */
  follow(sources: readonly LogSource[], sinceSeconds?: number): void {
    if (sinceSeconds !== this.#since) this.startOver();
    this.#since = sinceSeconds;
    this.#sources = sources;
    if (sinceSeconds !== undefined) this.#older.set('none');
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

  /** Reads what was written before the first line of each source. Servers count from the end only, so all of it comes again. */
  async readOlder(): Promise<void> {
    if (this.#older() !== 'maybe') return;
    this.#older.set('reading');
    this.#asked = Math.min(this.#asked * 4, mostLines);
    try {
      const found = await Promise.all(this.#sources.map((source) => this.#before(source)));
      this.#lines.set(
        this.#buffer.add(
          found.flatMap(({ lines }) => lines),
          true,
        ),
      );
      const isAll = found.every(({ isWhole }) => isWhole) || this.#lines().length >= mostLines;
      this.#older.set(isAll ? 'none' : 'maybe');
    } catch (error) {
      this.#failure.set(asFailure(error));
      this.#older.set('maybe');
    }
  }

  async #before(source: LogSource): Promise<{ lines: RawLine[]; isWhole: boolean }> {
    const first = this.#lines().find((line) => line.source === source.label)?.time;
    const query = { ...queryOf(source), tailLines: String(this.#asked) };
    const splitter = new LineSplitter();
    const raw: string[] = [];
    for await (const bytes of readLogSocket(pathOf(source), query, new AbortController().signal))
      raw.push(...splitter.push(bytes));
    raw.push(...splitter.end());
    const older = raw.filter((text) => first === undefined || timeOf(text) < first);
    return { lines: older.map((text) => ({ source: source.label, raw: text })), isWhole: raw.length < this.#asked };
  }

  /** Forgets what was read, and reads it anew when told what to follow. */
  startOver(): void {
    for (const controller of this.#read.values()) controller.abort();
    this.#read.clear();
    this.#arrived = [];
    this.#asked = firstLines;
    this.#older.set('maybe');
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
    const query = queryOf(source);
    if (!source.previous) query['follow'] = 'true';
    if (since) query['sinceTime'] = since;
    else if (this.#since !== undefined) query['sinceSeconds'] = String(this.#since);
    else query['tailLines'] = String(firstLines);
    const splitter = new LineSplitter();
    let last = since;
    const take = (lines: string[]) => {
      for (const raw of lines) {
        const time = timeOf(raw);
        // `sinceTime` is inclusive: the line it names came before.
        if (since && time <= since) continue;
        this.#arrived.push({ source: source.label, raw });
        last = time;
      }
      this.#flushSoon();
    };
    for await (const bytes of readLogSocket(pathOf(source), query, signal)) {
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

const pathOf = ({ project, pod }: LogSource): string => `/api/v1/namespaces/${project}/pods/${pod}/log`;

function queryOf({ container, previous }: LogSource): Record<string, string> {
  return { container, timestamps: 'true', ...(previous ? { previous: 'true' } : {}) };
}

/** The stamp before a line. */
const timeOf = (raw: string): string => raw.slice(0, raw.indexOf(' '));
