/** The Node as the agent writes it. */
import type { ResourceRef } from '@naru/api/client/client';
import type { KubeObject } from '@naru/api/object';

export const nodeResource: ResourceRef = { group: '', version: 'v1', kind: 'Node', plural: 'nodes', scope: 'Cluster' };

export interface NodeCondition {
  type: 'MemoryPressure' | 'DiskPressure' | 'PIDPressure' | 'Ready';
  status: 'True' | 'False' | 'Unknown';
  lastHeartbeatTime: string;
  lastTransitionTime: string;
  reason: string;
  message: string;
}

export interface NodeStatus {
  capacity: Record<string, string>;
  allocatable: Record<string, string>;
  conditions: NodeCondition[];
  addresses: { type: 'InternalIP' | 'Hostname'; address: string }[];
  daemonEndpoints: { kubeletEndpoint: { Port: number } };
  nodeInfo: Record<string, string>;
  images: { names: string[]; sizeBytes: number }[];
}

export interface Node extends KubeObject {
  spec?: { podCIDR?: string; podCIDRs?: string[]; unschedulable?: boolean };
  status?: Partial<NodeStatus>;
}
