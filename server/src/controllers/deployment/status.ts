/** The status that follows from a Deployment's ReplicaSets. */
// Like deployment calculateStatus.
import { withCondition } from '../runtime/condition.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { replicasOf, type ReplicaSet } from '../replica-set/replica-set.ts';
import { maxUnavailableOf, type Deployment, type DeploymentStatus } from './deployment.ts';
import { actualReplicas, specReplicas, sumOf } from './replica-sets.ts';

export function deploymentStatus(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
  now: number,
): DeploymentStatus {
  const sets = newSet ? [...old, newSet] : old;
  const replicas = actualReplicas(sets);
  const updatedReplicas = actualReplicas(newSet ? [newSet] : []);
  const readyReplicas = sumOf(sets, 'readyReplicas');
  const availableReplicas = sumOf(sets, 'availableReplicas');
  const unavailableReplicas = Math.max(0, specReplicas(sets) - availableReplicas);
  const terminating = terminatingReplicas(sets);
  const { collisionCount, conditions } = deployment.status ?? {};
  const enough = availableReplicas >= replicasOf(deployment) - maxUnavailableOf(deployment);
  const time = timestamp(now);
  return {
    ...(deployment.metadata.generation && { observedGeneration: deployment.metadata.generation }),
    ...(replicas && { replicas }),
    ...(updatedReplicas && { updatedReplicas }),
    ...(readyReplicas && { readyReplicas }),
    ...(availableReplicas && { availableReplicas }),
    ...(unavailableReplicas && { unavailableReplicas }),
    ...(terminating !== undefined && { terminatingReplicas: terminating }),
    ...(collisionCount !== undefined && { collisionCount }),
    conditions: withCondition(conditions, {
      type: 'Available',
      status: enough ? 'True' : 'False',
      reason: enough ? 'MinimumReplicasAvailable' : 'MinimumReplicasUnavailable',
      message: enough ? 'Deployment has minimum availability.' : 'Deployment does not have minimum availability.',
      lastUpdateTime: time,
      lastTransitionTime: time,
    }),
  };
}

/** Undefined while one of the sets does not say. */
function terminatingReplicas(sets: readonly ReplicaSet[]): number | undefined {
  let sum = 0;
  for (const { status } of sets) {
    if (status?.terminatingReplicas === undefined) return undefined;
    sum += status.terminatingReplicas;
  }
  return sum;
}
