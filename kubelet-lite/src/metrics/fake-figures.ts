/** What pods that run nothing use: what their annotations say. So that lessons and tests can have load without any. */
import type { Clock } from '@naru/api/clock';
import { approximateNumber, parseQuantity } from '@naru/api/quantity';
import { uidOf, type Pod } from '../pods/pod.ts';
import type { PodSample, Sample } from './sampler.ts';

/** Quantities: what the pod's containers use together. A pod without them is not measured. */
export const usageAnnotations = { cpu: 'naru.dev/usage-cpu', memory: 'naru.dev/usage-memory' } as const;

export function fakeFigures(pods: readonly Pod[], clock: Clock): Sample {
  const now = clock.now();
  const samples = pods.flatMap((pod) => sampleOf(pod, now) ?? []);
  const sum = (figure: (container: PodSample['containers'][number]) => number) =>
    samples.flatMap(({ containers }) => containers).reduce((total, container) => total + figure(container), 0);
  const memory = sum(({ usage }) => usage.memoryBytes);
  const nothing = { readBytes: 0, writtenBytes: 0 };
  return {
    time: now,
    node: {
      cpuNanoseconds: sum(({ usage }) => usage.cpuNanoseconds),
      cpuNanocores: sum(({ cpuNanocores }) => cpuNanocores ?? 0),
      totalBytes: memory,
      availableBytes: 0,
      workingSetBytes: memory,
      interfaces: [],
      disks: nothing,
      filesystem: { capacityBytes: 0, availableBytes: 0, inodes: 0, freeInodes: 0 },
    },
    pods: samples,
  };
}

function sampleOf(pod: Pod, now: number): PodSample | undefined {
  const { annotations = {}, name = '', namespace = '' } = pod.metadata;
  const startedAt = pod.status?.startTime;
  if (pod.status?.phase !== 'Running' || !startedAt) return undefined;
  const cores = amount(annotations[usageAnnotations.cpu]);
  const bytes = amount(annotations[usageAnnotations.memory]);
  if (cores === undefined && bytes === undefined) return undefined;
  const identity = { uid: uidOf(pod), name, namespace };
  const share = 1 / pod.spec.containers.length;
  const nanocores = Math.round((cores ?? 0) * share * 1e9);
  const memory = Math.round((bytes ?? 0) * share);
  const containers = pod.spec.containers.map((container) => ({
    ...{ pod: identity, id: `${identity.uid}/${container.name}`, name: container.name, pid: 0, startedAt },
    cpuNanocores: nanocores,
    usage: {
      cpuNanoseconds: Math.round((nanocores * (now - Date.parse(startedAt))) / 1000),
      ...{ memoryBytes: memory, workingSetBytes: memory, rssBytes: memory },
      ...{ majorPageFaults: 0, pageFaults: 0, readBytes: 0, writtenBytes: 0 },
    },
  }));
  return { pod: identity, startedAt, interfaces: [], containers };
}

function amount(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  try {
    return Math.max(0, approximateNumber(parseQuantity(text)));
  } catch {
    return undefined; // as if nothing had been said
  }
}
