/** The fields of a Deployment, StatefulSet or DaemonSet this page reads, alike for the three. */
import type { Condition, KubernetesObject } from '../cluster/kubernetes-object';
import type { PodSpec } from './pod';

export type WorkloadKind = 'Deployment' | 'StatefulSet' | 'DaemonSet';

export const workloadPlurals: Readonly<Record<WorkloadKind, string>> = {
  Deployment: 'deployments',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
};

export interface Workload extends KubernetesObject {
  readonly spec: {
    readonly replicas?: number;
    readonly selector?: { readonly matchLabels?: Readonly<Record<string, string>> };
    readonly template: {
      readonly metadata?: {
        readonly labels?: Readonly<Record<string, string>>;
        readonly annotations?: Readonly<Record<string, string>>;
      };
      readonly spec: PodSpec;
    };
  };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly replicas?: number;
    readonly readyReplicas?: number;
    readonly updatedReplicas?: number;
    readonly availableReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly numberReady?: number;
    readonly updatedNumberScheduled?: number;
    readonly conditions?: readonly Condition[];
  };
}

/** How many instances are wanted. */
export function desiredOf(kind: WorkloadKind, workload: Workload): number {
  if (kind === 'DaemonSet') return workload.status?.desiredNumberScheduled ?? 0;
  return workload.spec.replicas ?? 1;
}

export function readyOf(kind: WorkloadKind, workload: Workload): number {
  return (kind === 'DaemonSet' ? workload.status?.numberReady : workload.status?.readyReplicas) ?? 0;
}

export function updatedOf(kind: WorkloadKind, workload: Workload): number {
  return (kind === 'DaemonSet' ? workload.status?.updatedNumberScheduled : workload.status?.updatedReplicas) ?? 0;
}
