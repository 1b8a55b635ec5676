/** Whatever happens on the way, every node ends with one pod of a DaemonSet, and never has two. */
import { expect, test } from '@jest/globals';
import { isAlreadyExists, isNotFound } from '@naru/api/status';
import { readyNode, selector, template } from '../../testing/simulation/fixtures.ts';
import { nodeFor } from '../../testing/simulation/simulated-kubelet.ts';
import { holds, podMishaps } from '../../testing/simulation/steps.ts';
import type { Simulation } from '../../testing/simulation/simulation.ts';
import { podGarbageCollector } from '../pod-garbage-collector/reconcile.ts';
import { isActive, type Pod } from '../runtime/pod.ts';
import { daemonSets, nodes, pods } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import type { DaemonSet } from './daemon-set.ts';
import { daemonSet } from './reconcile.ts';

const names = ['a', 'b', 'c', 'd'];

async function addNode({ client, clock }: Simulation, name: string): Promise<void> {
  try {
    const created = await client.for(nodes).create(readyNode(name, timestamp(clock.now())));
    // Every new node is tainted until its kubelet has spoken.
    await client.for(nodes).update({ ...created, spec: { taints: [] } });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

async function removeNode({ client }: Simulation, name: string): Promise<void> {
  await client
    .for(nodes)
    .delete(name)
    .catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
}

test('a DaemonSet converges, with one pod a node', async () => {
  let image = 'i:0';
  await holds({
    controllers: () => [daemonSet(), podGarbageCollector()],
    async given(simulation) {
      image = 'i:0';
      for (const name of names.slice(0, 2)) await addNode(simulation, name);
      const { client, namespace } = simulation;
      const set = { metadata: { name: 'web', namespace }, spec: { selector, template: template() } };
      await client.for<DaemonSet>(daemonSets).create(set as unknown as DaemonSet);
    },
    acts: {
      ...podMishaps,
      addNode: (simulation, n) => addNode(simulation, names[n % names.length] ?? ''),
      removeNode: (simulation, n) => removeNode(simulation, names[n % names.length] ?? ''),
      async image({ client, namespace }, n) {
        image = `i:${n % 3}`;
        const all = client.for<DaemonSet>(daemonSets);
        const found = await all.get('web', namespace);
        await all.update({ ...found, spec: { ...found.spec, template: template(image) } });
      },
    },
    async always(simulation) {
      const used = (await simulation.list<Pod>(pods)).filter(isActive).map(nodeFor);
      expect(used).toHaveLength(new Set(used).size);
    },
    async finally(simulation) {
      const there = (await simulation.list(nodes)).map(({ metadata }) => metadata.name).sort();
      const active = (await simulation.list<Pod>(pods)).filter(isActive);
      expect(active.map(nodeFor).sort()).toEqual(there);
      expect(active.map(({ spec }) => spec.containers[0]?.image)).toEqual(there.map(() => image));
      const { status } = await simulation.client.for<DaemonSet>(daemonSets).get('web', simulation.namespace);
      const count = there.length;
      expect(status).toMatchObject({
        desiredNumberScheduled: count,
        currentNumberScheduled: count,
        numberReady: count,
      });
      expect(simulation.complaints).toEqual([]);
    },
  });
}, 120_000);
