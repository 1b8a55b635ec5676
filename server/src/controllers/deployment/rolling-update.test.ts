/** A rolling update keeps its promises at every step, whatever order pods become ready or fail in. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ReplicaSet } from '../replica-set/replica-set.ts';
import { maxSurgeOf, maxUnavailableOf, type Deployment } from './deployment.ts';
import { resizeNewSet, shrinkOldSets } from './rolling-update.ts';
import { scaledSets } from './proportional-scaling.ts';

const template = { spec: { containers: [] } };
const selector = {};

const deploymentOf = (replicas: number, maxSurge: number | string, maxUnavailable: number | string): Deployment => ({
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector,
    template,
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge, maxUnavailable } },
  },
});

const setOf = (name: string, replicas: number, available: number, annotations = {}): ReplicaSet => ({
  metadata: { name, uid: name, creationTimestamp: name, annotations },
  spec: { replicas, selector, template },
  status: { replicas, availableReplicas: available },
});

test('percentages round surge up and unavailability down, and never both to nothing', () => {
  const five = deploymentOf(5, '25%', '25%');
  expect([maxSurgeOf(five), maxUnavailableOf(five)]).toEqual([2, 1]);
  const one = deploymentOf(1, '0%', '25%');
  expect([maxSurgeOf(one), maxUnavailableOf(one)]).toEqual([0, 1]);
});

test('an update ends, and on its way never has too many pods asked for nor drops below what must be available', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 12 }),
      fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom('0%', '25%', '50%', '100%')),
      fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constantFrom('0%', '25%', '50%', '100%')),
      fc.infiniteStream(fc.nat(100)),
      (replicas, surge, unavailable, luck) => {
        const deployment = deploymentOf(replicas, surge, unavailable);
        const least = replicas - maxUnavailableOf(deployment);
        let [oldSet, newSet] = [setOf('1', replicas, replicas), setOf('2', 0, 0)];
        for (
          let step = 0;
          step < 500 && (oldSet.spec.replicas || newSet.status?.availableReplicas !== replicas);
          step++
        ) {
          const grow = resizeNewSet(deployment, [oldSet, newSet], newSet);
          if (grow) newSet = setOf('2', grow.replicas, newSet.status?.availableReplicas ?? 0);
          for (const { replicas: size } of shrinkOldSets(deployment, [oldSet], newSet)) {
            oldSet = setOf('1', size, Math.min(size, oldSet.status?.availableReplicas ?? 0));
          }
          const all = (oldSet.spec.replicas ?? 0) + (newSet.spec.replicas ?? 0);
          const available = (oldSet.status?.availableReplicas ?? 0) + (newSet.status?.availableReplicas ?? 0);
          expect(all).toBeLessThanOrEqual(replicas + maxSurgeOf(deployment));
          expect(available).toBeGreaterThanOrEqual(Math.max(0, least));
          const ready = newSet.status?.availableReplicas ?? 0;
          const more = (luck.next().value ?? 0) > 40 ? 1 : 0;
          newSet = setOf('2', newSet.spec.replicas ?? 0, Math.min(newSet.spec.replicas ?? 0, ready + more));
        }
        expect([oldSet.spec.replicas, newSet.spec.replicas]).toEqual([0, replicas]);
      },
    ),
    { numRuns: 200 },
  );
});

test('scaling in the middle of an update shares the difference by size', () => {
  const noted = { 'deployment.kubernetes.io/max-replicas': '5', 'deployment.kubernetes.io/desired-replicas': '4' };
  const deployment = deploymentOf(8, '25%', '25%');
  const sets = scaledSets(deployment, setOf('2', 2, 0, noted), [setOf('1', 3, 3, noted)]);
  expect(sets.map(({ set, replicas }) => [set.metadata.name, replicas])).toEqual([
    ['1', 6],
    ['2', 4],
  ]);
});
