/** Whatever happens on the way, an autoscaler ends where its metrics want it, and never asks for more or less than its bounds. */
import { expect, test } from '@jest/globals';
import { readyNode, selector, template } from '../../testing/simulation/fixtures.ts';
import { holds, podMishaps } from '../../testing/simulation/steps.ts';
import type { Simulation } from '../../testing/simulation/simulation.ts';
import type { ReplicaSet } from '../replica-set/replica-set.ts';
import { replicaSet } from '../replica-set/reconcile.ts';
import { isActive, type Pod } from '../runtime/pod.ts';
import { events, horizontalPodAutoscalers, nodes, pods, replicaSets } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import type { HorizontalPodAutoscaler } from './autoscaler.ts';
import { horizontalPodAutoscaler } from './reconcile.ts';

const bounds = { minReplicas: 2, maxReplicas: 6 };
/** Percent of a request of 100 bytes: simulated pods do not say when they started, which CPU would ask for. */
const target = 50;

const requesting = () => {
  const made = template();
  made.spec.containers[0]!.resources = { requests: { memory: '100' } };
  return made;
};

test('an autoscaler converges', async () => {
  /** Bytes that all pods share. */
  let load = 0;
  const measure = async (simulation: Simulation) => {
    const count = (await simulation.list<Pod>(pods)).filter(isActive).length;
    await simulation.measure(() => ({ cpu: 0, memory: Math.trunc(load / Math.max(1, count)) }));
  };
  await holds({
    runs: 15,
    controllers: () => [replicaSet, horizontalPodAutoscaler],
    async given({ client, namespace, clock }) {
      load = 0;
      const all = client.for(nodes);
      // Every new node is tainted until its kubelet has spoken.
      const node = await all.create(readyNode('roomy', timestamp(clock.now())));
      const bare = await all.update({ ...node, spec: { taints: [] } });
      const status = { allocatable: { cpu: '64', memory: '64Gi', pods: '1000' } };
      await all.updateStatus({ ...bare, status });
      const set = { metadata: { name: 'web', namespace }, spec: { replicas: 1, selector, template: requesting() } };
      await client.for<ReplicaSet>(replicaSets).create(set as unknown as ReplicaSet);
      const autoscaler = {
        metadata: { name: 'web', namespace },
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web' },
          ...bounds,
          metrics: [
            {
              type: 'Resource',
              resource: { name: 'memory', target: { type: 'Utilization', averageUtilization: target } },
            },
          ],
          behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
        },
      };
      await client
        .for<HorizontalPodAutoscaler>(horizontalPodAutoscalers)
        .create(autoscaler as unknown as HorizontalPodAutoscaler);
    },
    acts: {
      ...podMishaps,
      measure,
      load: (simulation, n) => {
        load = n % 500;
        return measure(simulation);
      },
      byHand: ({ client, namespace }, n) =>
        client
          .for(replicaSets)
          .patch('web', namespace, { spec: { replicas: 1 + (n % 9) } }, { type: 'merge', subresource: 'scale' }),
    },
    async settle(simulation) {
      const serve = async () => {
        await simulation.serveAll();
        await measure(simulation);
      };
      await simulation.settle(serve);
    },
    async finally(simulation) {
      const { client, namespace } = simulation;
      const { spec } = await client.for<ReplicaSet>(replicaSets).get('web', namespace);
      const replicas = spec.replicas ?? 0;
      const wanted = (count: number) => {
        const ratio = Math.trunc(load / count) / target; // of 100 bytes: a byte is a percent
        return ratio >= 0.9 && ratio <= 1.1 ? count : Math.ceil(ratio * count);
      };
      expect(replicas).toBe(Math.min(bounds.maxReplicas, Math.max(bounds.minReplicas, wanted(replicas))));
      expect((await simulation.list<Pod>(pods)).filter(isActive)).toHaveLength(replicas);
      const { status } = await client.for<HorizontalPodAutoscaler>(horizontalPodAutoscalers).get('web', namespace);
      expect(status).toMatchObject({ currentReplicas: replicas, desiredReplicas: replicas });
      const sizes = (await simulation.list(events))
        .filter(({ reason }) => reason === 'SuccessfulRescale')
        .map(({ message }) => Number(/^New size: (\d+);/.exec(String(message))?.[1]));
      for (const size of sizes) expect(size >= bounds.minReplicas && size <= bounds.maxReplicas).toBe(true);
      expect(simulation.complaints).toEqual([]);
    },
  });
}, 120_000);
