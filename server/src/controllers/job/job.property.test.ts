/** Whatever happens on the way, a Job completes, and every pod that succeeded is counted once. */
import { expect, test } from '@jest/globals';
import { template } from '../../testing/simulation/fixtures.ts';
import { holds, podMishaps } from '../../testing/simulation/steps.ts';
import type { Simulation } from '../../testing/simulation/simulation.ts';
import { conditionOf } from '../runtime/condition.ts';
import { isFinished, isTerminating, type Pod } from '../runtime/pod.ts';
import { jobs, pods } from '../runtime/resources.ts';
import { isTracked, type Job } from './job.ts';
import { job, orphanedJobPods } from './reconcile.ts';

const completions = 4;

async function change({ client, namespace }: Simulation, spec: object): Promise<void> {
  const all = client.for<Job>(jobs);
  const found = await all.get('task', namespace);
  if (!conditionOf(found.status?.conditions, 'Complete'))
    await all.update({ ...found, spec: { ...found.spec, ...spec } });
}

test('a Job completes and counts every pod once', async () => {
  const succeeded = new Set<string>();
  const succeed = async (simulation: Simulation, pod: Pod | undefined) => {
    if (!pod?.spec.nodeName || isFinished(pod) || isTerminating(pod)) return;
    succeeded.add(pod.metadata.uid ?? '');
    await simulation.kubelet.report(pod, 'Succeeded', false);
  };
  await holds({
    controllers: () => [job, orphanedJobPods],
    async given({ client, namespace, random }) {
      succeeded.clear();
      const { metadata, spec } = template();
      const found = {
        metadata: { name: 'task', namespace },
        spec: {
          ...{ completions, parallelism: 2, backoffLimit: 1000 },
          completionMode: random.chance(0.5) ? 'Indexed' : 'NonIndexed',
          template: { metadata, spec: { ...spec, restartPolicy: 'Never' } },
        },
      };
      await client.for<Job>(jobs).create(found as unknown as Job);
    },
    acts: {
      ...podMishaps,
      async succeedPod(simulation, n) {
        const all = await simulation.list<Pod>(pods);
        await succeed(simulation, all[n % Math.max(1, all.length)]);
      },
      suspend: (simulation, n) => change(simulation, { suspend: n % 3 === 0 }),
      parallelism: (simulation, n) => change(simulation, { parallelism: n % 4 }),
    },
    async settle(simulation) {
      await change(simulation, { suspend: false, parallelism: 2 });
      await simulation.settle(async () => {
        await simulation.serveAll();
        for (const pod of await simulation.list<Pod>(pods))
          if (pod.status?.phase === 'Running') await succeed(simulation, pod);
      });
    },
    async finally(simulation) {
      const { status, spec } = await simulation.client.for<Job>(jobs).get('task', simulation.namespace);
      expect(conditionOf(status?.conditions, 'Complete')?.status).toBe('True');
      expect(status?.succeeded).toBe(completions);
      // One that ends when it has been let go, to be taken away for a pause or a smaller parallelism, is nobody's.
      const letGo = simulation.written('patch', pods).filter(({ object }) => !isFinished(object as unknown as Pod));
      const withdrawn = new Set([...letGo, ...simulation.written('delete', pods)].map(({ name }) => name)).size;
      expect(succeeded.size).toBeGreaterThanOrEqual(completions);
      expect(succeeded.size).toBeLessThanOrEqual(completions + withdrawn);
      if (spec.completionMode === 'Indexed') expect(status?.completedIndexes).toBe('0-3');
      expect((await simulation.list<Pod>(pods)).filter(isTracked)).toEqual([]);
      expect(simulation.complaints).toEqual([]);
    },
  });
}, 120_000);
