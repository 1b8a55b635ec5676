/** What has to be asked for again and again, while its page is open and seen. */
import { DestroyRef, type Signal, effect, inject, signal, untracked } from '@angular/core';
import { type Failure, asFailure } from '../cluster/failure';

export interface Polled<T> {
  /** Undefined before the first answer. */
  readonly value: Signal<T | undefined>;
  readonly failure: Signal<Failure | undefined>;
}

/**
 * To be called where things are injected. `ask` reads signals: when they change it is asked at once; it returns undefined
 * for nothing to ask. `every` is in milliseconds.
 */
export function polled<T>(ask: () => Promise<T> | undefined, every: number): Polled<T> {
  const value = signal<T | undefined>(undefined);
  const failure = signal<Failure | undefined>(undefined);
  let turn = 0;
  const take = async (asked: Promise<T>) => {
    const mine = ++turn;
    try {
      const answer = await asked;
      if (mine !== turn) return;
      value.set(answer);
      failure.set(undefined);
    } catch (error) {
      if (mine === turn) failure.set(asFailure(error));
    }
  };
  effect(() => {
    const asked = ask();
    if (asked) untracked(() => void take(asked));
  });
  const timer = setInterval(() => {
    const asked = document.hidden ? undefined : untracked(ask);
    if (asked) void take(asked);
  }, every);
  inject(DestroyRef).onDestroy(() => clearInterval(timer));
  return { value: value.asReadonly(), failure: failure.asReadonly() };
}
