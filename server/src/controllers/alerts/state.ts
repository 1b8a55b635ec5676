/** What becomes of an alert when its rule is asked again: pure, so that its tables can be tested. */
import type { AnyRule, Finding, Fix, Severity } from './rule.ts';

export interface AlertState {
  readonly phase: 'pending' | 'firing' | 'recovering' | 'resolved';
  readonly severity: Severity;
  readonly params: Readonly<Record<string, string>>;
  readonly instances: readonly string[];
  /** When the condition was first seen, in milliseconds since 1970. */
  readonly startedAt: number;
  readonly firedAt?: number;
  /** Since when it is not seen any more. */
  readonly clearSince?: number;
  readonly resolvedAt?: number;
  /** Nobody knows whether it still is so. */
  readonly stale?: boolean;
  /** Fired and resolved so often that it is kept open for longer. */
  readonly timesFired: number;
  readonly witness?: Finding['witness'];
  readonly fixes: readonly Fix[];
  /** What happened before does not count: it was another alert's consequence then. */
  readonly notBefore?: number;
}

export type Times = Pick<AnyRule, 'severity' | 'forSeconds' | 'keepSeconds'>;

export interface Step {
  readonly rule: Times;
  readonly now: number;
  /** Undefined: the rule looked and found nothing. */
  readonly finding: Finding | 'unknown' | undefined;
  /** A change is settling: nothing new fires. */
  readonly rests?: boolean;
  /** What showed it is gone, and the app is well. */
  readonly isOver?: boolean;
}

const second = 1000;
/** An alert that comes and goes is kept open so long. */
const unstableAfter = 4;
const unstableKeep = 15 * 60;

/** The next state; undefined when there is nothing to tell of. */
export function step(
  state: AlertState | undefined,
  { rule, now, finding, rests, isOver }: Step,
): AlertState | undefined {
  if (finding === 'unknown') return state && unknown(state);
  if (finding) return found(state, finding, rule, now, rests === true);
  if (!state || state.phase === 'pending' || state.phase === 'resolved') return undefined;
  const clearSince = state.clearSince ?? now;
  const { stale: _stale, ...known } = state;
  const keep = state.timesFired > unstableAfter ? Math.max(rule.keepSeconds, unstableKeep) : rule.keepSeconds;
  if (isOver || now - clearSince >= keep * second) return { ...known, phase: 'resolved', clearSince, resolvedAt: now };
  return { ...known, phase: 'recovering', clearSince };
}

/** Measurements are missing: what was said stands, and what was only suspected is kept in mind. */
const unknown = (state: AlertState): AlertState | undefined =>
  state.phase === 'firing' || state.phase === 'recovering' ? { ...state, stale: true } : state;

function found(
  state: AlertState | undefined,
  finding: Finding,
  rule: Times,
  now: number,
  rests: boolean,
): AlertState | undefined {
  const what = {
    severity: finding.severity ?? rule.severity,
    params: finding.params,
    instances: finding.instances ?? [],
    fixes: finding.fixes ?? [],
    ...(finding.witness && { witness: finding.witness }),
  };
  if (state && (state.phase === 'firing' || state.phase === 'recovering')) {
    const { clearSince: _clear, stale: _stale, ...known } = state;
    return { ...known, ...what, phase: 'firing' };
  }
  if (rests) return undefined;
  const began = state?.phase === 'pending' ? state.startedAt : now;
  const notBefore = state?.phase === 'pending' ? state.notBefore : undefined;
  const startedAt = Math.max(Math.min(began, finding.since ?? now), notBefore ?? -Infinity);
  const isLong = now - startedAt >= rule.forSeconds * second;
  if (!isLong)
    return { ...what, phase: 'pending', startedAt, timesFired: 0, ...(notBefore !== undefined && { notBefore }) };
  return { ...what, phase: 'firing', startedAt, firedAt: now, timesFired: 1 };
}

/** How long an open alert waits before its rule is asked again though nothing changed: conditions look at the clock, too. */
const tick = 15 * second;

/** Milliseconds until the state may change by itself; undefined: never. */
export function wakeAfter(state: AlertState, rule: Times, now: number): number | undefined {
  switch (state.phase) {
    case 'pending':
      return Math.max(1, Math.min(state.startedAt + rule.forSeconds * second - now, tick));
    case 'firing':
    case 'recovering':
      return tick;
    case 'resolved':
      return undefined;
  }
}
