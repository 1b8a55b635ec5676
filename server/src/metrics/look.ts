/** What one look at a node's kubelet told, read from its /stats/summary. Pure. */
// Like k8s.io/kubelet/pkg/apis/stats/v1alpha1, as far as it is used.

/** Bytes since the pod or the machine started. */
export interface Counters {
  networkReceived?: number;
  networkSent?: number;
  diskRead?: number;
  diskWritten?: number;
}

export interface ContainerLook {
  name: string;
  /** Cores; undefined until it was measured twice. */
  cpu: number | undefined;
  /** Bytes of the working set. */
  memory: number;
}

export interface PodLook {
  namespace: string;
  name: string;
  uid: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  containers: ContainerLook[];
  counters: Counters;
}

export interface NodeLook {
  node: string;
  /** When the kubelet looked: milliseconds since 1970. */
  time: number;
  cpu: number | undefined;
  memory: number;
  /** Bytes there are, and that could be had without swapping. */
  memoryRoom?: { total: number; available: number };
  /** Bytes of the file system with the node's data. */
  disk?: { total: number; available: number };
  counters: Counters;
  pods: PodLook[];
}

interface Figures {
  cpu?: { time?: string; usageNanoCores?: number };
  memory?: { workingSetBytes?: number; availableBytes?: number; usageBytes?: number };
  fs?: { capacityBytes?: number; availableBytes?: number };
  network?: { rxBytes?: number; txBytes?: number };
  io?: { readBytes?: number; writtenBytes?: number };
}

interface Summary {
  node: Figures & { nodeName: string };
  pods: (Figures & {
    podRef: { name: string; namespace: string; uid: string };
    startTime: string;
    containers: (Figures & { name: string })[];
  })[];
}

/** `text`: the body of the kubelet's answer. `now` stands in for a time that the kubelet does not tell. Throws SyntaxError. */
export function readLook(text: string, now: number): NodeLook {
  const { node, pods } = JSON.parse(text) as Summary;
  return {
    node: node.nodeName,
    time: Date.parse(node.cpu?.time ?? '') || now,
    ...cpuAndMemory(node),
    ...roomOf(node),
    counters: countersOf(node, [node]),
    pods: pods.map(({ podRef, startTime, containers, ...figures }) => ({
      ...podRef,
      startedAt: Date.parse(startTime),
      containers: containers.map((container) => ({ name: container.name, ...cpuAndMemory(container) })),
      counters: countersOf(figures, containers),
    })),
  };
}

function roomOf({ memory, fs }: Figures): Pick<NodeLook, 'memoryRoom' | 'disk'> {
  const { availableBytes: free, usageBytes: used } = memory ?? {};
  const { capacityBytes: total, availableBytes: available } = fs ?? {};
  return {
    ...(free !== undefined && used !== undefined && { memoryRoom: { total: free + used, available: free } }),
    ...(total && available !== undefined && { disk: { total, available } }),
  };
}

const cpuAndMemory = ({ cpu, memory }: Figures) => ({
  cpu: cpu?.usageNanoCores === undefined ? undefined : cpu.usageNanoCores / 1e9,
  memory: memory?.workingSetBytes ?? 0,
});

function countersOf({ network }: Figures, parts: readonly Figures[]): Counters {
  const io = parts.flatMap((part) => part.io ?? []);
  const sum = (field: 'readBytes' | 'writtenBytes') => io.reduce((total, each) => total + (each[field] ?? 0), 0);
  return {
    ...(network && { networkReceived: network.rxBytes ?? 0, networkSent: network.txBytes ?? 0 }),
    ...(io.length && { diskRead: sum('readBytes'), diskWritten: sum('writtenBytes') }),
  };
}
