/** What the agent itself does, for its /metrics; under upstream's names where upstream has one. */
// Like pkg/kubelet/metrics and the process collector of Prometheus.
import type { Metric } from './exposition.ts';
import type { Sample } from './sampler.ts';

export interface Agent {
  nodeName: string;
  version: string;
  /** Of this process: seconds of processor time, bytes, and seconds since 1970. */
  process: { cpuSeconds: number; residentBytes: number; heapBytes: number; startedAt: number };
}

export function agentMetrics({ nodeName, version, process }: Agent, sample: Sample): Metric[] {
  const containers = sample.pods.reduce((sum, pod) => sum + pod.containers.length, 0);
  const disks = sample.node.disks;
  return [
    gauge('kubelet_node_name', "The node's name. The count is always 1.", 1, { node: nodeName }),
    gauge('kubelet_running_containers', 'Number of containers currently running', containers, {
      container_state: 'running',
    }),
    gauge('kubelet_running_pods', 'Number of pods that have a running pod sandbox', sample.pods.length),
    gauge('kubernetes_build_info', 'Version of the agent. The value is always 1.', 1, { git_version: version }),
    counter('naru_node_disk_read_bytes_total', 'Bytes read from the disks of the node', disks.readBytes),
    counter('naru_node_disk_written_bytes_total', 'Bytes written to the disks of the node', disks.writtenBytes),
    gauge('nodejs_heap_size_used_bytes', 'Bytes in use of the heap', process.heapBytes),
    counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.', process.cpuSeconds),
    gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', process.residentBytes),
    gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', process.startedAt),
  ];
}

type Labels = Record<string, string>;
const metric = (type: Metric['type']) => (name: string, help: string, value: number, labels?: Labels) => ({
  name,
  type,
  help,
  values: [{ value, ...(labels && { labels }) }],
});
const counter = metric('counter');
const gauge = metric('gauge');
