/** Whatever happens on the way, a ReplicaSet ends with its pods, and no pod was made or deleted that it did not take. */
import { expect, test } from '@jest/globals';
import { podMishaps, holds } from '../../testing/simulation/steps.ts';
import type { Simulation } from '../../testing/simulation/simulation.ts';
import { isActive, type Pod } from '../runtime/pod.ts';
import { pods, replicaSets } from '../runtime/resources.ts';
import { replicaSet } from './reconcile.ts';
import type { ReplicaSet } from './replica-set.ts';

const spec = {
  replicas: 2,
  selector: { matchLabels: { app: 'web' } },
  template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'i' }] } },
};

const current = (simulation: Simulation) =>
  simulation.client.for<ReplicaSet>(replicaSets).get('web', simulation.namespace);

test('a ReplicaSet converges and makes nothing twice', async () => {
  let wanted = 2;
  let increases = 2;
  let decreases = 0;
  let lostToOthers = 0;
  const counting = (act: (typeof podMishaps)[string]) => async (simulation: Simulation, n: number) => {
    const before = (await simulation.list<Pod>(pods)).filter(isActive).length;
    await act(simulation, n);
    lostToOthers += Math.max(0, before - (await simulation.list<Pod>(pods)).filter(isActive).length);
  };
  await holds({
    controllers: () => [replicaSet],
    async given(simulation) {
      [wanted, increases, decreases, lostToOthers] = [2, 2, 0, 0];
      const { namespace } = simulation;
      await simulation.client.for<ReplicaSet>(replicaSets).create({ metadata: { name: 'web', namespace }, spec });
    },
    acts: {
      ...Object.fromEntries(Object.entries(podMishaps).map(([name, act]) => [name, counting(act)])),
      async scale(simulation, n) {
        const replicas = n % 6;
        const set = await current(simulation);
        await simulation.client.for<ReplicaSet>(replicaSets).update({ ...set, spec: { ...set.spec, replicas } });
        increases += Math.max(0, replicas - wanted);
        decreases += Math.max(0, wanted - replicas);
        wanted = replicas;
      },
    },
    async finally(simulation) {
      const active = (await simulation.list<Pod>(pods)).filter(isActive);
      expect(active).toHaveLength(wanted);
      const { status } = await current(simulation);
      expect(status).toMatchObject({ replicas: wanted });
      expect([status?.readyReplicas ?? 0, status?.availableReplicas ?? 0]).toEqual([wanted, wanted]);
      const of = (verb: string) =>
        simulation.writes.filter((write) => write.resource === 'pods' && write.verb === verb);
      expect(of('create').length).toBeLessThanOrEqual(increases + lostToOthers);
      expect(of('delete').length).toBeLessThanOrEqual(decreases);
      expect(simulation.complaints).toEqual([]);
    },
  });
});
