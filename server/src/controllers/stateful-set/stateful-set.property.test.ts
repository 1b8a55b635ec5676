/** Whatever happens on the way, a StatefulSet ends with each of its pods once, of its last template, and one claim for each it ever had. */
import { expect, test } from '@jest/globals';
import { selector, template } from '../../testing/simulation/fixtures.ts';
import { holds, Losses, podMishaps } from '../../testing/simulation/steps.ts';
import type { Simulation } from '../../testing/simulation/simulation.ts';
import { isActive, type Pod } from '../runtime/pod.ts';
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from '../runtime/resources.ts';
import { statefulSet } from './reconcile.ts';
import type { StatefulSet } from './stateful-set.ts';

async function change({ client, namespace }: Simulation, spec: object): Promise<void> {
  const all = client.for<StatefulSet>(statefulSets);
  const found = await all.get('web', namespace);
  await all.update({ ...found, spec: { ...found.spec, ...spec } });
}

const claim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
};

test('a StatefulSet converges, each pod with its name and its claim', async () => {
  let wanted = 2;
  let most = 2;
  let increases = 2;
  let image = 'i:0';
  const losses = new Losses();
  await holds({
    controllers: () => [statefulSet],
    async given({ client, namespace, random }) {
      [wanted, most, increases, image, losses.count] = [2, 2, 2, 'i:0', 0];
      const podManagementPolicy = random.chance(0.5) ? 'Parallel' : 'OrderedReady';
      const spec = { replicas: 2, selector, template: template(), podManagementPolicy, volumeClaimTemplates: [claim] };
      const set = { metadata: { name: 'web', namespace }, spec } as unknown as StatefulSet;
      await client.for<StatefulSet>(statefulSets).create(set);
    },
    acts: {
      ...losses.counting(podMishaps),
      async scale(simulation, n) {
        increases += Math.max(0, (n % 5) - wanted);
        wanted = n % 5;
        most = Math.max(most, wanted);
        await change(simulation, { replicas: wanted });
      },
      async image(simulation, n) {
        image = `i:${n % 3}`;
        await change(simulation, { template: template(image) });
      },
    },
    async finally(simulation) {
      const active = (await simulation.list<Pod>(pods)).filter(isActive);
      const names = Array.from({ length: wanted }, (_, ordinal) => `web-${ordinal}`);
      expect(active.map(({ metadata }) => metadata.name)).toEqual(names);
      expect(active.map(({ spec }) => spec.containers[0]?.image)).toEqual(names.map(() => image));
      const claims = (await simulation.list(persistentVolumeClaims)).map(({ metadata }) => metadata.name ?? '');
      expect(claims.length).toBeLessThanOrEqual(most);
      for (const name of names) expect(claims).toContain(`data-${name}`);
      expect(simulation.written('create', persistentVolumeClaims)).toHaveLength(claims.length);
      const revisions = (await simulation.list(controllerRevisions)).map(({ data }) => JSON.stringify(data));
      expect(revisions).toHaveLength(new Set(revisions).size);
      const deleted = simulation.written('delete', pods).length;
      expect(simulation.written('create', pods).length).toBeLessThanOrEqual(increases + losses.count + deleted);
      const { status } = await simulation.client.for<StatefulSet>(statefulSets).get('web', simulation.namespace);
      expect(status).toMatchObject({ replicas: wanted });
      expect(status?.readyReplicas ?? 0).toBe(wanted);
      expect(status?.currentRevision).toBe(status?.updateRevision);
      expect(simulation.complaints).toEqual([]);
    },
  });
}, 120_000);
