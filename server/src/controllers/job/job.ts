/** A Job as the loop sees it. */
import type { KubeObject, LabelSelector } from '@naru/api/object';
import { conditionOf, type Condition } from '../runtime/condition.ts';
import type { Pod, PodTemplate } from '../runtime/pod.ts';

export interface PodFailureRule {
  action: string;
  onExitCodes?: { containerName?: string; operator: string; values: number[] };
  onPodConditions?: { type: string; status?: string }[];
}

export interface JobStatus {
  startTime?: string;
  completionTime?: string;
  active?: number;
  ready?: number;
  terminating?: number;
  succeeded?: number;
  failed?: number;
  completedIndexes?: string;
  failedIndexes?: string;
  uncountedTerminatedPods?: { succeeded?: string[]; failed?: string[] };
  conditions?: Condition[];
}

export interface Job extends KubeObject {
  spec: {
    parallelism?: number;
    completions?: number;
    completionMode?: string;
    backoffLimit?: number;
    backoffLimitPerIndex?: number;
    maxFailedIndexes?: number;
    activeDeadlineSeconds?: number;
    ttlSecondsAfterFinished?: number;
    suspend?: boolean;
    managedBy?: string;
    podReplacementPolicy?: string;
    podFailurePolicy?: { rules: PodFailureRule[] };
    successPolicy?: { rules: { succeededIndexes?: string; succeededCount?: number }[] };
    selector?: LabelSelector;
    template: PodTemplate;
  };
  status?: JobStatus;
}

export const trackingFinalizer = 'batch.kubernetes.io/job-tracking';
export const indexKey = 'batch.kubernetes.io/job-completion-index';
export const failureCountKey = 'batch.kubernetes.io/job-index-failure-count';
export const controllerName = 'kubernetes.io/job-controller';

export const isIndexed = ({ spec }: Job): boolean => spec.completionMode === 'Indexed';

const isTrue = (job: Job, type: string) => conditionOf(job.status?.conditions, type)?.status === 'True';

/** Complete or Failed: nothing more happens to it. */
export const isFinishedJob = (job: Job): boolean => isTrue(job, 'Complete') || isTrue(job, 'Failed');

export const isTracked = ({ metadata }: Pod): boolean => metadata.finalizers?.includes(trackingFinalizer) ?? false;

export function indexOf({ metadata }: Pod): number | undefined {
  const text = metadata.annotations?.[indexKey];
  const index = Number(text);
  return text !== undefined && text !== '' && Number.isInteger(index) && index >= 0 ? index : undefined;
}

/** Whether a pod's going counts as a failure although it never said so. */
// Like isPodFailed.
export function isFailedPod(job: Job, { metadata, status }: Pod): boolean {
  if (status?.phase === 'Failed') return true;
  const onlyFailed = (job.spec.podReplacementPolicy ?? (job.spec.podFailurePolicy ? 'Failed' : '')) === 'Failed';
  return !onlyFailed && metadata.deletionTimestamp !== undefined && status?.phase !== 'Succeeded';
}
