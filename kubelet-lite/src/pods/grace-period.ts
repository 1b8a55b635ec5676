/** The time a pod has to end. It runs from the moment its end was decided, and can only become shorter. */
import type { Clock } from '@naru/api/clock';
import type { Pod } from './pod.ts';

const defaultGrace = 30;

export class GracePeriod {
  readonly #clock: Clock;
  readonly #listeners = new Set<() => void>();
  #endsAt: number;

  constructor(clock: Clock, seconds: number) {
    this.#clock = clock;
    this.#endsAt = clock.now() + seconds * 1000;
  }

  /** Seconds, not below 0. */
  get left(): number {
    return Math.max(0, (this.#endsAt - this.#clock.now()) / 1000);
  }

  /** Ends it at the latest in so many seconds. */
  shorten(seconds: number): void {
    const endsAt = this.#clock.now() + seconds * 1000;
    if (endsAt >= this.#endsAt) return;
    this.#endsAt = endsAt;
    for (const listener of this.#listeners) listener();
  }

  /** Calls back whenever it becomes shorter. Returns the function that ends it. */
  onShorter(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Resolves after `seconds`, when the period is over, or when `signal` aborts, whatever is first. */
  wait(seconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      let cancel: () => void = () => {};
      const stop = this.onShorter(() => arm());
      const wakeAt = this.#clock.now() + seconds * 1000;
      const done = () => {
        cancel();
        stop();
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const arm = () => {
        cancel();
        cancel = this.#clock.after(Math.max(0, Math.min(wakeAt, this.#endsAt) - this.#clock.now()), done);
      };
      signal?.addEventListener('abort', done, { once: true });
      arm();
    });
  }
}

/** Seconds. What the deletion asked for goes before what the pod is defined with; one second is the least. */
// Like pod_workers.calculateEffectiveGracePeriod.
export function graceSeconds(pod: Pod): number {
  const asked = pod.metadata.deletionTimestamp ? pod.metadata.deletionGracePeriodSeconds : undefined;
  return Math.max(1, asked ?? pod.spec.terminationGracePeriodSeconds ?? defaultGrace);
}
