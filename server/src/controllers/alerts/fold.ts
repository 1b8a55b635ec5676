/** Which alerts are told of as part of another one: what follows from a cause, and lesser troubles of an app that has a great one. */
import { isWorse, type AnyRule } from './rule.ts';
import type { AlertState } from './state.ts';

/** One alert of an app, with what decides over it. */
export interface Candidate {
  readonly fingerprint: string;
  readonly rule: AnyRule;
  readonly state: AlertState;
  /** It stands by itself already: people know of it. */
  readonly isTold: boolean;
}

/** An alert of a machine that does not answer. */
export interface OfflineMachine {
  readonly fingerprint: string;
  readonly machine: string;
}

export interface Surroundings {
  readonly offline: readonly OfflineMachine[];
  /** Fingerprints of the alerts of other things that what follows here may come from, the likeliest first. */
  readonly elsewhere?: readonly string[];
  /** The machine that an instance runs on. */
  machineOf(instance: string): string | undefined;
}

export interface Folding {
  /** The alert that each one belongs to which is not told by itself. */
  readonly folded: ReadonlyMap<string, string>;
  /** The alert that each one follows from which is told already. */
  readonly follows: ReadonlyMap<string, string>;
}

/** By fingerprint. */
export function fold(candidates: readonly Candidate[], surroundings: Surroundings): Folding {
  const folded = new Map<string, string>();
  const follows = new Map<string, string>();
  const open = candidates.filter(({ state }) => state.phase !== 'resolved');
  const place = (candidate: Candidate, cause: string | undefined) => {
    if (cause) (candidate.isTold ? follows : folded).set(candidate.fingerprint, cause);
  };
  for (const candidate of open) place(candidate, offlineCause(candidate, surroundings));
  const isFree = ({ fingerprint }: Candidate) => !folded.has(fingerprint) && !follows.has(fingerprint);
  for (const candidate of open.filter(isFree)) {
    if (candidate.rule.role !== 'consequence') continue;
    // A cause that is only suspected so far counts: it will be told, or the consequence will be when it was none.
    const cause = open.find((other) => other.rule.role === 'cause' && !folded.has(other.fingerprint))?.fingerprint;
    place(candidate, cause ?? surroundings.elsewhere?.[0]);
  }
  for (const candidate of open.filter(isFree)) place(candidate, greaterTrouble(candidate, open, folded));
  return { folded: toTheTop(folded, folded), follows: toTheTop(follows, folded) };
}

/** What follows from something that follows itself is told with whatever that is told with. */
function toTheTop(causes: ReadonlyMap<string, string>, folded: ReadonlyMap<string, string>): Map<string, string> {
  const top = (fingerprint: string): string => {
    const next = folded.get(fingerprint);
    return next === undefined ? fingerprint : top(next);
  };
  return new Map([...causes].map(([from, to]) => [from, top(to)]));
}

/** A cause is never hidden by what may follow from it. */
function greaterTrouble(
  { fingerprint, rule, state }: Candidate,
  open: readonly Candidate[],
  folded: ReadonlyMap<string, string>,
): string | undefined {
  return open.find(
    (other) =>
      other.fingerprint !== fingerprint &&
      !folded.has(other.fingerprint) &&
      (other.isTold || other.state.phase === 'firing') &&
      (rule.role !== 'cause' || other.rule.role === 'cause') &&
      isWorse(other.state.severity, state.severity),
  )?.fingerprint;
}

/** All that shows it is on machines that do not answer; what finds no place looks for one that they had. */
function offlineCause({ rule, state }: Candidate, { offline, machineOf }: Surroundings): string | undefined {
  const [first] = offline;
  if (!first) return undefined;
  if (rule.name === 'CannotPlace') return first.fingerprint;
  const machines = state.instances.map(machineOf);
  if (machines.length === 0) return undefined;
  // An instance without a machine has just been taken from one.
  const found = machines.map((machine) => offline.find((one) => machine === undefined || one.machine === machine));
  return found.every(Boolean) ? found[0]!.fingerprint : undefined;
}
