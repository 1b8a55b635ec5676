/** A node's status from what is known of it. Pure. */
// Like pkg/kubelet/nodestatus setters.
import type { Image } from '../runtime/container-runtime.ts';
import type { Machine } from './machine.ts';
import type { NodeCondition, NodeStatus } from './node-object.ts';

/** As of now. */
export interface NodeObservation {
  /** `docker://20.10.24`; undefined while the engine does not answer. */
  runtimeVersion: string | undefined;
  images: readonly Image[];
  availableMemoryBytes: number;
  disk: { totalBytes: number; availableBytes: number };
  pids: { most: number; used: number };
}

export interface NodeIdentity {
  name: string;
  address: string;
  /** Of the kubelet API. */
  port: number;
  kubeletVersion: string;
  maxPods: number;
}

/** The kubelet's own thresholds for hard eviction. */
const leastMemory = 100 * 2 ** 20;
const leastDisk = 0.1;
const leastPids = 0.04;
const mostImages = 50;

export function nodeStatus(
  identity: NodeIdentity,
  machine: Machine,
  observation: NodeObservation,
  { previous, now }: { previous: readonly NodeCondition[]; now: string },
): NodeStatus {
  return {
    capacity: resources(machine, observation, identity, 0, 1),
    allocatable: resources(machine, observation, identity, leastMemory, 1 - leastDisk),
    conditions: conditions(observation).map((condition) => dated(condition, previous, now)),
    addresses: [
      { type: 'InternalIP', address: identity.address },
      { type: 'Hostname', address: identity.name },
    ],
    daemonEndpoints: { kubeletEndpoint: { Port: identity.port } },
    nodeInfo: {
      machineID: machine.machineId,
      systemUUID: machine.systemUuid,
      bootID: machine.bootId,
      kernelVersion: machine.kernelVersion,
      osImage: machine.osImage,
      containerRuntimeVersion: observation.runtimeVersion ?? '',
      kubeletVersion: identity.kubeletVersion,
      kubeProxyVersion: '',
      operatingSystem: 'linux',
      architecture: machine.architecture,
    },
    images: imagesOf(observation.images),
  };
}

function resources(
  { cpus, memoryBytes }: Machine,
  { disk }: NodeObservation,
  { maxPods }: NodeIdentity,
  reservedMemory: number,
  diskShare: number,
): Record<string, string> {
  // The kubelet writes capacity in Ki and what is left of it after a share in bytes.
  const storage =
    diskShare === 1 ? `${Math.floor(disk.totalBytes / 1024)}Ki` : String(Math.floor(disk.totalBytes * diskShare));
  return {
    cpu: String(cpus),
    'ephemeral-storage': storage,
    'hugepages-1Gi': '0',
    'hugepages-2Mi': '0',
    memory: `${Math.floor((memoryBytes - reservedMemory) / 1024)}Ki`,
    pods: String(maxPods),
  };
}

type Undated = Omit<NodeCondition, 'lastHeartbeatTime' | 'lastTransitionTime'>;

function conditions({ runtimeVersion, availableMemoryBytes, disk, pids }: NodeObservation): Undated[] {
  const pressure = (
    type: NodeCondition['type'],
    under: boolean,
    [bad, badText]: [string, string],
    [good, goodText]: [string, string],
  ): Undated =>
    under
      ? { type, status: 'True', reason: bad, message: badText }
      : { type, status: 'False', reason: good, message: goodText };
  return [
    pressure(
      'MemoryPressure',
      availableMemoryBytes < leastMemory,
      ['KubeletHasInsufficientMemory', 'kubelet has insufficient memory available'],
      ['KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
    ),
    pressure(
      'DiskPressure',
      disk.availableBytes < disk.totalBytes * leastDisk,
      ['KubeletHasDiskPressure', 'kubelet has disk pressure'],
      ['KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
    ),
    pressure(
      'PIDPressure',
      pids.most - pids.used < pids.most * leastPids,
      ['KubeletHasInsufficientPID', 'kubelet has insufficient PID available'],
      ['KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
    ),
    runtimeVersion === undefined
      ? { type: 'Ready', status: 'False', reason: 'KubeletNotReady', message: 'container runtime is down' }
      : { type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' },
  ];
}

function dated(condition: Undated, previous: readonly NodeCondition[], now: string): NodeCondition {
  const before = previous.find(({ type }) => type === condition.type);
  const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : now;
  return { ...condition, lastHeartbeatTime: now, lastTransitionTime };
}

function imagesOf(images: readonly Image[]): NodeStatus['images'] {
  return [...images]
    .filter(({ tags }) => tags.length > 0)
    .sort((a, b) => b.sizeBytes - a.sizeBytes)
    .slice(0, mostImages)
    .map(({ tags, sizeBytes }) => ({ names: [...tags].sort(), sizeBytes }));
}

/** Whether anything but the heartbeats differs: only then, or every five minutes, is a status written. */
export function differs(before: Partial<NodeStatus> | undefined, after: NodeStatus): boolean {
  const withoutHeartbeats = (status: Partial<NodeStatus>) => ({
    ...['capacity', 'allocatable', 'addresses', 'daemonEndpoints', 'nodeInfo', 'images'].map((name) =>
      sorted(status[name as keyof NodeStatus]),
    ),
    conditions: (status.conditions ?? []).map(({ type, status: value, reason, message }) => [
      type,
      value,
      reason,
      message,
    ]),
  });
  return !before || JSON.stringify(withoutHeartbeats(before)) !== JSON.stringify(withoutHeartbeats(after));
}

// The server may answer with keys in another order, empty strings and empty lists left out.
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== '');
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}
