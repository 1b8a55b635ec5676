/** Why an app as a whole does not come to what it should be. */
import { message } from '../i18n/message';
import { type Pod, conditionOf } from '../kinds/pod';
import type { Workload } from '../kinds/workload';
import { type Cause, worstCause } from './cause';
import { podCause } from './pod-cause';

/** The instances know best; what only the app itself can tell comes after them. */
export function workloadCause(workload: Workload, pods: readonly Pod[], now: number): Cause | undefined {
  const cause = worstCause(pods.map((pod) => podCause(pod, now))) ?? refusedCause(workload) ?? stuckCause(workload);
  return cause && isUpdate(workload) && cause.remedy?.kind !== 'rollback'
    ? { ...cause, also: { kind: 'rollback' } }
    : cause;
}

/** Whether there was another version before, which works still or may work again. */
function isUpdate({ metadata, status }: Workload): boolean {
  const revision = Number(metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 1);
  return revision > 1 && (status?.updatedReplicas ?? 0) <= (status?.replicas ?? 0) && (status?.readyReplicas ?? 0) > 0;
}

/** Instances could not even be made: a quota, a policy or a missing account. */
function refusedCause(workload: Workload): Cause | undefined {
  const condition = conditionOf(workload.status?.conditions, 'ReplicaFailure');
  if (condition?.status !== 'True') return undefined;
  const detail = condition.message ?? '';
  const why = detail.includes('exceeded quota')
    ? message('cause.refused.quota')
    : detail.includes('PodSecurity')
      ? message('cause.refused.security')
      : message('cause.refused.other');
  return {
    term: condition.reason ?? 'ReplicaFailure',
    severity: 'critical',
    what: message('cause.refused.what'),
    why,
    next: message('cause.refused.next'),
    remedy: { kind: 'yaml' },
    detail,
  };
}

function stuckCause(workload: Workload): Cause | undefined {
  const condition = conditionOf(workload.status?.conditions, 'Progressing');
  if (condition?.reason !== 'ProgressDeadlineExceeded') return undefined;
  const again = isUpdate(workload);
  return {
    term: 'ProgressDeadlineExceeded',
    severity: 'warning',
    what: message('cause.stuck.what'),
    why: message(again ? 'cause.stuck.why' : 'cause.stuck.whyFirst'),
    next: message('cause.stuck.next'),
    remedy: { kind: again ? 'rollback' : 'events' },
    ...(condition.message ? { detail: condition.message } : {}),
  };
}
