/** What a Job's rules say of a failed pod. Pure. */
// Like pkg/controller/job/pod_failure_policy.go.
import { keyOf } from '@naru/api/client/object-cache';
import type { Pod } from '../runtime/pod.ts';
import type { Job, PodFailureRule } from './job.ts';

export type FailureVerdict =
  { action: 'Count' } | { action: 'Ignore' } | { action: 'FailIndex' } | { action: 'FailJob'; message: string };

export function judgeFailure({ spec }: Job, pod: Pod): FailureVerdict {
  for (const [index, rule] of (spec.podFailurePolicy?.rules ?? []).entries()) {
    const message = matchOf(rule, pod);
    if (message === undefined) continue;
    if (rule.action === 'Ignore' || rule.action === 'FailIndex' || rule.action === 'Count')
      return { action: rule.action };
    if (rule.action === 'FailJob')
      return { action: 'FailJob', message: `${message} matching FailJob rule at index ${index}` };
  }
  return { action: 'Count' };
}

function matchOf({ onExitCodes, onPodConditions }: PodFailureRule, pod: Pod): string | undefined {
  if (onExitCodes) return exitCodeMatch(onExitCodes, pod);
  const condition = pod.status?.conditions?.find(({ type, status }) =>
    onPodConditions?.some((pattern) => pattern.type === type && (pattern.status ?? 'True') === status),
  );
  return condition && `Pod ${keyOf(pod)} has condition ${condition.type}`;
}

function exitCodeMatch(rule: NonNullable<PodFailureRule['onExitCodes']>, pod: Pod): string | undefined {
  const { containerStatuses = [], initContainerStatuses = [] } = pod.status ?? {};
  for (const { name, state } of [...containerStatuses, ...initContainerStatuses]) {
    const exitCode = state?.terminated?.exitCode;
    if (exitCode === undefined || exitCode === 0 || (rule.containerName && rule.containerName !== name)) continue;
    if (rule.values.includes(exitCode) !== (rule.operator === 'In')) continue;
    return `Container ${name} for pod ${keyOf(pod)} failed with exit code ${exitCode}`;
  }
  return undefined;
}
