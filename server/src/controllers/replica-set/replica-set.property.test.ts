/** Whatever happens on the way, a ReplicaSet ends with its pods, and no pod was made or deleted that it did not take. */
import { expect, test } from '@jest/globals';
import { selector, template } from '../../testing/simulation/fixtures.ts';
import { holds, Losses, podMishaps } from '../../testing/simulation/steps.ts';
import type { Simulation } from '../../testing/simulation/simulation.ts';
import { isActive, type Pod } from '../runtime/pod.ts';
import { pods, replicaSets } from '../runtime/resources.ts';
import { replicaSet } from './reconcile.ts';
import type { ReplicaSet } from './replica-set.ts';

const current = ({ client, namespace }: Simulation) => client.for<ReplicaSet>(replicaSets).get('web', namespace);

test('a ReplicaSet converges and makes nothing twice', async () => {
  let wanted = 2;
  let increases = 2;
  let decreases = 0;
  const losses = new Losses();
  await holds({
    controllers: () => [replicaSet],
    async given({ client, namespace }) {
      [wanted, increases, decreases, losses.count] = [2, 2, 0, 0];
      const spec = { replicas: 2, selector, template: template() };
      await client.for<ReplicaSet>(replicaSets).create({ metadata: { name: 'web', namespace }, spec });
    },
    acts: {
      ...losses.counting(podMishaps),
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
      expect(simulation.written('create', pods).length).toBeLessThanOrEqual(increases + losses.count);
      expect(simulation.written('delete', pods).length).toBeLessThanOrEqual(decreases);
      expect(simulation.complaints).toEqual([]);
    },
  });
}, 120_000);
