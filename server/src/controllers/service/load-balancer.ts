/** Which addresses a LoadBalancer Service is reached under, and who has its ports already. Pure. */
// Like staging/src/k8s.io/cloud-provider/controllers/service, where the provider is the cluster's own nodes.
import { keyOf } from '@naru/api/client/object-cache';
import type { KubeObject } from '@naru/api/object';
import type { EndpointSlice } from '../endpoint-slice/slices.ts';
import { conditionOf, type Condition } from '../runtime/condition.ts';
import type { Node } from '../node-lifecycle/node.ts';
import { isFinished, type Pod } from '../runtime/pod.ts';

export interface Ingress {
  ip?: string;
  hostname?: string;
  ipMode?: string;
}

export interface BalancedService extends KubeObject {
  spec: {
    type?: string;
    loadBalancerClass?: string;
    externalTrafficPolicy?: string;
    ports?: { port: number; protocol?: string; nodePort?: number }[];
  };
  status?: { loadBalancer?: { ingress?: Ingress[] }; conditions?: Condition[] };
}

export interface BalancedNode extends Node {
  status?: Node['status'] & {
    addresses?: { type: string; address: string }[];
    daemonEndpoints?: { kubeletEndpoint?: { Port?: number } };
  };
}

const excludeLabel = 'node.kubernetes.io/exclude-from-external-load-balancers';

/** Ours to serve; one with a class is somebody else's. */
export const isOurs = ({ spec, metadata }: BalancedService): boolean =>
  spec.type === 'LoadBalancer' && !spec.loadBalancerClass && !metadata.deletionTimestamp;

export const ingressOf = ({ status }: BalancedService): readonly Ingress[] => status?.loadBalancer?.ingress ?? [];

/** Nodes that may take traffic from outside; like nodeSelector predicates of the service controller. */
export const takesTraffic = ({ metadata, status }: BalancedNode): boolean =>
  metadata.labels?.[excludeLabel] === undefined &&
  !metadata.deletionTimestamp &&
  conditionOf(status?.conditions, 'Ready')?.status === 'True';

const internalIPv4 = ({ status }: BalancedNode): string | undefined =>
  status?.addresses?.find(({ type, address }) => type === 'InternalIP' && !address.includes(':'))?.address;

/** Names of the nodes that have an endpoint which takes traffic; '' stands for endpoints on no node. */
export function servingNodes(slices: readonly EndpointSlice[]): Set<string> {
  const serving = slices.flatMap(({ endpoints }) =>
    (endpoints ?? []).filter(({ conditions }) => conditions.ready ?? true).map(({ nodeName }) => nodeName ?? ''),
  );
  return new Set(serving);
}

/**
 * The addresses of the nodes that serve it, in the order of their names. Where traffic stays local these are the nodes
 * with endpoints. Empty while it has no endpoint at all: nothing would answer there.
 */
export function balancedAddresses(
  { spec }: BalancedService,
  slices: readonly EndpointSlice[],
  nodes: readonly BalancedNode[],
): string[] {
  const serving = servingNodes(slices);
  if (serving.size === 0) return [];
  const isLocal = spec.externalTrafficPolicy === 'Local';
  return nodes
    .filter((node) => takesTraffic(node) && (!isLocal || serving.has(node.metadata.name ?? '')))
    .sort((a, b) => ((a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1))
    .flatMap((node) => internalIPv4(node) ?? []);
}

export interface Claims {
  services: readonly BalancedService[];
  pods: readonly Pod[];
  nodes: readonly BalancedNode[];
  /** TCP ports of Naru itself. */
  reserved: readonly number[];
}

const sameId = (a: KubeObject, b: KubeObject) => a.metadata.uid === b.metadata.uid;

/** Who has one of the service's ports at one of the addresses already, in words; undefined: nobody. */
export function portConflict(
  service: BalancedService,
  addresses: readonly string[],
  { services, pods, nodes, reserved }: Claims,
): string | undefined {
  const others = services.filter((other) => !sameId(other, service));
  const here = new Set(
    nodes.filter((node) => addresses.includes(internalIPv4(node) ?? '')).map(({ metadata }) => metadata.name ?? ''),
  );
  for (const { port, protocol = 'TCP' } of service.spec.ports ?? []) {
    const taken = (by: string) => `port ${port}/${protocol} is already used by ${by}`;
    if (protocol === 'TCP' && reserved.includes(port)) return taken('the node itself');
    const balanced = others.find(
      (other) =>
        isOurs(other) && ingressOf(other).some(({ ip }) => addresses.includes(ip ?? '')) && has(other, port, protocol),
    );
    if (balanced) return taken(`service ${keyOf(balanced)}`);
    const exposed = others.find(({ spec }) =>
      spec.ports?.some((one) => one.nodePort === port && (one.protocol ?? 'TCP') === protocol),
    );
    if (exposed) return taken(`the node port of service ${keyOf(exposed)}`);
    const pod = pods.find(
      (one) => here.has(one.spec.nodeName ?? '') && !isFinished(one) && hasHostPort(one, port, protocol),
    );
    if (pod) return taken(`pod ${keyOf(pod)}`);
  }
  return undefined;
}

const has = ({ spec }: BalancedService, port: number, protocol: string): boolean =>
  spec.ports?.some((one) => one.port === port && (one.protocol ?? 'TCP') === protocol) ?? false;

const hasHostPort = ({ spec }: Pod, port: number, protocol: string): boolean =>
  [...spec.containers, ...(spec.initContainers ?? [])].some(({ ports = [] }) =>
    ports.some((one) => one.hostPort === port && (one.protocol ?? 'TCP') === protocol),
  );
