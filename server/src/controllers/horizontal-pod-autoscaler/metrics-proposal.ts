/** What all metrics of an autoscaler ask for together: the most that one of them does. Pure. */
// Like computeReplicasForMetrics of pkg/controller/podautoscaler/horizontal.go.
import { formatQuantity, parseQuantity, quantityFromMilli, quantityMilliValue } from '@naru/api/quantity';
import type { PodMetrics } from '../../kinds/metrics/index.ts';
import type { Pod } from '../runtime/pod.ts';
import type {
  Judgement,
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValue,
} from './autoscaler.ts';
import { measurementsOf } from './pod-measurements.ts';
import { replicasForUtilization, replicasForValue, type Proposal, type Tolerances } from './replica-calculator.ts';
import { unreadable, type Failure } from './unreadable-metric.ts';

export interface MetricsInput {
  namespace: string;
  currentReplicas: number;
  pods: readonly Pod[];
  /** Of the pods, or what reading them threw. */
  metrics: readonly PodMetrics[] | Error;
  tolerances: Tolerances;
  now: number;
}

export interface MetricsProposal {
  /** Undefined: nothing is to be done. */
  replicas: number | undefined;
  /** Of the metric that asks for most, for the event. */
  metric: string;
  statuses: MetricStatus[];
  active: Judgement;
  failures: Failure[];
  /** Set when some metric could not be read: what is told of all. */
  error?: string;
}

export function metricsProposal({ spec }: HorizontalPodAutoscaler, input: MetricsInput): MetricsProposal {
  const failures: Failure[] = [];
  const statuses: MetricStatus[] = [];
  let [replicas, metric] = [0, ''];
  for (const one of spec.metrics) {
    const outcome = proposalOf(one, input);
    statuses.push('failure' in outcome ? { type: '' } : outcome.status);
    if ('failure' in outcome) failures.push(outcome.failure);
    else if (replicas === 0 || outcome.replicas > replicas) [replicas, metric] = [outcome.replicas, outcome.name];
  }
  const [first] = failures;
  const error =
    first &&
    `invalid metrics (${failures.length} invalid out of ${spec.metrics.length}), first error is: ${first.summary}`;
  const common = { statuses, failures, ...(error !== undefined && { error }) };
  // What is not known may be high: without it nothing is taken away.
  if (first && (failures.length >= spec.metrics.length || replicas < input.currentReplicas)) {
    const message = `the HPA was unable to compute the replica count: ${first.message}`;
    return { ...common, replicas: undefined, metric: '', active: { status: 'False', reason: first.reason, message } };
  }
  const message = `the HPA was able to successfully calculate a replica count from ${metric}`;
  return { ...common, replicas, metric, active: { status: 'True', reason: 'ValidMetricFound', message } };
}

type Outcome = { replicas: number; name: string; status: MetricStatus } | { failure: Failure };

function proposalOf(metric: MetricSpec, input: MetricsInput): Outcome {
  const { resource, containerResource } = metric;
  if (metric.type === 'Resource' && resource) {
    const { name, target } = resource;
    const outcome = ofResource(input, name, target);
    if ('failure' in outcome)
      return failed('FailedGetResourceMetric', outcome.failure, `failed to get ${name} resource metric value`);
    const status = { type: metric.type, resource: { name, current: outcome.current } };
    return { replicas: outcome.replicas, name: describe(name, target, ''), status };
  }
  if (metric.type === 'ContainerResource' && containerResource) {
    const { name, container, target } = containerResource;
    const outcome = ofResource(input, name, target, container);
    if ('failure' in outcome)
      return failed(
        'FailedGetContainerResourceMetric',
        outcome.failure,
        `failed to get ${container} container metric value`,
      );
    const status = { type: metric.type, containerResource: { name, container, current: outcome.current } };
    return { replicas: outcome.replicas, name: describe(name, target, 'container '), status };
  }
  return { failure: unreadable(metric, input.namespace) };
}

const failed = (reason: string, message: string, what: string): Outcome => ({
  failure: { reason, message, summary: `${what}: ${message}` },
});

const describe = (name: string, { averageValue }: MetricTarget, kind: string): string =>
  averageValue === undefined ? `${name} ${kind}resource utilization (percentage of request)` : `${name} resource`;

function ofResource(
  { metrics, pods, currentReplicas, tolerances, now }: MetricsInput,
  resource: string,
  { averageValue, averageUtilization }: MetricTarget,
  container?: string,
): { replicas: number; current: MetricValue } | { failure: string } {
  const what = averageValue === undefined ? 'utilization' : 'usage';
  let measured;
  try {
    if (metrics instanceof Error)
      throw new Error(`unable to fetch metrics from resource metrics API: ${metrics.message}`);
    measured = measurementsOf(metrics, resource, container);
  } catch (error) {
    const why = `unable to get metrics for resource ${resource}: ${(error as Error).message}`;
    return { failure: `failed to get ${resource} ${what}: ${why}` };
  }
  try {
    const demand = { pods, measured, resource, currentReplicas, tolerances, now };
    const proposal =
      averageValue === undefined
        ? replicasForUtilization(demand, averageUtilization ?? 0, container)
        : replicasForValue(demand, quantityMilliValue(parseQuantity(averageValue)));
    return { replicas: proposal.replicas, current: valueOf(proposal) };
  } catch (error) {
    return { failure: `failed to get ${resource} ${what}: ${(error as Error).message}` };
  }
}

const valueOf = ({ utilization, averageValue }: Proposal): MetricValue => ({
  averageValue: formatQuantity(quantityFromMilli(averageValue)),
  ...(utilization !== undefined && { averageUtilization: utilization }),
});
