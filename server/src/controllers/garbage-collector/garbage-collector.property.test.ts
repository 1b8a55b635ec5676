/** Whatever happens on the way, what has lost all its owners goes, and nothing else does. */
import { expect, test } from '@jest/globals';
import type { AnyObject, OwnerReference } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { holds } from '../../testing/simulation/steps.ts';
import type { Simulation } from '../../testing/simulation/simulation.ts';
import { configMaps } from '../runtime/resources.ts';
import { garbageCollector } from './garbage-collector.ts';

type Policy = 'Background' | 'Foreground' | 'Orphan';

interface Made {
  owners: string[];
  deletedBy?: Policy;
}

test('the garbage collector deletes what nobody owns any more, and no more', async () => {
  /** By uid. */
  const made = new Map<string, Made>();
  const there = async (simulation: Simulation) =>
    (await simulation.list(configMaps)).filter(({ metadata }) => made.has(metadata.uid ?? ''));
  const remove = (policy: Policy) => async (simulation: Simulation, n: number) => {
    const all = await there(simulation);
    const { name = '', uid = '' } = all[n % Math.max(1, all.length)]?.metadata ?? {};
    const entry = made.get(uid);
    if (!entry) return;
    entry.deletedBy ??= policy;
    try {
      await simulation.client
        .for(configMaps)
        .delete(name, simulation.namespace, { propagationPolicy: policy, preconditions: { uid } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };
  await holds({
    controllers: () => [garbageCollector],
    given: () => Promise.resolve(made.clear()),
    acts: {
      async make(simulation, n) {
        const all = (await there(simulation)).filter(({ metadata }) => !metadata.deletionTimestamp);
        const owners = [...new Set([all[n % 7], all[n % 5]])].filter((owner) => owner !== undefined);
        const ownerReferences = owners.slice(0, n % 3).map(({ metadata }: AnyObject): OwnerReference => ({
          ...{ apiVersion: 'v1', kind: 'ConfigMap', blockOwnerDeletion: n % 2 === 0 },
          ...{ name: metadata.name ?? '', uid: metadata.uid ?? '' },
        }));
        const metadata = { generateName: 'c-', namespace: simulation.namespace, ownerReferences };
        const created = await simulation.client.for(configMaps).create({ metadata });
        made.set(created.metadata.uid ?? '', { owners: ownerReferences.map(({ uid }) => uid) });
      },
      deleteInBackground: remove('Background'),
      deleteInForeground: remove('Foreground'),
      deleteOrphaning: remove('Orphan'),
    },
    async finally(simulation) {
      const left = new Map((await there(simulation)).map((object) => [object.metadata.uid ?? '', object]));
      for (const { metadata } of left.values()) {
        expect(metadata.deletionTimestamp).toBeUndefined();
        const owners = metadata.ownerReferences ?? [];
        if (owners.length) expect(owners.some(({ uid }) => left.has(uid))).toBe(true);
      }
      for (const [uid, { owners, deletedBy }] of made) {
        if (left.has(uid) || deletedBy) continue;
        expect(owners.length).toBeGreaterThan(0);
        expect(owners.filter((owner) => left.has(owner))).toEqual([]);
        expect(owners.every((owner) => made.get(owner)?.deletedBy === 'Orphan')).toBe(false);
      }
      expect(simulation.complaints).toEqual([]);
    },
  });
}, 120_000);
