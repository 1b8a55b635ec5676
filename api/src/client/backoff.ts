/** Growing pauses between attempts, with jitter so that many clients do not return in one wave. */

export interface Backoff {
  /** Milliseconds to wait now; each call grows the next one. */
  next(): number;
  reset(): void;
}

/** Doubles from `initial` to `cap` milliseconds; each pause is lengthened by up to `jitter` of itself. `random` is in [0, 1). */
export function backoff({ initial = 800, cap = 30_000, jitter = 1, random = Math.random } = {}): Backoff {
  let current = initial;
  return {
    next() {
      const pause = current;
      current = Math.min(current * 2, cap);
      return Math.min(pause * (1 + jitter * random()), cap);
    },
    reset() {
      current = initial;
    },
  };
}
