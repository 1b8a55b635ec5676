/** When what was ready was not any more, by what it belongs to. A status tells only of the last time, so the earlier ones are remembered. */

export const window = 15 * 60_000;
const most = 100;

export class Losses {
  readonly #times = new Map<string, number[]>();

  note(key: string, now: number): void {
    this.#times.set(key, [...this.#recent(key, now), now].slice(-most));
  }

  /** Within the last quarter of an hour. */
  count(key: string, now: number): number {
    const recent = this.#recent(key, now);
    if (recent.length === 0) this.#times.delete(key);
    return recent.length;
  }

  #recent(key: string, now: number): number[] {
    return (this.#times.get(key) ?? []).filter((at) => now - at < window);
  }
}
