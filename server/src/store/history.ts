/** The newest changes in revision order, kept within limits, so that a watch can start in the past. */
import type { Clock } from '@naru/api/clock';
import { Compacted, type Change } from './store.ts';

export interface HistoryLimits {
  /** As many changes stay, however old they are. */
  readonly minimumChanges: number;
  readonly maximumChanges: number;
  /** Of values that stand no more: those that stand are held anyway. */
  readonly maximumBytes: number;
  readonly milliseconds: number;
}

// Like the apiserver's watch cache (75 s and at most 102,400 events), but long enough for an agent to come back after a restart.
export const historyLimits: HistoryLimits = {
  minimumChanges: 1_000,
  maximumChanges: 100_000,
  maximumBytes: 64 * 1024 * 1024,
  milliseconds: 5 * 60_000,
};

/** All that one revision changed. */
export interface Step {
  readonly revision: number;
  readonly changes: readonly Change[];
}

interface KeptStep extends Step {
  readonly at: number;
  readonly bytes: number;
}

export class History {
  readonly #clock: Clock;
  readonly #limits: HistoryLimits;
  #steps: KeptStep[] = [];
  /** Where the kept part of `#steps` starts: dropping from the front of an array costs its length. */
  #first = 0;
  #changes = 0;
  #bytes = 0;
  #oldest: number;

  constructor({ clock, limits, oldest }: { clock: Clock; limits: HistoryLimits; oldest: number }) {
    this.#clock = clock;
    this.#limits = limits;
    this.#oldest = oldest;
  }

  /** The first revision a watch can start after. */
  get oldest(): number {
    return this.#oldest;
  }

  add({ revision, changes }: Step): void {
    const bytes = changes.reduce((sum, { previous }) => sum + (previous?.value.length ?? 0), 0);
    this.#steps.push({ revision, changes, bytes, at: this.#clock.now() });
    this.#changes += changes.length;
    this.#bytes += bytes;
    this.#trim();
  }

  /** Throws Compacted when `from` is before the oldest revision kept. */
  after(from: number): readonly Step[] {
    if (from < this.#oldest) throw new Compacted(this.#oldest);
    let low = this.#first;
    let high = this.#steps.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#steps[middle] as KeptStep).revision <= from) low = middle + 1;
      else high = middle;
    }
    return this.#steps.slice(low);
  }

  #trim(): void {
    const old = this.#clock.now() - this.#limits.milliseconds;
    for (let step = this.#steps[this.#first]; step && this.#exceeded(step.at < old); step = this.#steps[this.#first]) {
      this.#first += 1;
      this.#changes -= step.changes.length;
      this.#bytes -= step.bytes;
      this.#oldest = step.revision;
    }
    if (this.#first > 1024 && this.#first * 2 > this.#steps.length) {
      this.#steps = this.#steps.slice(this.#first);
      this.#first = 0;
    }
  }

  #exceeded(isOld: boolean): boolean {
    const { minimumChanges, maximumChanges, maximumBytes } = this.#limits;
    if (this.#changes > maximumChanges || this.#bytes > maximumBytes) return true;
    return isOld && this.#changes > minimumChanges;
  }
}
