/** What the controller knows of an autoscaler, which it sees in its v2 shape with all defaults. */
import type { KubeObject } from '@naru/api/object';
import type { Condition } from '../runtime/condition.ts';

export interface MetricTarget {
  type: string;
  value?: string;
  averageValue?: string;
  averageUtilization?: number;
}

interface Identifier {
  name: string;
  selector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] };
}

export interface MetricSpec {
  type: string;
  resource?: { name: string; target: MetricTarget };
  containerResource?: { name: string; container: string; target: MetricTarget };
  pods?: { metric: Identifier; target: MetricTarget };
  object?: { describedObject: { kind: string; name: string }; metric: Identifier; target: MetricTarget };
  external?: { metric: Identifier; target: MetricTarget };
}

export interface MetricValue {
  averageUtilization?: number;
  averageValue?: string;
}

/** Empty type: it could not be read. */
export interface MetricStatus {
  type: string;
  resource?: { name: string; current: MetricValue };
  containerResource?: { name: string; container: string; current: MetricValue };
}

export interface ScalingPolicy {
  type: string;
  value: number;
  periodSeconds: number;
}

export interface ScalingRules {
  stabilizationWindowSeconds?: number;
  selectPolicy: string;
  policies: readonly ScalingPolicy[];
  tolerance?: string;
}

export interface AutoscalerStatus {
  currentReplicas?: number;
  desiredReplicas: number;
  lastScaleTime?: string;
  currentMetrics: MetricStatus[] | null;
  conditions?: Condition[];
}

export interface HorizontalPodAutoscaler extends KubeObject {
  spec: {
    scaleTargetRef: { apiVersion?: string; kind: string; name: string };
    minReplicas: number;
    maxReplicas: number;
    metrics: readonly MetricSpec[];
    behavior?: { scaleUp: ScalingRules; scaleDown: ScalingRules };
  };
  status?: AutoscalerStatus;
}

export interface Scale extends KubeObject {
  spec?: { replicas?: number };
  status?: { replicas?: number; selector?: string };
}

export type ConditionType = 'AbleToScale' | 'ScalingActive' | 'ScalingLimited';
export interface Judgement {
  status: 'True' | 'False';
  reason: string;
  message: string;
}

/** In place, or at the end; the time is that of the last change of status. */
// Like setConditionInList of pkg/controller/podautoscaler.
export function withJudgement(
  conditions: readonly Condition[],
  type: ConditionType,
  { status, reason, message }: Judgement,
  time: string,
): Condition[] {
  const known = conditions.find((condition) => condition.type === type);
  const lastTransitionTime = known?.status === status && known.lastTransitionTime ? known.lastTransitionTime : time;
  const condition: Condition = { type, status, lastTransitionTime, reason, message };
  return known ? conditions.map((one) => (one === known ? condition : one)) : [...conditions, condition];
}
