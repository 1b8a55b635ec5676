/** Metrics that only other programs could tell, and none here does: what upstream says of them without such a program. */
// Like the clients of custom.metrics.k8s.io and external.metrics.k8s.io in pkg/controller/podautoscaler.
import type { MetricSpec } from './autoscaler.ts';

/** Why a metric could not be read. */
export interface Failure {
  /** Of the event and the condition: FailedGetResourceMetric. */
  reason: string;
  message: string;
  /** As it stands in the event about all metrics. */
  summary: string;
}

const noCustomMetrics =
  'unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered';

export function unreadable({ type, pods, object, external }: MetricSpec, namespace: string): Failure {
  if (type === 'Pods' && pods) {
    const message = `unable to get metric ${pods.metric.name}: ${noCustomMetrics}`;
    return { reason: 'FailedGetPodsMetric', message, summary: `failed to get pods metric value: ${message}` };
  }
  if (type === 'Object' && object) {
    const { metric, describedObject, target } = object;
    const message = `unable to get metric ${metric.name}: ${describedObject.kind} on ${namespace} ${describedObject.name}/${noCustomMetrics}`;
    const own = target.type === 'AverageValue' ? `failed to get ${metric.name} object metric: ${message}` : message;
    return { reason: 'FailedGetObjectMetric', message, summary: `failed to get object metric value: ${own}` };
  }
  if (type === 'External' && external) {
    const { metric, target } = external;
    const message = `unable to get external metric ${namespace}/${metric.name}/${selectorText(metric.selector)}: unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${metric.name}.external.metrics.k8s.io)`;
    const own =
      target.averageValue === undefined
        ? `failed to get external metric ${metric.name}: ${message}`
        : `failed to get ${metric.name} external metric: ${message}`;
    const summary = `failed to get ${metric.name} external metric value: ${own}`;
    return { reason: 'FailedGetExternalMetric', message, summary };
  }
  const message = `unknown metric source type ${JSON.stringify(type)}`;
  return { reason: 'InvalidMetricSourceType', message, summary: message };
}

/** As Go prints a selector's labels; of expressions only that there are some. */
function selectorText(selector: { matchLabels?: Record<string, string> } | undefined): string {
  if (!selector) return 'nil';
  const labels = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => `${key}: ${value},`);
  return `&LabelSelector{MatchLabels:map[string]string{${labels.sort().join('')}},MatchExpressions:[]LabelSelectorRequirement{},}`;
}
