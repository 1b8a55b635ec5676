/** The parts of Kubernetes objects that the network reads. */
import type { KubeObject, LabelSelector } from '@naru/api/object';
import type { ResourceRef } from '@naru/api/client/client';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';
export type TrafficPolicy = 'Cluster' | 'Local';

export interface ServicePort {
  name?: string;
  protocol?: Protocol;
  port: number;
  nodePort?: number;
}

export interface Service extends KubeObject {
  spec?: {
    type?: 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'ExternalName';
    clusterIP?: string;
    clusterIPs?: string[];
    externalIPs?: string[];
    externalName?: string;
    ports?: ServicePort[];
    sessionAffinity?: 'None' | 'ClientIP';
    sessionAffinityConfig?: { clientIP?: { timeoutSeconds?: number } };
    externalTrafficPolicy?: TrafficPolicy;
    internalTrafficPolicy?: TrafficPolicy;
    publishNotReadyAddresses?: boolean;
    loadBalancerSourceRanges?: string[];
    healthCheckNodePort?: number;
  };
  status?: { loadBalancer?: { ingress?: { ip?: string; ipMode?: 'VIP' | 'Proxy' }[] } };
}

export interface SliceEndpoint {
  addresses: string[];
  conditions?: { ready?: boolean; serving?: boolean; terminating?: boolean };
  hostname?: string;
  nodeName?: string;
  targetRef?: { uid?: string };
  hints?: { forZones?: { name: string }[]; forNodes?: { name: string }[] };
}

export interface EndpointSlice extends KubeObject {
  addressType: string;
  /** null when there are none. */
  endpoints?: SliceEndpoint[] | null;
  ports?: { name?: string; protocol?: Protocol; port?: number }[] | null;
}

export interface Node extends KubeObject {
  spec?: { podCIDR?: string; podCIDRs?: string[] };
  status?: { addresses?: { type: string; address: string }[] };
}

export interface Pod extends KubeObject {
  spec?: {
    nodeName?: string;
    hostNetwork?: boolean;
    containers?: { ports?: { name?: string; containerPort: number; protocol?: Protocol }[] }[];
    initContainers?: {
      restartPolicy?: string;
      ports?: { name?: string; containerPort: number; protocol?: Protocol }[];
    }[];
  };
  status?: { phase?: string; podIP?: string; podIPs?: { ip: string }[] };
}

export interface PolicyPeer {
  podSelector?: LabelSelector;
  namespaceSelector?: LabelSelector;
  ipBlock?: { cidr: string; except?: string[] };
}

export interface PolicyPort {
  protocol?: Protocol;
  /** Absent: every port of the protocol; a name is looked up in the pods that are reached. */
  port?: number | string;
  endPort?: number;
}

export interface NetworkPolicy extends KubeObject {
  spec?: {
    podSelector?: LabelSelector;
    policyTypes?: ('Ingress' | 'Egress')[];
    ingress?: { from?: PolicyPeer[]; ports?: PolicyPort[] }[];
    egress?: { to?: PolicyPeer[]; ports?: PolicyPort[] }[];
  };
}

const namespaced = { scope: 'Namespaced' } as const;
const core = { group: '', version: 'v1' };

export const services: ResourceRef = { ...core, kind: 'Service', plural: 'services', ...namespaced };
export const pods: ResourceRef = { ...core, kind: 'Pod', plural: 'pods', ...namespaced };
export const nodes: ResourceRef = { ...core, kind: 'Node', plural: 'nodes', scope: 'Cluster' };
export const namespaces: ResourceRef = { ...core, kind: 'Namespace', plural: 'namespaces', scope: 'Cluster' };
export const endpointSlices: ResourceRef = {
  group: 'discovery.k8s.io',
  version: 'v1',
  kind: 'EndpointSlice',
  plural: 'endpointslices',
  ...namespaced,
};
export const networkPolicies: ResourceRef = {
  group: 'networking.k8s.io',
  version: 'v1',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  ...namespaced,
};

/** `namespace/name` of the Service a slice belongs to; undefined when it belongs to none. */
export function serviceKeyOf(slice: EndpointSlice): string | undefined {
  const name = slice.metadata.labels?.['kubernetes.io/service-name'];
  return name ? `${slice.metadata.namespace ?? ''}/${name}` : undefined;
}
