/** Addresses and ports that a Service is given: which it needs, and how a writer's silence about them is read. */
// Like pkg/registry/core/service/storage (NormalizeClusterIPs, patchAllocatedValues) and strategy.go dropTypeDependentFields.
import type { V1Service, V1ServicePort, V1ServiceSpec } from '@kubernetes/client-node';
import type { Fields, ObjectFields } from '../../fields.ts';

export type Service = ObjectFields<V1Service>;
export type ServiceSpec = Fields<V1ServiceSpec>;
export type ServicePort = Fields<V1ServicePort>;

export const needsClusterIP = ({ type }: ServiceSpec): boolean =>
  type === 'ClusterIP' || type === 'NodePort' || type === 'LoadBalancer';

export const needsNodePorts = ({ type, allocateLoadBalancerNodePorts = true }: ServiceSpec): boolean =>
  type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts);

export const needsHealthCheckPort = ({ type, externalTrafficPolicy }: ServiceSpec): boolean =>
  type === 'LoadBalancer' && externalTrafficPolicy === 'Local';

export const isHeadless = ({ clusterIPs = [] }: ServiceSpec): boolean =>
  clusterIPs.length === 1 && clusterIPs[0] === 'None';

/** The single address and the list say the same; a writer may give either. Changes `spec`; `old` is absent at creation. */
export function syncClusterIPs(spec: ServiceSpec, old?: ServiceSpec): void {
  const { clusterIP = '', clusterIPs = [] } = spec;
  if (!old) {
    if (clusterIP && !clusterIPs.length) spec.clusterIPs = [clusterIP];
    return;
  }
  const before = old.clusterIP ?? '';
  const sameList = sameItems(clusterIPs, old.clusterIPs ?? []);
  if (!before && clusterIP && (!clusterIPs.length || sameList)) spec.clusterIPs = [clusterIP];
  else if (before && !clusterIP && sameList) delete spec.clusterIPs;
  else if (clusterIP !== before && sameList && clusterIPs.length) spec.clusterIPs = [clusterIP, ...clusterIPs.slice(1)];
}

const sameItems = (left: readonly string[], right: readonly string[]) =>
  left.length === right.length && left.every((item, index) => item === right[index]);

/** What a writer left out and the service already has is kept. Changes `spec`. */
export function keepAllocatedValues(spec: ServiceSpec, old: ServiceSpec): void {
  if (needsClusterIP(spec) && needsClusterIP(old)) {
    if (!spec.clusterIP && old.clusterIP) spec.clusterIP = old.clusterIP;
    if (!spec.clusterIPs?.length && spec.clusterIP === old.clusterIP && old.clusterIPs)
      spec.clusterIPs = old.clusterIPs;
  }
  if (needsNodePorts(spec) && needsNodePorts(old)) keepNodePorts(spec.ports ?? [], old.ports ?? []);
  if (needsHealthCheckPort(spec) && needsHealthCheckPort(old) && !spec.healthCheckNodePort && old.healthCheckNodePort)
    spec.healthCheckNodePort = old.healthCheckNodePort;
}

function keepNodePorts(ports: readonly ServicePort[], old: readonly ServicePort[]): void {
  const given = new Set(ports.map(({ nodePort = 0 }) => nodePort));
  const used = new Set(old.map(({ nodePort = 0 }) => nodePort).filter((port) => port && given.has(port)));
  const byName = new Map(old.map(({ name = '', nodePort = 0 }) => [name, nodePort]));
  for (const port of ports) {
    if (port.nodePort) continue;
    const before = byName.get(port.name ?? '');
    if (!before || used.has(before)) continue;
    port.nodePort = before;
    used.add(before);
  }
}

/** A change of type takes with it what only the old type had, unless the writer changed that too. Changes `spec`. */
export function dropValuesOfOldType(spec: ServiceSpec, old: ServiceSpec): void {
  if (needsClusterIP(old) && !needsClusterIP(spec) && !changedClusterIPs(spec, old)) {
    delete spec.clusterIP;
    delete spec.clusterIPs;
  }
  if (needsClusterIP(old) && !needsClusterIP(spec)) dropFamilies(spec, old);
  if (needsNodePorts(old) && !needsNodePorts(spec) && spec.type !== 'LoadBalancer' && !changedNodePorts(spec, old))
    for (const port of spec.ports ?? []) delete port.nodePort;
  if (needsHealthCheckPort(old) && !needsHealthCheckPort(spec) && spec.healthCheckNodePort === old.healthCheckNodePort)
    delete spec.healthCheckNodePort;
  if (old.type === 'LoadBalancer' && spec.type !== 'LoadBalancer') {
    if (spec.allocateLoadBalancerNodePorts === old.allocateLoadBalancerNodePorts)
      delete spec.allocateLoadBalancerNodePorts;
    if (spec.loadBalancerClass === old.loadBalancerClass) delete spec.loadBalancerClass;
  }
  if (isExternal(old) && !isExternal(spec) && spec.externalTrafficPolicy === old.externalTrafficPolicy)
    delete spec.externalTrafficPolicy;
  if (needsClusterIP(old) && !needsClusterIP(spec) && spec.internalTrafficPolicy === old.internalTrafficPolicy)
    delete spec.internalTrafficPolicy;
}

/** Reachable from outside the cluster. */
export const isExternal = ({ type, externalIPs = [] }: ServiceSpec): boolean =>
  type === 'NodePort' || type === 'LoadBalancer' || (type === 'ClusterIP' && externalIPs.length > 0);

const changedClusterIPs = (spec: ServiceSpec, old: ServiceSpec): boolean =>
  (spec.clusterIP ?? '') !== (old.clusterIP ?? '') || !sameItems(spec.clusterIPs ?? [], old.clusterIPs ?? []);

function dropFamilies(spec: ServiceSpec, old: ServiceSpec): void {
  if (spec.ipFamilyPolicy === old.ipFamilyPolicy) delete spec.ipFamilyPolicy;
  if (sameItems(spec.ipFamilies ?? [], old.ipFamilies ?? [])) delete spec.ipFamilies;
}

function changedNodePorts(spec: ServiceSpec, old: ServiceSpec): boolean {
  const before = new Set((old.ports ?? []).map(({ nodePort = 0 }) => nodePort));
  return (spec.ports ?? []).some(({ nodePort = 0 }) => nodePort && !before.has(nodePort));
}
