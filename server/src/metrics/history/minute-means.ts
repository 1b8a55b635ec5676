/** Means of the values of each whole minute. */

type Values = readonly (readonly [id: number, values: readonly number[]])[];

interface Sum {
  totals: number[];
  counts: number[];
}

export class MinuteMeans {
  readonly #emit: (time: number, values: Values) => void;
  #minute: number | undefined;
  #sums = new Map<number, Sum>();

  /** `emit` is told a minute when it is over; `time` is its beginning. Values that are no number are left out. */
  constructor(emit: (time: number, values: Values) => void) {
    this.#emit = emit;
  }

  add(time: number, values: Values): void {
    const minute = time - (time % 60_000);
    if (this.#minute !== minute) this.finish();
    this.#minute = minute;
    for (const [id, row] of values) {
      const sum = this.#sums.get(id) ?? { totals: row.map(() => 0), counts: row.map(() => 0) };
      this.#sums.set(id, sum);
      row.forEach((value, index) => {
        if (Number.isNaN(value)) return;
        sum.totals[index] = (sum.totals[index] ?? 0) + value;
        sum.counts[index] = (sum.counts[index] ?? 0) + 1;
      });
    }
  }

  /** Tells the minute that has begun, as far as it has come. */
  finish(): void {
    if (this.#minute === undefined) return;
    const means = [...this.#sums].map(
      ([id, { totals, counts }]) => [id, totals.map((total, index) => total / (counts[index] ?? 0))] as const,
    );
    const time = this.#minute;
    this.#minute = undefined;
    this.#sums = new Map();
    this.#emit(
      time,
      means.sort(([one], [other]) => one - other),
    );
  }
}
