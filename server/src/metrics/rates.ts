/** From counters of two looks to bytes a second. Pure. */
import type { Counters } from './look.ts';

/** The order in which the history keeps them. */
export const counterNames = ['networkReceived', 'networkSent', 'diskRead', 'diskWritten'] as const;

/** In the order of counterNames; NaN where there is no telling: at the first look, and after a counter began anew. */
export function ratesBetween(before: Counters | undefined, now: Counters, milliseconds: number): number[] {
  return counterNames.map((name) => {
    const [old, current] = [before?.[name], now[name]];
    if (old === undefined || current === undefined || current < old || milliseconds <= 0) return NaN;
    return ((current - old) * 1000) / milliseconds;
  });
}
