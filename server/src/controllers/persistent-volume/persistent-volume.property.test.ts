/** Whatever happens on the way, claims end with the volumes that serve them, and no volume is ever two claims'. */
import { expect, test } from '@jest/globals';
import { holds } from '../../testing/simulation/steps.ts';
import type { Simulation } from '../../testing/simulation/simulation.ts';
import { persistentVolumeClaims, persistentVolumes } from '../runtime/resources.ts';
import { claimProtection, volumeProtection } from '../volume-protection/reconcile.ts';
import { claimBinder } from './claims.ts';
import { findVolume } from './find-volume.ts';
import { isBindComplete, type PersistentVolume, type VolumeClaim } from './volume.ts';
import { volumeBinder } from './volumes.ts';

const storageClassName = 'by-hand';
const claims = (simulation: Simulation) => simulation.list<VolumeClaim>(persistentVolumeClaims);
const volumes = (simulation: Simulation) => simulation.list<PersistentVolume>(persistentVolumes);
const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
let turn = 0;

test('claims and volumes converge, each volume with one claim', async () => {
  await holds({
    controllers: () => [claimBinder, volumeBinder, claimProtection, volumeProtection],
    given: () => Promise.resolve(),
    acts: {
      async makeVolume({ client }, n) {
        const spec = {
          storageClassName,
          capacity: { storage: `${1 + (n % 3)}Gi` },
          accessModes: ['ReadWriteOnce'],
          persistentVolumeReclaimPolicy: n % 2 ? 'Delete' : 'Retain',
          hostPath: { path: `/tmp/simulated-${n}` },
        };
        await client.for<PersistentVolume>(persistentVolumes).create({ metadata: { name: `v-${turn++}` }, spec });
      },
      async makeClaim(simulation, n) {
        const named = n % 4 === 0 ? nth(await volumes(simulation), n)?.metadata.name : undefined;
        const resources = { requests: { storage: `${1 + (n % 3)}Gi` } };
        const spec = {
          storageClassName,
          accessModes: ['ReadWriteOnce'],
          resources,
          ...(named && { volumeName: named }),
        };
        const metadata = { name: `c-${turn++}`, namespace: simulation.namespace };
        await simulation.client.for<VolumeClaim>(persistentVolumeClaims).create({ metadata, spec });
      },
      async deleteClaim(simulation, n) {
        const { name } = nth(await claims(simulation), n)?.metadata ?? {};
        if (name) await simulation.client.for(persistentVolumeClaims).delete(name, simulation.namespace);
      },
      async deleteVolume(simulation, n) {
        const { name } = nth(await volumes(simulation), n)?.metadata ?? {};
        if (name) await simulation.client.for(persistentVolumes).delete(name);
      },
    },
    async always(simulation) {
      const used = (await claims(simulation)).filter(isBindComplete).map(({ spec }) => spec.volumeName);
      expect(used).toHaveLength(new Set(used).size);
    },
    async finally(simulation) {
      const all = await volumes(simulation);
      const byName = new Map(all.map((volume) => [volume.metadata.name, volume]));
      for (const claim of await claims(simulation)) {
        expect(claim.metadata.deletionTimestamp).toBeUndefined();
        const volume = byName.get(claim.spec.volumeName);
        if (claim.status?.phase === 'Bound') {
          expect(volume?.status?.phase).toBe('Bound');
          expect(volume?.spec.claimRef?.uid).toBe(claim.metadata.uid);
        } else if (!claim.spec.volumeName) expect(findVolume(claim, all)).toBeUndefined();
      }
      const uids = new Set((await claims(simulation)).map(({ metadata }) => metadata.uid));
      for (const { metadata, spec, status } of all) {
        const isHeld = uids.has(spec.claimRef?.uid);
        expect(status?.phase).toBe(isHeld ? 'Bound' : spec.claimRef ? 'Released' : 'Available');
        if (status?.phase !== 'Bound') expect(metadata.deletionTimestamp).toBeUndefined();
        if (status?.phase === 'Released') expect(spec.persistentVolumeReclaimPolicy).toBe('Retain');
      }
      expect(simulation.complaints).toEqual([]);
    },
  });
}, 120_000);
