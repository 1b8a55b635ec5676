/** How dearly a pod is held when memory runs out. */
// Like pkg/apis/core/v1/helper/qos ComputePodQOS.
import { addQuantities, compareQuantities, isPositive } from '../../quantities.ts';
import type { PodSpec, Resources } from './pod-fields.ts';

export type QOSClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

const counted = ['cpu', 'memory'];

export function qosClass(spec: PodSpec): QOSClass {
  const parts: (Resources | undefined)[] =
    spec.resources && hasAny(spec.resources)
      ? [spec.resources]
      : [...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ resources }) => resources);
  const requests = new Map<string, string>();
  const limits = new Map<string, string>();
  let everyPartHasLimits = true;
  for (const resources of parts) {
    add(requests, resources?.requests);
    const limited = add(limits, resources?.limits);
    if (limited < counted.length) everyPartHasLimits = false;
  }
  if (!requests.size && !limits.size) return 'BestEffort';
  const isGuaranteed =
    everyPartHasLimits &&
    requests.size === limits.size &&
    [...requests].every(([name, quantity]) => {
      const limit = limits.get(name);
      return limit !== undefined && compareQuantities(limit, quantity) === 0;
    });
  return isGuaranteed ? 'Guaranteed' : 'Burstable';
}

const hasAny = ({ requests = {}, limits = {} }: Resources) =>
  counted.some((name) => Object.hasOwn(requests, name) || Object.hasOwn(limits, name));

/** How many of the counted resources `list` has. */
function add(total: Map<string, string>, list: Record<string, string> | undefined): number {
  let found = 0;
  for (const name of counted) {
    const quantity = list?.[name];
    if (quantity === undefined || !isPositive(quantity)) continue;
    found++;
    total.set(name, addQuantities(total.get(name) ?? '0', quantity));
  }
  return found;
}
