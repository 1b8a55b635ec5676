/** What a pod's containers ask for together. */
// Like component-helpers/resource AggregateContainerRequests.
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
export function aggregateContainerRequests(spec: PodSpec): List {
  const running: List = new Map();
  for (const { resources } of spec.containers ?? []) addAll(running, resources?.requests);

  const sidecars: List = new Map();
  const starting: List = new Map();
  for (const container of spec.initContainers ?? []) {
    const requests: List = new Map();
    if (isSidecar(container)) {
      addAll(running, container.resources?.requests);
      addAll(sidecars, container.resources?.requests);
      addAll(requests, sidecars);
    } else {
      addAll(requests, container.resources?.requests);
      addAll(requests, sidecars);
    }
    raiseTo(starting, requests);
  }
  raiseTo(running, starting);
  return running;
}
