/** Keeps every volume's phase true, and gives its storage back when its claim is gone. */
// Like PersistentVolumeController syncVolume.
import { keyOf } from '@naru/api/client/object-cache';
import { isNotFound } from '@naru/api/status';
import { controllerUser, defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { persistentVolumeClaims, persistentVolumes } from '../runtime/resources.ts';
import { unbind, writePhase } from './bind.ts';
import { reclaim } from './reclaim.ts';
import { annotation, provisionedBy, type PersistentVolume, type VolumeClaim } from './volume.ts';

const volumesByClaim = 'claim';

export const volumeBinder = defineController({
  name: 'persistentvolume-binder-controller-volumes',
  user: controllerUser('persistent-volume-binder'),
  component: 'persistentvolume-controller',
  for: persistentVolumes,
  watches: [
    watching<VolumeClaim>(persistentVolumeClaims, (claim, { informers }) => [
      ...informers.for<PersistentVolume>(persistentVolumes).byIndex(volumesByClaim, keyOf(claim)).map(keyOf),
      ...(claim.spec.volumeName ? [claim.spec.volumeName] : []),
    ]),
  ],
  prepare({ informers }) {
    informers
      .for<PersistentVolume>(persistentVolumes)
      .addIndex(volumesByClaim, ({ spec: { claimRef } }) =>
        claimRef ? [`${claimRef.namespace ?? ''}/${claimRef.name ?? ''}`] : [],
      );
  },
  async reconcile(key, context) {
    const volume = context.informers.for<PersistentVolume>(persistentVolumes).get(key);
    if (!volume) return;
    try {
      await settle(volume, context);
    } catch (error) {
      if (!isNotFound(error)) throw error; // gone meanwhile
    }
  },
});

async function settle(volume: PersistentVolume, context: ControllerContext): Promise<void> {
  const { claimRef } = volume.spec;
  // One kept for a claim by its name alone is free until that claim comes.
  if (!claimRef?.uid) return void (await writePhase(volume, 'Available', '', context));
  const claim = await claimOf(claimRef, context);
  if (!claim) return release(volume, context);
  if (!claim.spec.volumeName) return; // the claim's own loop binds both
  if (claim.spec.volumeName === volume.metadata.name) return void (await writePhase(volume, 'Bound', '', context));
  // The claim has gone to another volume.
  if (annotation(volume, provisionedBy) !== undefined && volume.spec.persistentVolumeReclaimPolicy === 'Delete')
    return release(volume, context);
  return unbind(volume, context);
}

/** The claim that holds the volume; asked of the server before it is given up for gone. */
async function claimOf(
  { namespace = '', name = '', uid }: NonNullable<PersistentVolume['spec']['claimRef']>,
  { client, informers }: ControllerContext,
): Promise<VolumeClaim | undefined> {
  const known = informers.for<VolumeClaim>(persistentVolumeClaims).get(`${namespace}/${name}`);
  if (known?.metadata.uid === uid) return known;
  try {
    const fresh = await client.for<VolumeClaim>(persistentVolumeClaims).get(name, namespace);
    return fresh.metadata.uid === uid ? fresh : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function release(volume: PersistentVolume, context: ControllerContext): Promise<void> {
  const { phase } = volume.status ?? {};
  const released =
    phase === 'Released' || phase === 'Failed' ? volume : await writePhase(volume, 'Released', '', context);
  await reclaim(released, context);
}
