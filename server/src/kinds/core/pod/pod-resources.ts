/** What a pod's containers ask for together, and what they may use. */
// Like component-helpers/resource AggregateContainerRequests and AggregateContainerLimits.
import { addQuantities, compareQuantities } from '../../quantities.ts';
import { isSidecar } from './pod-fields.ts';
import type { PodSpec } from './pod-fields.ts';

type List = Map<string, string>;

const addAll = (total: List, list: Record<string, string> | List | undefined): void => {
  for (const [name, quantity] of list instanceof Map ? list : Object.entries(list ?? {}))
    total.set(name, addQuantities(total.get(name) ?? '0', quantity));
};

const raiseTo = (total: List, list: List): void => {
  for (const [name, quantity] of list) {
    const present = total.get(name);
    if (present === undefined || compareQuantities(quantity, present) > 0) total.set(name, quantity);
  }
};

/** The larger of all running containers together and of each init container beside the sidecars before it. */
export function aggregateContainers(spec: PodSpec, list: 'requests' | 'limits'): List {
  const running: List = new Map();
  for (const { resources } of spec.containers ?? []) addAll(running, resources?.[list]);

  const sidecars: List = new Map();
  const starting: List = new Map();
  for (const container of spec.initContainers ?? []) {
    const beside: List = new Map();
    if (isSidecar(container)) {
      addAll(running, container.resources?.[list]);
      addAll(sidecars, container.resources?.[list]);
      addAll(beside, sidecars);
    } else {
      addAll(beside, container.resources?.[list]);
      addAll(beside, sidecars);
    }
    raiseTo(starting, beside);
  }
  raiseTo(running, starting);
  return running;
}

export const aggregateContainerRequests = (spec: PodSpec): List => aggregateContainers(spec, 'requests');
