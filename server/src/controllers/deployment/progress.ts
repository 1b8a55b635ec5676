/** Whether a Deployment is done, moving, or stuck, and the condition that says so. */
// Like pkg/controller/deployment/progress.go.
import { conditionOf, withCondition, withoutCondition, type Condition } from '../runtime/condition.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { replicasOf, type ReplicaSet } from '../replica-set/replica-set.ts';
import { progressDeadline, type Deployment, type DeploymentStatus } from './deployment.ts';
import { replicaFailure } from './replica-sets.ts';

export function progressing(status: Condition['status'], reason: string, message: string, now: number): Condition {
  const time = timestamp(now);
  return { type: 'Progressing', status, reason, message, lastUpdateTime: time, lastTransitionTime: time };
}

export function isComplete(deployment: Deployment, status: DeploymentStatus | undefined): boolean {
  const wished = replicasOf(deployment);
  return (
    (status?.updatedReplicas ?? 0) === wished &&
    (status?.replicas ?? 0) === wished &&
    (status?.availableReplicas ?? 0) === wished &&
    (status?.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0)
  );
}

function isMoving(before: DeploymentStatus = {}, after: DeploymentStatus): boolean {
  const outdated = ({ replicas = 0, updatedReplicas = 0 }: DeploymentStatus) => replicas - updatedReplicas;
  const more = (field: 'updatedReplicas' | 'readyReplicas' | 'availableReplicas') =>
    (after[field] ?? 0) > (before[field] ?? 0);
  return (
    more('updatedReplicas') || outdated(after) < outdated(before) || more('readyReplicas') || more('availableReplicas')
  );
}

function hasTimedOut(deployment: Deployment, status: DeploymentStatus, now: number): boolean {
  const deadline = progressDeadline(deployment);
  const condition = conditionOf(status.conditions, 'Progressing');
  if (deadline === undefined || !condition || condition.reason === 'NewReplicaSetAvailable') return false;
  if (condition.reason === 'ProgressDeadlineExceeded') return true;
  return Date.parse(condition.lastUpdateTime ?? '') + deadline * 1000 < now;
}

/** `status` with the Progressing and ReplicaFailure conditions that belong to it. */
export function withProgress(
  deployment: Deployment,
  status: DeploymentStatus,
  newSet: ReplicaSet | undefined,
  sets: readonly ReplicaSet[],
  now: number,
): DeploymentStatus {
  const failure = replicaFailure(newSet, sets);
  const conditions = progressConditions(deployment, status, newSet, now);
  if (!failure) return { ...status, conditions: withoutCondition(conditions, 'ReplicaFailure') };
  const { status: state, reason = '', message = '', lastTransitionTime = timestamp(now) } = failure;
  const times = { lastUpdateTime: lastTransitionTime, lastTransitionTime };
  return {
    ...status,
    conditions: withCondition(conditions, { type: 'ReplicaFailure', status: state, reason, message, ...times }),
  };
}

function progressConditions(
  deployment: Deployment,
  status: DeploymentStatus,
  newSet: ReplicaSet | undefined,
  now: number,
): Condition[] {
  const conditions = status.conditions ?? [];
  if (progressDeadline(deployment) === undefined) return withoutCondition(conditions, 'Progressing');
  const current = conditionOf(deployment.status?.conditions, 'Progressing');
  const settled =
    (status.replicas ?? 0) === (status.updatedReplicas ?? 0) && current?.reason === 'NewReplicaSetAvailable';
  if (settled) return conditions;
  const subject = newSet
    ? `ReplicaSet ${JSON.stringify(newSet.metadata.name)}`
    : `Deployment ${JSON.stringify(deployment.metadata.name)}`;
  if (isComplete(deployment, status)) {
    const message = `${subject} has successfully progressed.`;
    return withCondition(conditions, progressing('True', 'NewReplicaSetAvailable', message, now));
  }
  if (isMoving(deployment.status, status)) {
    const condition = progressing('True', 'ReplicaSetUpdated', `${subject} is progressing.`, now);
    // Every movement renews the time that the deadline counts from.
    if (current?.status === 'True' && current.lastTransitionTime !== undefined) {
      condition.lastTransitionTime = current.lastTransitionTime;
    }
    return [...withoutCondition(conditions, 'Progressing'), condition];
  }
  if (hasTimedOut(deployment, status, now)) {
    const message = `${subject} has timed out progressing.`;
    return withCondition(conditions, progressing('False', 'ProgressDeadlineExceeded', message, now));
  }
  return conditions;
}

/** Reasons after which time alone changes nothing. */
const judged: ReadonlySet<string> = new Set(['ProgressDeadlineExceeded', 'NewReplicaSetAvailable']);

/** Milliseconds until the deadline must be looked at again; undefined when there is nothing to wait for. */
export function untilDeadline(deployment: Deployment, now: number): number | undefined {
  const deadline = progressDeadline(deployment);
  const current = conditionOf(deployment.status?.conditions, 'Progressing');
  if (deadline === undefined || !current || isComplete(deployment, deployment.status)) return undefined;
  if (deployment.spec.paused || judged.has(current.reason ?? '')) return undefined;
  const left = Date.parse(current.lastUpdateTime ?? '') + deadline * 1000 - now;
  // A second more than needed, because times are kept in whole seconds.
  return Math.max(left, 0) + 1000;
}
