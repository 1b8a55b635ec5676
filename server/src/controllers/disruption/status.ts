/** How many pods may be disrupted, as a budget says it. Pure. */
// Like pkg/controller/disruption.
import type { KubeObject, LabelSelector } from '@naru/api/object';
import { withCondition, type Condition } from '../runtime/condition.ts';
import { scaledValue } from '../runtime/int-or-string.ts';
import { isReady, isTerminating, type Pod } from '../runtime/pod.ts';
import { timestamp } from '../runtime/timestamp.ts';

export interface PodDisruptionBudget extends KubeObject {
  spec: {
    minAvailable?: number | string;
    maxUnavailable?: number | string;
    selector?: LabelSelector;
  };
  status?: {
    observedGeneration?: number;
    disruptedPods?: Record<string, string>;
    disruptionsAllowed: number;
    currentHealthy: number;
    desiredHealthy: number;
    expectedPods: number;
    conditions?: Condition[];
  };
}

/** Milliseconds in which an evicted pod must have begun to go; after that its eviction is taken as failed. */
export const deletionTimeout = 120_000;

export interface Expectation {
  expectedPods: number;
  desiredHealthy: number;
}

/** `scale`: pods that the controllers of these pods are to keep, asked for only where a share or a remainder needs it. */
export function expectation({ spec }: PodDisruptionBudget, pods: number, scale: () => number): Expectation {
  if (spec.maxUnavailable !== undefined) {
    const expectedPods = scale();
    return {
      expectedPods,
      desiredHealthy: Math.max(0, expectedPods - scaledValue(spec.maxUnavailable, expectedPods, 'up')),
    };
  }
  if (typeof spec.minAvailable === 'number') return { expectedPods: pods, desiredHealthy: spec.minAvailable };
  if (spec.minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  const expectedPods = scale();
  return { expectedPods, desiredHealthy: scaledValue(spec.minAvailable, expectedPods, 'up') };
}

/** Evicted pods that have not begun to go yet: still counted as gone, each until its time is over. */
export function disruptedPods(
  { status }: PodDisruptionBudget,
  pods: readonly Pod[],
  now: number,
): { kept: Record<string, string>; late: Pod[]; after: number | undefined } {
  const entries: [string, string][] = [];
  const late: Pod[] = [];
  let after: number | undefined;
  for (const pod of pods) {
    const { name = '' } = pod.metadata;
    const disrupted = status?.disruptedPods;
    const time = disrupted && Object.hasOwn(disrupted, name) ? disrupted[name] : undefined;
    if (time === undefined || isTerminating(pod)) continue;
    const wait = Date.parse(time) + deletionTimeout - now;
    if (wait <= 0) late.push(pod);
    else {
      entries.push([name, time]);
      after = Math.min(after ?? wait, wait);
    }
  }
  return { kept: Object.fromEntries(entries), late, after };
}

export function budgetStatus(
  budget: PodDisruptionBudget,
  pods: readonly Pod[],
  { expectedPods, desiredHealthy }: Expectation,
  disrupted: Record<string, string>,
  now: number,
): NonNullable<PodDisruptionBudget['status']> {
  const counts = (pod: Pod) =>
    !isTerminating(pod) && !Object.hasOwn(disrupted, pod.metadata.name ?? '') && isReady(pod);
  const currentHealthy = pods.filter(counts).length;
  const disruptionsAllowed = expectedPods <= 0 ? 0 : Math.max(0, currentHealthy - desiredHealthy);
  const { generation } = budget.metadata;
  return {
    ...(generation && { observedGeneration: generation }),
    ...(Object.keys(disrupted).length && { disruptedPods: disrupted }),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    conditions: budgetConditions(budget, disruptionsAllowed > 0, now),
  };
}

/** In place, as apimachinery's SetStatusCondition does it. */
function budgetConditions({ status, metadata }: PodDisruptionBudget, allowed: boolean, now: number): Condition[] {
  const conditions = status?.conditions ?? [];
  const known = conditions.find(({ type }) => type === 'DisruptionAllowed');
  const state = allowed ? 'True' : 'False';
  const condition: Condition = {
    type: 'DisruptionAllowed',
    status: state,
    reason: allowed ? 'SufficientPods' : 'InsufficientPods',
    message: '',
    lastTransitionTime: known?.status === state && known.lastTransitionTime ? known.lastTransitionTime : timestamp(now),
    ...(metadata.generation && { observedGeneration: metadata.generation }),
  };
  return known ? conditions.map((one) => (one === known ? condition : one)) : withCondition(conditions, condition);
}
