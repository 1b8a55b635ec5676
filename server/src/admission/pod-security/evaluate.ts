/** What a level finds wrong with a pod. */
// Like policy/registry.go and AggregateCheckResults of k8s.io/pod-security-admission.
import { baselineChecks } from './baseline.ts';
import { containersOf, type Check, type PodLike, type PodSpec, type Violation } from './check.ts';
import type { LevelVersion } from './policy.ts';
import { restrictedChecks } from './restricted.ts';

/** A pod, or what pods are made from. */
export interface PodTemplate {
  metadata?: { annotations?: Record<string, string> };
  spec?: PodSpec;
}

export function violations({ level, minor }: LevelVersion, { metadata, spec = {} }: PodTemplate): Violation[] {
  if (level === 'privileged') return [];
  const pod: PodLike = {
    annotations: metadata?.annotations ?? {},
    spec,
    containers: containersOf(spec),
    minor,
  };
  return checksOf(level, minor).flatMap((check) => check.violation(pod) ?? []);
}

function checksOf(level: 'baseline' | 'restricted', minor: number): Check[] {
  const has = ({ since = 0 }: Check) => minor >= since;
  if (level === 'baseline') return baselineChecks.filter(has);
  const own = restrictedChecks.filter(has);
  const needless = own.flatMap(({ overrides = [] }) => overrides);
  return [...baselineChecks.filter((check) => has(check) && !needless.includes(check.id)), ...own];
}

/** All that is wrong, for whoever wrote the pod. */
export const detailsOf = (found: readonly Violation[]): string =>
  found.map(({ reason, detail }) => (detail ? `${reason} (${detail})` : reason)).join(', ');

/** The same in short, for whoever changes the level over it. */
export const reasonsOf = (found: readonly Violation[]): string => found.map(({ reason }) => reason).join(', ');
