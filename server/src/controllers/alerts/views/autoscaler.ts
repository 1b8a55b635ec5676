/** A HorizontalPodAutoscaler as rules see it. */
import type { KubeObject } from '@naru/api/object';
import type { Condition } from '../../runtime/condition.ts';

interface MetricValue {
  averageUtilization?: number;
  averageValue?: string;
  value?: string;
}

export interface Metric {
  type: string;
  resource?: { name: string; target?: MetricValue; current?: MetricValue };
}

export interface AutoscalerView extends KubeObject {
  spec?: {
    minReplicas?: number;
    maxReplicas?: number;
    scaleTargetRef?: { kind?: string; name?: string };
    metrics?: Metric[];
  };
  status?: { currentReplicas?: number; desiredReplicas?: number; currentMetrics?: Metric[]; conditions?: Condition[] };
}
