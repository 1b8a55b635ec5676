/** What the agent writes on a sandbox for an agent that starts anew: it puts the pod's network together before it has read the pods. */
import type { AttachablePod, HostPort } from '../network/pod-network.ts';
import type { Sandbox } from '../runtime/container-runtime.ts';
import { isSidecar, type Pod } from './pod.ts';

// JSON list of { hostIP, hostPort, containerPort, protocol }
const hostPortsLabel = 'naru.dev/host-ports';
// true, or absent
const hostNetworkLabel = 'naru.dev/host-network';

export function sandboxLabelsOf(pod: Pod): Record<string, string> {
  const hostPorts = hostPortsOf(pod);
  return {
    ...(hostPorts.length > 0 && { [hostPortsLabel]: JSON.stringify(hostPorts) }),
    ...(pod.spec.hostNetwork && { [hostNetworkLabel]: 'true' }),
  };
}

export function hostPortsOf({ spec }: Pod): HostPort[] {
  if (spec.hostNetwork) return [];
  const containers = [...spec.containers, ...(spec.initContainers ?? []).filter(isSidecar)];
  return containers.flatMap(({ ports = [] }) =>
    ports.flatMap(({ hostPort, hostIP = '', containerPort, protocol = 'TCP' }) =>
      hostPort ? [{ hostIP, hostPort, containerPort, protocol }] : [],
    ),
  );
}

/** The pods of running sandboxes that have a network of their own. */
export function attachablePods(sandboxes: readonly Sandbox[]): AttachablePod[] {
  return sandboxes
    .filter(({ running, labels }) => running && labels[hostNetworkLabel] !== 'true')
    .map(({ pod, pid, labels }) => ({
      ...pod,
      pid,
      labels,
      hostPorts: JSON.parse(labels[hostPortsLabel] ?? '[]') as HostPort[],
    }));
}
