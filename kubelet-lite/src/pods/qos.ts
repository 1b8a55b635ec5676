/** A pod's quality of service, and what follows from it for the kernel's choices when memory runs out. */
// Like pkg/kubelet/qos.GetContainerOOMScoreAdjust and pkg/kubelet/cm.MilliCPUToShares.
import { parseQuantity, quantityMilliValue, quantityValue } from '@naru/api/quantity';
import type { ContainerResources } from '../runtime/container-runtime.ts';
import type { ContainerDefinition, ResourceList, Resources } from './container-definition.ts';
import type { Pod } from './pod.ts';

type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const amountOf = (list: ResourceList | undefined, name: string) => {
  const text = list && Object.hasOwn(list, name) ? list[name] : undefined;
  return text === undefined ? undefined : parseQuantity(text);
};

/** The server set it when the pod was made; an older object may lack it. */
export function qosClass(pod: Pod): QosClass {
  if (pod.status?.qosClass) return pod.status.qosClass;
  const { containers, initContainers = [], resources } = pod.spec;
  const all = resources ? [{ resources }] : [...containers, ...initContainers];
  const amounts = all.flatMap(({ resources: each }) =>
    ['cpu', 'memory'].map((name) => ({ request: amountOf(each?.requests, name), limit: amountOf(each?.limits, name) })),
  );
  if (amounts.every(({ request, limit }) => !request?.value && !limit?.value)) return 'BestEffort';
  const fixed = amounts.every(
    ({ request, limit }) => limit?.value && request && quantityMilliValue(request) === quantityMilliValue(limit),
  );
  return fixed ? 'Guaranteed' : 'Burstable';
}

const guaranteedScore = -997;
const bestEffortScore = 1000;

export function oomScoreAdjust(pod: Pod, container: ContainerDefinition, memoryCapacity: number): number {
  if ((pod.spec.priority ?? 0) >= 2_000_000_000) return guaranteedScore; // system-critical
  const qos = qosClass(pod);
  if (qos === 'Guaranteed') return guaranteedScore;
  if (qos === 'BestEffort') return bestEffortScore;
  const request = amountOf(container.resources?.requests, 'memory');
  const score = 1000 - Math.floor((1000 * (request ? quantityValue(request) : 0)) / memoryCapacity);
  // Never as safe as Guaranteed, never as exposed as BestEffort.
  return Math.min(Math.max(score, 1000 + guaranteedScore), bestEffortScore - 1);
}

const leastShares = 2;
const mostShares = 262_144;
const leastQuotaMicros = 1000;

/** The engine's limits for a container's resources. */
export function containerResources({ requests, limits }: Resources = {}): ContainerResources {
  const cpuLimit = amountOf(limits, 'cpu');
  const cpuRequest = amountOf(requests, 'cpu') ?? cpuLimit;
  const memory = amountOf(limits, 'memory');
  const shares = cpuRequest ? Math.floor((quantityMilliValue(cpuRequest) * 1024) / 1000) : 0;
  return {
    cpuShares: Math.min(Math.max(shares, leastShares), mostShares),
    ...(cpuLimit?.value && { cpuQuotaMicros: Math.max(quantityMilliValue(cpuLimit) * 100, leastQuotaMicros) }),
    ...(memory?.value && { memoryBytes: quantityValue(memory) }),
  };
}
