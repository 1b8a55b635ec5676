/** Whether an app is still settling after somebody changed it, so that what it goes through is nobody's news. */
import type { AppView } from './views/app.ts';
import { appKey, type Key } from './subjects.ts';

const atLeast = 60_000;

export class Changes {
  readonly #known = new Map<Key, { changedAt: number; settled: boolean }>();

  /** Milliseconds since 1970 until when it rests; undefined: it does not. */
  restsUntil(view: AppView, now: number): number | undefined {
    const { changedAt, deadline } = view;
    if (changedAt === undefined) return undefined;
    const key = appKey(view);
    let known = this.#known.get(key);
    if (known?.changedAt !== changedAt) this.#known.set(key, (known = { changedAt, settled: false }));
    known.settled ||= view.isSettled;
    const until = changedAt + (known.settled ? atLeast : Math.max(atLeast, deadline));
    return until > now ? until : undefined;
  }

  forget(key: Key): void {
    this.#known.delete(key);
  }
}
