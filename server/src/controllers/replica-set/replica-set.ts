/** A ReplicaSet or ReplicationController as the loop sees it. */
import type { KubeObject, LabelSelector } from '@naru/api/object';
import type { Condition } from '../runtime/condition.ts';
import type { PodTemplate } from '../runtime/pod.ts';

export interface ReplicaSetStatus {
  replicas: number;
  fullyLabeledReplicas?: number;
  readyReplicas?: number;
  availableReplicas?: number;
  /** Absent for a ReplicationController. */
  terminatingReplicas?: number;
  observedGeneration?: number;
  conditions?: Condition[];
}

export interface ReplicaSet extends KubeObject {
  spec: { replicas?: number; minReadySeconds?: number; selector: LabelSelector; template: PodTemplate };
  status?: ReplicaSetStatus;
}

export interface ReplicationController extends KubeObject {
  spec: { replicas?: number; minReadySeconds?: number; selector?: Record<string, string>; template?: PodTemplate };
  status?: ReplicaSetStatus;
}

export const replicasOf = ({ spec }: { spec: { replicas?: number } }): number => spec.replicas ?? 1;
