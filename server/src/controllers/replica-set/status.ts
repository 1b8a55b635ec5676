/** The status that follows from a set's pods. */
// Like replicaset calculateStatus.
import { conditionOf, withCondition, withoutCondition } from '../runtime/condition.ts';
import { labelsMatch } from '../runtime/label-selector.ts';
import { isAvailable, isReady, type Pod } from '../runtime/pod.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { replicasOf, type ReplicaSet, type ReplicaSetStatus } from './replica-set.ts';

export interface Observed {
  active: readonly Pod[];
  /** Absent where the kind has no such field. */
  terminating?: readonly Pod[];
  /** What creating or deleting pods failed with. */
  failure?: unknown;
  now: number;
}

export function replicaSetStatus(set: ReplicaSet, { active, terminating, failure, now }: Observed): ReplicaSetStatus {
  const labels = set.spec.template?.metadata?.labels;
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const fullyLabeledReplicas = active.filter((pod) => labelsMatch(labels, pod.metadata.labels)).length;
  const ready = active.filter(isReady);
  const readyReplicas = ready.length;
  // Only of those that are ready: a set with thousands of pods is counted at each change of one.
  const availableReplicas = ready.filter((pod) => isAvailable(pod, minReadySeconds, now)).length;
  const conditions = failureConditions(set, active.length, failure, now);
  return {
    replicas: active.length,
    ...(fullyLabeledReplicas && { fullyLabeledReplicas }),
    ...(readyReplicas && { readyReplicas }),
    ...(availableReplicas && { availableReplicas }),
    ...(terminating && { terminatingReplicas: terminating.length }),
    ...(set.metadata.generation && { observedGeneration: set.metadata.generation }),
    ...(conditions.length && { conditions }),
  };
}

function failureConditions({ spec, status }: ReplicaSet, active: number, failure: unknown, now: number) {
  const current = conditionOf(status?.conditions, 'ReplicaFailure');
  if (!failure) return withoutCondition(status?.conditions, 'ReplicaFailure');
  if (current) return status?.conditions ?? [];
  return withCondition(status?.conditions, {
    type: 'ReplicaFailure',
    status: 'True',
    reason: active <= replicasOf({ spec }) ? 'FailedCreate' : 'FailedDelete',
    message: (failure as Error).message,
    lastTransitionTime: timestamp(now),
  });
}
