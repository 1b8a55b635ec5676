/** The work queues of all loops, for /metrics. */
// Like client-go util/workqueue metrics.
import type { Metric } from '@naru/api/metrics/exposition';
import type { WorkQueue } from './work-queue.ts';

export class QueueRegister {
  readonly #queues = new Map<string, WorkQueue>();

  add(name: string, queue: WorkQueue): void {
    this.#queues.set(name, queue);
  }

  metrics(): Metric[] {
    const told = (name: string, type: Metric['type'], help: string, value: (queue: WorkQueue) => number): Metric => ({
      ...{ name, type, help },
      values: [...this.#queues].map(([queue, one]) => ({ labels: { name: queue }, value: value(one) })),
    });
    return [
      told('workqueue_adds_total', 'counter', 'Total number of adds handled by workqueue', ({ counts }) => counts.adds),
      told('workqueue_depth', 'gauge', 'Current depth of workqueue', ({ length }) => length),
      told(
        'workqueue_retries_total',
        'counter',
        'Total number of retries handled by workqueue',
        ({ counts }) => counts.retries,
      ),
    ];
  }
}
