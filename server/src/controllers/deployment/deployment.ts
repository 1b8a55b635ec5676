/** A Deployment as the loop sees it, and the annotations it keeps on itself and its ReplicaSets. */
import type { KubeObject, LabelSelector } from '@naru/api/object';
import { scaledValue } from '../runtime/int-or-string.ts';
import type { Condition } from '../runtime/condition.ts';
import type { PodTemplate } from '../runtime/pod.ts';
import { replicasOf } from '../replica-set/replica-set.ts';

export interface DeploymentStatus {
  observedGeneration?: number;
  replicas?: number;
  updatedReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  unavailableReplicas?: number;
  terminatingReplicas?: number;
  conditions?: Condition[];
  collisionCount?: number;
}

export interface Deployment extends KubeObject {
  spec: {
    replicas?: number;
    selector: LabelSelector;
    template: PodTemplate;
    strategy?: {
      type?: string;
      rollingUpdate?: { maxSurge?: number | string; maxUnavailable?: number | string };
    };
    minReadySeconds?: number;
    revisionHistoryLimit?: number;
    paused?: boolean;
    progressDeadlineSeconds?: number;
  };
  status?: DeploymentStatus;
}

export const revisionAnnotation = 'deployment.kubernetes.io/revision';
export const revisionHistoryAnnotation = 'deployment.kubernetes.io/revision-history';
export const desiredReplicasAnnotation = 'deployment.kubernetes.io/desired-replicas';
export const maxReplicasAnnotation = 'deployment.kubernetes.io/max-replicas';
export const hashLabel = 'pod-template-hash';

const noLimit = 2 ** 31 - 1;

export const isRollingUpdate = ({ spec }: Deployment): boolean => spec.strategy?.type !== 'Recreate';

/** Seconds, or undefined when progress is not judged. */
export function progressDeadline({ spec: { progressDeadlineSeconds } }: Deployment): number | undefined {
  return progressDeadlineSeconds === noLimit ? undefined : progressDeadlineSeconds;
}

export function historyLimit({ spec: { revisionHistoryLimit } }: Deployment): number | undefined {
  return revisionHistoryLimit === noLimit ? undefined : revisionHistoryLimit;
}

/** Pods above and below the wished number during an update; never both 0, or nothing could move. */
// Like deploymentutil.ResolveFenceposts.
function fenceposts(deployment: Deployment): { surge: number; unavailable: number } {
  const { maxSurge, maxUnavailable } = deployment.spec.strategy?.rollingUpdate ?? {};
  const replicas = replicasOf(deployment);
  const surge = scaledValue(maxSurge ?? '25%', replicas, 'up');
  const unavailable = scaledValue(maxUnavailable ?? '25%', replicas, 'down');
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

export const maxSurgeOf = (deployment: Deployment): number =>
  isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;

export function maxUnavailableOf(deployment: Deployment): number {
  const replicas = replicasOf(deployment);
  if (!isRollingUpdate(deployment) || replicas === 0) return 0;
  return Math.min(fenceposts(deployment).unavailable, replicas);
}
