/** What the controller remembers of one autoscaler: what it recommended, and what it did. */
// Like recommendations, scaleUpEvents and scaleDownEvents of pkg/controller/podautoscaler.

interface Timed {
  /** Milliseconds since 1970. */
  time: number;
}

export interface Recommendation extends Timed {
  replicas: number;
}

export interface Change extends Timed {
  /** How many pods came, or went. */
  replicas: number;
}

/** The longest window, and the longest period, that a behavior can name. */
const longest = 3_600_000;

export class ScalingMemory {
  #recommendations: Recommendation[];
  #ups: Change[] = [];
  #downs: Change[] = [];

  /** What is there when the controller first looks counts as recommended: a start of the server takes no pods away. */
  constructor(replicas: number, now: number) {
    this.#recommendations = [{ replicas, time: now }];
  }

  get recommendations(): readonly Recommendation[] {
    return this.#recommendations;
  }

  get ups(): readonly Change[] {
    return this.#ups;
  }

  get downs(): readonly Change[] {
    return this.#downs;
  }

  recommend(replicas: number, now: number): void {
    const recent = this.#recommendations.filter(({ time }) => time >= now - longest);
    this.#recommendations = [...recent, { replicas, time: now }];
  }

  scaled(before: number, after: number, now: number): void {
    const change = { replicas: Math.abs(after - before), time: now };
    const recent = (changes: Change[]) => changes.filter(({ time }) => time >= now - longest);
    if (after > before) this.#ups = [...recent(this.#ups), change];
    else this.#downs = [...recent(this.#downs), change];
  }
}
