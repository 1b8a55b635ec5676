/** What a node checks before it takes a pod that it has been given. */
// Like pkg/kubelet/lifecycle/predicate.go, pkg/kubelet/sysctl and pkg/security/apparmor.
import { parseQuantity, quantityMilliValue, quantityValue } from '@naru/api/quantity';
import type { PodFailure } from '../status/status-input.ts';
import type { NodeDescription } from './pod-context.ts';
import { isSidecar, type Pod } from './pod.ts';

const safeSysctls = [
  'kernel.shm_rmid_forced',
  'net.ipv4.ip_local_port_range',
  'net.ipv4.tcp_syncookies',
  'net.ipv4.ping_group_range',
  'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time',
  'net.ipv4.tcp_fin_timeout',
  'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes',
  'net.ipv4.tcp_rmem',
  'net.ipv4.tcp_wmem',
];

/** `others`: the pods that the node has taken and that have not ended. undefined: the pod is taken. */
export function refusePod(pod: Pod, others: readonly Pod[], node: NodeDescription): PodFailure | undefined {
  return refuseSysctls(pod, node) ?? refuseAppArmor(pod, node) ?? refuseResources(pod, others, node);
}

function refuseSysctls({ spec }: Pod, { allowedUnsafeSysctls }: NodeDescription): PodFailure | undefined {
  for (const { name } of spec.securityContext?.sysctls ?? []) {
    const refuse = (why: string) => ({ reason: 'SysctlForbidden', message: `forbidden sysctl: "${name}" ${why}` });
    const allowed = [...safeSysctls, ...allowedUnsafeSysctls].some((each) =>
      each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : each === name,
    );
    if (!allowed) return refuse('not allowlisted');
    if (name.startsWith('net.') && spec.hostNetwork) return refuse('not allowed with host net enabled');
    if (name.startsWith('kernel.') && spec.hostIPC) return refuse('not allowed with host ipc enabled');
  }
  return undefined;
}

// A profile that was asked for by name is not left out in silence; RuntimeDefault is asked for by name too.
function refuseAppArmor({ spec }: Pod, { hasAppArmor }: NodeDescription): PodFailure | undefined {
  if (hasAppArmor) return undefined;
  const containers = [...(spec.initContainers ?? []), ...spec.containers];
  const profiles = [spec, ...containers].map(({ securityContext }) => securityContext?.appArmorProfile);
  if (profiles.every((profile) => !profile || profile.type === 'Unconfined')) return undefined;
  return { reason: 'AppArmor', message: 'Cannot enforce AppArmor: AppArmor is not enabled on the host' };
}

function refuseResources(pod: Pod, others: readonly Pod[], { allocatable }: NodeDescription): PodFailure | undefined {
  const refuse = (resource: string, requested: number, used: number, capacity: number) => ({
    reason: `OutOf${resource}`,
    message: `Node didn't have enough resource: ${resource}, requested: ${requested}, used: ${used}, capacity: ${capacity}`,
  });
  const most = Number(allocatable['pods'] ?? Infinity);
  if (others.length + 1 > most) return refuse('pods', 1, others.length, most);
  for (const resource of ['cpu', 'memory'] as const) {
    const requested = requestOf(pod, resource);
    if (requested === 0) continue;
    const used = others.reduce((sum, other) => sum + requestOf(other, resource), 0);
    const capacity = amount(allocatable[resource], resource);
    if (requested + used > capacity) return refuse(resource, requested, used, capacity);
  }
  return undefined;
}

/** Milli-CPUs or bytes. */
function requestOf({ spec }: Pod, resource: 'cpu' | 'memory'): number {
  const own = spec.resources?.requests?.[resource];
  if (own) return amount(own, resource);
  const of = (containers: readonly { resources?: { requests?: Record<string, string> } }[]) =>
    containers.map(({ resources }) => amount(resources?.requests?.[resource], resource));
  const sum = (amounts: readonly number[]) => amounts.reduce((total, each) => total + each, 0);
  const init = spec.initContainers ?? [];
  const sidecars = sum(of(init.filter(isSidecar)));
  // Init containers run one after the other, before the others do.
  return Math.max(sum(of(spec.containers)) + sidecars, ...of(init.filter((container) => !isSidecar(container))));
}

const amount = (text: string | undefined, resource: 'cpu' | 'memory'): number => {
  const quantity = parseQuantity(text ?? '0');
  return resource === 'cpu' ? quantityMilliValue(quantity) : quantityValue(quantity);
};
