/** Autoscalers between autoscaling/v1 and v2, which is stored. What v1 has no field for travels in annotations. */
// Like pkg/apis/autoscaling/v1/conversion.go.
import { decodeObject } from '@naru/api/decode/decode-object';
import type { AnyObject } from '@naru/api/object';
import {
  autoscalerOf,
  autoscalerV1Of,
  defaultUtilization,
  isUtilizationOfCpu,
  utilizationOfCpu,
} from './autoscaler-fields.ts';
import type { AutoscalerV1, MetricSpec, MetricStatus } from './autoscaler-fields.ts';
import { behaviorFromText, behaviorText } from './behavior-annotation.ts';
import { setAutoscalerDefaults } from './defaults.ts';
import { metricFromV1, metricStatusFromV1, metricStatusToV1, metricToV1 } from './v1-metrics.ts';

const prefix = 'autoscaling.alpha.kubernetes.io/';
const annotations = {
  metrics: `${prefix}metrics`,
  currentMetrics: `${prefix}current-metrics`,
  behavior: `${prefix}behavior`,
  conditions: `${prefix}conditions`,
} as const;
const roundTrip = new Set<string>(Object.values(annotations));

/** With what v2 fills in, as upstream does when it reads what is stored. */
export function toStoredAutoscaler(object: AnyObject): AnyObject {
  const stored = withoutV1(object);
  setAutoscalerDefaults(autoscalerOf(stored));
  return {
    ...decodeObject(stored, 'k8s.io.api.autoscaling.v2.HorizontalPodAutoscaler').object,
    ...typeOf('v2'),
  } as AnyObject;
}

export function fromStoredAutoscaler(object: AnyObject): AnyObject {
  const { metadata, spec = {}, status = {} } = autoscalerOf(object);
  const { scaleTargetRef, minReplicas, maxReplicas, metrics = [], behavior } = spec;
  // Only the first metric of CPU has a field, and only if it counts percent.
  const cpu = metrics.find(({ type, resource }) => type === 'Resource' && resource?.name === 'cpu');
  const others = metrics.filter((metric) => !isUtilizationOfCpu(metric)).map(metricToV1);
  const { lastScaleTime, observedGeneration, currentReplicas = 0, desiredReplicas = 0, conditions } = status;
  const currentMetrics = status.currentMetrics ?? [];
  const current = currentMetrics.findLast(({ type, resource }) => type === 'Resource' && resource?.name === 'cpu');
  const converted: AutoscalerV1 = {
    metadata: withAnnotations(metadata, {
      ...(others.length && { [annotations.metrics]: JSON.stringify(others) }),
      ...(currentMetrics.length && {
        [annotations.currentMetrics]: JSON.stringify(currentMetrics.map(metricStatusToV1)),
      }),
      ...(behavior && { [annotations.behavior]: behaviorText(behavior) }),
      ...(conditions?.length && { [annotations.conditions]: JSON.stringify(conditions) }),
    }),
    spec: defined({
      scaleTargetRef,
      minReplicas,
      maxReplicas,
      targetCPUUtilizationPercentage: cpu?.resource?.target?.averageUtilization,
    }),
    status: defined({
      observedGeneration,
      lastScaleTime,
      currentReplicas,
      desiredReplicas,
      currentCPUUtilizationPercentage: current?.resource?.current?.averageUtilization,
    }),
  };
  return { ...typeOf('v1'), ...converted } as unknown as AnyObject;
}

/** The v2 shape, without v2's defaults: what upstream validates. */
export function withoutV1(object: AnyObject): AnyObject {
  const { metadata, spec = {}, status = {} } = autoscalerV1Of(object);
  const { scaleTargetRef, minReplicas, maxReplicas, targetCPUUtilizationPercentage: utilization } = spec;
  const carried = (name: keyof typeof annotations) => metadata.annotations?.[annotations[name]];
  const given: MetricSpec[] = utilization === undefined ? [] : [utilizationOfCpu(utilization)];
  const metrics = [...(listFrom(carried('metrics'), 'MetricSpec')?.map(metricFromV1) ?? []), ...given];
  const behavior = behaviorFromText(carried('behavior'));
  const conditions = listFrom(carried('conditions'), 'HorizontalPodAutoscalerCondition');
  const converted = {
    metadata: withAnnotations(metadata, {}),
    spec: defined({
      scaleTargetRef,
      minReplicas,
      maxReplicas,
      metrics: metrics.length ? metrics : [utilizationOfCpu(defaultUtilization)],
      behavior,
    }),
    status: defined({
      observedGeneration: status.observedGeneration,
      lastScaleTime: status.lastScaleTime,
      currentReplicas: status.currentReplicas || undefined,
      desiredReplicas: status.desiredReplicas ?? 0,
      currentMetrics: currentMetricsOf(status.currentCPUUtilizationPercentage, carried('currentMetrics')),
      conditions: conditions?.length ? conditions : undefined,
    }),
  };
  return { ...typeOf('v2'), ...converted } as unknown as AnyObject;
}

// The annotation knows more than the field. Where there is neither, v2 writes null.
function currentMetricsOf(utilization: number | undefined, text: string | undefined): MetricStatus[] | null {
  const list = listFrom(text, 'MetricStatus')?.map(metricStatusFromV1);
  if (list?.length) return list;
  if (utilization === undefined) return null;
  return [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: utilization } } }];
}

/** A list of values of a type of autoscaling/v1; undefined when the text is not one. */
function listFrom(text: string | undefined, type: string): Record<string, unknown>[] | undefined {
  if (text === undefined) return undefined;
  try {
    const list: unknown = JSON.parse(text);
    if (list === null) return [];
    if (!Array.isArray(list)) return undefined;
    return list.map((item) => decodeObject(item, `k8s.io.api.autoscaling.v1.${type}`).object);
  } catch {
    return undefined; // Upstream drops annotations that it cannot read.
  }
}

function withAnnotations(metadata: AnyObject['metadata'], added: Record<string, string>): AnyObject['metadata'] {
  const { annotations: before = {}, ...rest } = metadata;
  const kept = Object.entries(before).filter(([name]) => !roundTrip.has(name));
  const all = { ...Object.fromEntries(kept), ...added };
  return Object.keys(all).length ? { ...rest, annotations: all } : rest;
}

const typeOf = (version: 'v1' | 'v2') => ({
  kind: 'HorizontalPodAutoscaler',
  apiVersion: `autoscaling/${version}`,
});

/** Without fields that are undefined. */
const defined = <Value extends object>(
  value: Value,
): Value extends infer T ? { [K in keyof T]: Exclude<T[K], undefined> } : never =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as never;
