/** What the agent itself does, for its /metrics; under upstream's names where upstream has one. */
// Like pkg/kubelet/metrics.
import { counter, gauge, type Metric } from '@naru/api/metrics/exposition';
import { processMetrics, type OwnUsage } from '@naru/api/metrics/process-metrics';
import type { Sample } from './sampler.ts';

export interface Agent {
  nodeName: string;
  version: string;
  own: OwnUsage;
}

export function agentMetrics({ nodeName, version, own }: Agent, { pods, node }: Sample): Metric[] {
  const containers = pods.reduce((sum, pod) => sum + pod.containers.length, 0);
  const { readBytes, writtenBytes } = node.disks;
  return [
    gauge('kubelet_node_name', "The node's name. The count is always 1.", 1, { node: nodeName }),
    gauge('kubelet_running_containers', 'Number of containers currently running', containers, {
      container_state: 'running',
    }),
    gauge('kubelet_running_pods', 'Number of pods that have a running pod sandbox', pods.length),
    gauge('kubernetes_build_info', 'Version of the agent. The value is always 1.', 1, { git_version: version }),
    counter('naru_node_disk_read_bytes_total', 'Bytes read from the disks of the node', readBytes),
    counter('naru_node_disk_written_bytes_total', 'Bytes written to the disks of the node', writtenBytes),
    ...processMetrics(own),
  ];
}
