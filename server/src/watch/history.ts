/** The latest changes of one resource, so that a watch can start in the past. */
import type { CacheEvent } from './cache-event.ts';

const keepAlways = 1_000;
const keepAtMost = 100_000;
const keepMilliseconds = 5 * 60_000;

export class History {
  #events: CacheEvent[] = [];
  #head = 0;
  #floor: number;

  /** All changes after revision `floor` will be added. */
  constructor(floor: number) {
    this.#floor = floor;
  }

  /** The oldest revision a watch can start after. */
  get floor(): number {
    return this.#floor;
  }

  /** Nothing before `floor` is known. */
  raiseFloor(floor: number): void {
    this.#floor = Math.max(this.#floor, floor);
  }

  add(event: CacheEvent): void {
    this.#events.push(event);
    this.#trim(event.time);
  }

  /** The events after `revision`, oldest first. */
  after(revision: number): CacheEvent[] {
    let low = this.#head;
    let high = this.#events.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#events[middle]!.revision <= revision) low = middle + 1;
      else high = middle;
    }
    return this.#events.slice(low);
  }

  #trim(now: number): void {
    let oldest = this.#events[this.#head];
    while (oldest && this.#isTooMuch(oldest, now)) {
      this.#floor = oldest.revision;
      this.#head++;
      oldest = this.#events[this.#head];
    }
    if (this.#head > 1024 && this.#head > this.#events.length / 2) {
      this.#events = this.#events.slice(this.#head);
      this.#head = 0;
    }
  }

  #isTooMuch(oldest: CacheEvent, now: number): boolean {
    const count = this.#events.length - this.#head;
    return count > keepAtMost || (count > keepAlways && now - oldest.time > keepMilliseconds);
  }
}
