/** How much of a node a pod takes. Amounts are numbers: thousandths of a CPU, bytes, or pieces. */
// Like component-helpers resource.PodRequests.
import { parseQuantity, quantityMilliValue, quantityValue } from '@naru/api/quantity';
import type { Container, Pod } from '../runtime/pod.ts';

export type Amounts = ReadonlyMap<string, number>;

/** Upstream counts pods without requests as these when it compares nodes, so that they spread too. */
const assumed: Amounts = new Map([
  ['cpu', 100],
  ['memory', 200 * 1024 * 1024],
]);

export function amountOf(resource: string, quantity: string): number {
  const parsed = parseQuantity(quantity);
  return resource === 'cpu' ? quantityMilliValue(parsed) : quantityValue(parsed);
}

export function amountsOf(quantities: Record<string, string> | undefined): Map<string, number> {
  return new Map(Object.entries(quantities ?? {}).map(([name, quantity]) => [name, amountOf(name, quantity)]));
}

function add(sum: Map<string, number>, amounts: Amounts): void {
  for (const [name, amount] of amounts) sum.set(name, (sum.get(name) ?? 0) + amount);
}

function raise(sum: Map<string, number>, amounts: Amounts): void {
  for (const [name, amount] of amounts) sum.set(name, Math.max(sum.get(name) ?? 0, amount));
}

function containerAmounts({ resources }: Container, fallback: Amounts | undefined): Map<string, number> {
  const amounts = amountsOf(resources?.requests);
  for (const [name, amount] of fallback ?? []) if (!amounts.has(name)) amounts.set(name, amount);
  return amounts;
}

/** Containers together, or the largest moment of starting, whichever is more; then what the pod itself says; then overhead. */
export function podRequests({ spec }: Pod, { fallback }: { fallback?: Amounts } = {}): Map<string, number> {
  const sum = new Map<string, number>();
  for (const container of spec.containers) add(sum, containerAmounts(container, fallback));
  const sidecars = new Map<string, number>();
  const starting = new Map<string, number>();
  for (const container of spec.initContainers ?? []) {
    const amounts = containerAmounts(container, fallback);
    if (container.restartPolicy === 'Always') {
      add(sum, amounts);
      add(sidecars, amounts);
      raise(starting, sidecars);
    } else {
      // An init container runs beside the sidecars that were started before it.
      add(amounts, sidecars);
      raise(starting, amounts);
    }
  }
  raise(sum, starting);
  for (const [name, amount] of amountsOf(spec.resources?.requests)) sum.set(name, amount);
  add(sum, amountsOf(spec.overhead));
  return sum;
}

export const nonZeroRequests = (pod: Pod): Map<string, number> => podRequests(pod, { fallback: assumed });
