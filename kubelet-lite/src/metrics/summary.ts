/** A look at the node in the form of the kubelet's /stats/summary, which metrics-server and others read. */
// Like k8s.io/kubelet/pkg/apis/stats/v1alpha1.
import type { InterfaceUsage } from './network-usage.ts';
import type { ContainerSample, FilesystemUsage, PodSample, Sample } from './sampler.ts';

/** `nodeStartedAt` in RFC 3339. */
export function summaryOf(
  sample: Sample,
  { nodeName, nodeStartedAt }: { nodeName: string; nodeStartedAt: string },
): object {
  const time = new Date(sample.time).toISOString();
  const { node } = sample;
  return {
    node: {
      nodeName,
      startTime: nodeStartedAt,
      cpu: cpuOf(time, node.cpuNanoseconds, node.cpuNanocores),
      memory: {
        time,
        availableBytes: node.availableBytes,
        usageBytes: node.totalBytes - node.availableBytes,
        workingSetBytes: node.workingSetBytes,
      },
      ...(node.interfaces.length && { network: networkOf(time, node.interfaces) }),
      fs: filesystemOf(time, node.filesystem),
      io: { time, ...node.disks },
    },
    pods: sample.pods.map((pod) => podOf(pod, time)),
  };
}

function podOf({ pod, startedAt, interfaces, containers }: PodSample, time: string): object {
  const sum = (figure: (container: ContainerSample) => number) =>
    containers.reduce((total, container) => total + figure(container), 0);
  const known = containers.every(({ cpuNanocores }) => cpuNanocores !== undefined);
  return {
    podRef: { name: pod.name, namespace: pod.namespace, uid: pod.uid },
    startTime: startedAt,
    containers: containers.map((container) => containerOf(container, time)),
    cpu: cpuOf(
      time,
      sum(({ usage }) => usage.cpuNanoseconds),
      known ? sum(({ cpuNanocores }) => cpuNanocores ?? 0) : undefined,
    ),
    memory: {
      time,
      usageBytes: sum(({ usage }) => usage.memoryBytes),
      workingSetBytes: sum(({ usage }) => usage.workingSetBytes),
    },
    ...(interfaces.length && { network: networkOf(time, interfaces) }),
  };
}

function containerOf({ name, startedAt, usage, cpuNanocores }: ContainerSample, time: string): object {
  return {
    name,
    startTime: startedAt,
    cpu: cpuOf(time, usage.cpuNanoseconds, cpuNanocores),
    memory: {
      time,
      usageBytes: usage.memoryBytes,
      workingSetBytes: usage.workingSetBytes,
      rssBytes: usage.rssBytes,
      pageFaults: usage.pageFaults,
      majorPageFaults: usage.majorPageFaults,
    },
    io: { time, readBytes: usage.readBytes, writtenBytes: usage.writtenBytes },
  };
}

const cpuOf = (time: string, usageCoreNanoSeconds: number, usageNanoCores: number | undefined) => ({
  time,
  ...(usageNanoCores !== undefined && { usageNanoCores }),
  usageCoreNanoSeconds,
});

const filesystemOf = (
  time: string,
  { capacityBytes, availableBytes, inodes, freeInodes }: FilesystemUsage,
): object => ({
  time,
  availableBytes,
  capacityBytes,
  usedBytes: capacityBytes - availableBytes,
  inodesFree: freeInodes,
  inodes,
  inodesUsed: inodes - freeInodes,
});

function networkOf(time: string, interfaces: readonly InterfaceUsage[]): object {
  const forms = interfaces.map(({ name, receivedBytes, receiveErrors, sentBytes, sendErrors }) => ({
    name,
    rxBytes: receivedBytes,
    rxErrors: receiveErrors,
    txBytes: sentBytes,
    txErrors: sendErrors,
  }));
  return { time, ...forms[0], interfaces: forms };
}
