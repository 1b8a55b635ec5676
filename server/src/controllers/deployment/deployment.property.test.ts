/** Whatever happens on the way, a Deployment ends with the pods of its last template, one set for each template, and never too many pods. */
import { expect, test } from '@jest/globals';
import { selector, template } from '../../testing/simulation/fixtures.ts';
import { holds, podMishaps } from '../../testing/simulation/steps.ts';
import type { Simulation } from '../../testing/simulation/simulation.ts';
import { replicaSet } from '../replica-set/reconcile.ts';
import { replicasOf, type ReplicaSet } from '../replica-set/replica-set.ts';
import { isActive, type Pod } from '../runtime/pod.ts';
import { deployments, pods, replicaSets } from '../runtime/resources.ts';
import type { Deployment } from './deployment.ts';
import { deployment } from './reconcile.ts';

const surge = 1;

async function change({ client, namespace }: Simulation, spec: object): Promise<void> {
  const all = client.for<Deployment>(deployments);
  const found = await all.get('web', namespace);
  await all.update({ ...found, spec: { ...found.spec, ...spec } });
}

const imageOf = (set: { spec: ReplicaSet['spec'] }) => set.spec.template.spec.containers[0]?.image;

test('a Deployment converges, with one set for each template', async () => {
  let wanted = 2;
  let most = 2;
  let image = 'i:0';
  await holds({
    controllers: () => [deployment, replicaSet],
    async given({ client, namespace, random }) {
      [wanted, most, image] = [2, 2, 'i:0'];
      const rollingUpdate = { maxSurge: surge, maxUnavailable: random.below(2) };
      const spec = { replicas: 2, selector, template: template(), strategy: { type: 'RollingUpdate', rollingUpdate } };
      await client.for<Deployment>(deployments).create({ metadata: { name: 'web', namespace }, spec });
    },
    acts: {
      ...podMishaps,
      async scale(simulation, n) {
        wanted = n % 5;
        most = Math.max(most, wanted);
        await change(simulation, { replicas: wanted });
      },
      async image(simulation, n) {
        image = `i:${n % 3}`;
        await change(simulation, { template: template(image) });
      },
      pause: (simulation, n) => change(simulation, { paused: n % 2 === 0 }),
    },
    async settle(simulation) {
      await change(simulation, { paused: false });
      await simulation.settle();
    },
    async always(simulation) {
      const sets = await simulation.list<ReplicaSet>(replicaSets);
      const images = sets.map(imageOf);
      expect(images).toHaveLength(new Set(images).size);
      expect(sets.reduce((sum, set) => sum + replicasOf(set), 0)).toBeLessThanOrEqual(most + surge);
    },
    async finally(simulation) {
      const sets = (await simulation.list<ReplicaSet>(replicaSets)).filter((set) => replicasOf(set) > 0);
      expect(sets.map((set) => [imageOf(set), replicasOf(set)])).toEqual(wanted ? [[image, wanted]] : []);
      const active = (await simulation.list<Pod>(pods)).filter(isActive);
      expect(active.map(({ spec }) => spec.containers[0]?.image)).toEqual(Array(wanted).fill(image));
      const { status, metadata } = await simulation.client
        .for<Deployment>(deployments)
        .get('web', simulation.namespace);
      expect(status?.observedGeneration).toBe(metadata.generation);
      expect([status?.replicas ?? 0, status?.updatedReplicas ?? 0, status?.availableReplicas ?? 0]).toEqual(
        Array(3).fill(wanted),
      );
      expect(simulation.complaints).toEqual([]);
    },
  });
}, 120_000);
