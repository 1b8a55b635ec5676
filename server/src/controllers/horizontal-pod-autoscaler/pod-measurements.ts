/** What pods use of a resource, from the lists of metrics.k8s.io. Pure. */
// Like pkg/controller/podautoscaler/metrics/client.go.
import { parseDuration } from '@naru/api/duration';
import { parseQuantity, quantityMilliValue } from '@naru/api/quantity';
import type { PodMetrics } from '../../kinds/metrics/index.ts';
import type { Measurement } from './replica-calculator.ts';

/** By name of pod, all containers together or one of each. Throws Error with upstream's text. */
export function measurementsOf(
  items: readonly PodMetrics[],
  resource: string,
  container?: string,
): Map<string, Measurement> {
  if (items.length === 0) throw new Error('no metrics returned from resource metrics API');
  const found = new Map<string, Measurement>();
  for (const { metadata, timestamp, window, containers } of items) {
    const counted = containers.filter(({ name }) => container === undefined || name === container);
    if (container !== undefined && counted.length === 0)
      throw new Error(
        `failed to get container metrics: container ${container} not present in metrics for pod ${metadata.namespace}/${metadata.name}`,
      );
    const amounts = counted.map(({ usage }) => usage[resource]);
    if (amounts.length === 0 || amounts.includes(undefined)) continue;
    found.set(metadata.name ?? '', {
      value: amounts.reduce((sum, amount) => sum + quantityMilliValue(parseQuantity(amount ?? '0')), 0),
      time: Date.parse(timestamp),
      window: Number(parseDuration(window)) / 1e6,
    });
  }
  return found;
}
