/** Keeps the last lines of one or several streams, ordered by time; pure but for its own lines. */
import { type LogLine, levelOf, splitStamp } from './log-line';
import { withoutAnsi } from './ansi';

export interface RawLine {
  readonly source: string;
  readonly raw: string;
}

export class LogBuffer {
  readonly #limit: number;
  #lines: LogLine[] = [];
  #nextNumber = 1;
  #nextOlder = -1;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  /**
   * Adds what arrived since the last time; returns the lines anew, so that a signal sees the change. What is older than
   * all of it has negative numbers, so that it does not count as unread.
   */
  add(arrived: readonly RawLine[], areOlder = false): readonly LogLine[] {
    const added = arrived.map(({ source, raw }) => this.#line(source, raw, areOlder));
    added.sort((a, b) => (a.time < b.time ? -1 : a.time > b.time ? 1 : 0));
    const first = added[0];
    const cut = first ? this.#placeOf(first) : this.#lines.length;
    const tail = merge(this.#lines.slice(cut), added);
    this.#lines = [...this.#lines.slice(0, cut), ...tail].slice(-this.#limit);
    return this.#lines;
  }

  clear(): readonly LogLine[] {
    this.#lines = [];
    return this.#lines;
  }

  #line(source: string, raw: string, isOlder: boolean): LogLine {
    const { time, text } = splitStamp(raw);
    return {
      number: isOlder ? this.#nextOlder-- : this.#nextNumber++,
      source,
      time,
      text,
      level: levelOf(withoutAnsi(text)),
    };
  }

  /** Where the first line that is later than this one stands: lines of slower streams belong further up. */
  #placeOf(line: LogLine): number {
    let place = this.#lines.length;
    while (place > 0 && (this.#lines[place - 1]?.time ?? '') > line.time) place--;
    return place;
  }
}

/** Two runs ordered by time become one; of equal times, the first run's come first. */
function merge(before: readonly LogLine[], added: readonly LogLine[]): LogLine[] {
  const merged: LogLine[] = [];
  let next = 0;
  for (const line of before) {
    for (let one = added[next]; one && one.time < line.time; one = added[next]) {
      merged.push(one);
      next++;
    }
    merged.push(line);
  }
  return [...merged, ...added.slice(next)];
}
