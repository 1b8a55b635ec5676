/** A look at the node as the kubelet's /metrics/resource tells it. */
// Like pkg/kubelet/metrics/collectors/resource_metrics.go.
import type { Metric } from '@naru/api/metrics/exposition';
import type { ContainerSample, PodSample, Sample } from './sampler.ts';

const seconds = (nanoseconds: number) => nanoseconds / 1e9;

export function resourceMetrics({ time, node, pods }: Sample): Metric[] {
  const one = (value: number) => [{ value, time }];
  const ofContainers = (value: (container: ContainerSample) => number) =>
    pods.flatMap(({ pod, containers }) =>
      containers.map((container) => ({
        labels: { container: container.name, namespace: pod.namespace, pod: pod.name },
        value: value(container),
        time,
      })),
    );
  const ofPods = (value: (container: ContainerSample) => number) =>
    pods.map(({ pod, containers }: PodSample) => ({
      labels: { namespace: pod.namespace, pod: pod.name },
      value: containers.reduce((sum, container) => sum + value(container), 0),
      time,
    }));
  const cpu = ({ usage }: ContainerSample) => seconds(usage.cpuNanoseconds);
  const memory = ({ usage }: ContainerSample) => usage.workingSetBytes;
  return [
    counter(
      'container_cpu_usage_seconds_total',
      'Cumulative cpu time of the container in core-seconds',
      ofContainers(cpu),
    ),
    gauge('container_memory_working_set_bytes', 'Working set of the container in bytes', ofContainers(memory)),
    gauge(
      'container_start_time_seconds',
      'Start time of the container in seconds since 1970',
      ofContainers(({ startedAt }) => Date.parse(startedAt) / 1000),
    ),
    counter(
      'node_cpu_usage_seconds_total',
      'Cumulative cpu time of the node in core-seconds',
      one(seconds(node.cpuNanoseconds)),
    ),
    gauge('node_memory_working_set_bytes', 'Working set of the node in bytes', one(node.workingSetBytes)),
    counter('pod_cpu_usage_seconds_total', 'Cumulative cpu time of the pod in core-seconds', ofPods(cpu)),
    gauge('pod_memory_working_set_bytes', 'Working set of the pod in bytes', ofPods(memory)),
    gauge('resource_scrape_error', '1 if the figures could not be read, otherwise 0', [{ value: 0 }]),
  ];
}

type Values = Metric['values'];
const counter = (name: string, help: string, values: Values): Metric => ({ name, type: 'counter', help, values });
const gauge = (name: string, help: string, values: Values): Metric => ({ name, type: 'gauge', help, values });
