/** An autoscaler in both its versions, and the parts of it that several files look at. */
import type {
  V1HorizontalPodAutoscaler,
  V2CrossVersionObjectReference,
  V2HorizontalPodAutoscaler,
  V2HorizontalPodAutoscalerSpec,
  V2HPAScalingRules,
  V2MetricIdentifier,
  V2MetricSpec,
  V2MetricStatus,
  V2MetricTarget,
} from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf } from '../fields.ts';
import type { Fields, ObjectFields } from '../fields.ts';

export type Autoscaler = ObjectFields<V2HorizontalPodAutoscaler>;
export type AutoscalerSpec = Fields<V2HorizontalPodAutoscalerSpec>;
export type AutoscalerV1 = ObjectFields<V1HorizontalPodAutoscaler>;
export type TargetReference = Fields<V2CrossVersionObjectReference>;
export type ScalingRules = Fields<V2HPAScalingRules>;
export type MetricSpec = Fields<V2MetricSpec>;
export type MetricStatus = Fields<V2MetricStatus>;
export type MetricIdentifier = Fields<V2MetricIdentifier>;
export type MetricTarget = Fields<V2MetricTarget>;

export const autoscalerOf = (object: AnyObject): Autoscaler => fieldsOf<V2HorizontalPodAutoscaler>(object);
export const autoscalerV1Of = (object: AnyObject): AutoscalerV1 => fieldsOf<V1HorizontalPodAutoscaler>(object);

/** Percent of what pods request, where an autoscaler names no metric. */
export const defaultUtilization = 80;

/** The metric that autoscaling/v1 has a field for. */
export const isUtilizationOfCpu = ({ type, resource }: MetricSpec): boolean =>
  type === 'Resource' && resource?.name === 'cpu' && resource.target?.averageUtilization !== undefined;

export const utilizationOfCpu = (averageUtilization: number): MetricSpec => ({
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } },
});
