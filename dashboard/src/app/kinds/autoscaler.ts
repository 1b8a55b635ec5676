/** The fields of a HorizontalPodAutoscaler this page reads. */
import type { Condition, KubernetesObject } from '../cluster/kubernetes-object';

export interface Autoscaler extends KubernetesObject {
  readonly spec: {
    readonly minReplicas?: number;
    readonly maxReplicas: number;
    readonly scaleTargetRef: { readonly kind: string; readonly name: string };
    readonly behavior?: { readonly scaleDown?: { readonly stabilizationWindowSeconds?: number } };
    readonly metrics?: readonly {
      readonly type: string;
      readonly resource?: {
        readonly name: string;
        readonly target: { readonly type: string; readonly averageUtilization?: number };
      };
    }[];
  };
  readonly status?: {
    readonly currentReplicas?: number;
    readonly desiredReplicas?: number;
    readonly conditions?: readonly Condition[];
    readonly currentMetrics?: readonly {
      readonly resource?: { readonly name: string; readonly current: { readonly averageUtilization?: number } };
    }[];
  };
}

/** The share of the requested CPU the autoscaler aims at, in per cent, if it aims at one. */
export function targetUtilization(autoscaler: Autoscaler): number | undefined {
  return autoscaler.spec.metrics?.find((metric) => metric.resource)?.resource?.target.averageUtilization;
}
