/** What becomes of a volume whose claim is gone: kept, or deleted with its data. */
// Like reclaimVolume and deleteVolumeOperation, and for volumes of our own class what an external provisioner does.
import type { ControllerContext } from '../runtime/define-controller.ts';
import { persistentVolumes } from '../runtime/resources.ts';
import { writePhase } from './bind.ts';
import { localPath, nodeOf } from './local-path.ts';
import { annotation, provisionedBy, type PersistentVolume } from './volume.ts';

export async function reclaim(volume: PersistentVolume, context: ControllerContext): Promise<void> {
  switch (volume.spec.persistentVolumeReclaimPolicy) {
    case 'Delete':
      return deleteStorage(volume, context);
    case 'Recycle':
      return fail(volume, 'VolumeFailedRecycle', 'No recycler plugin found for the volume!', context);
    default:
      return; // Retain: whoever administers the cluster decides
  }
}

async function deleteStorage(volume: PersistentVolume, context: ControllerContext): Promise<void> {
  const name = volume.metadata.name ?? '';
  const by = annotation(volume, provisionedBy);
  if (by === localPath.provisioner) {
    try {
      await context.config.nodeVolumes.remove(nodeOf(volume) ?? '', volume.spec.hostPath?.path ?? '');
    } catch (error) {
      const { message } = error as Error;
      context.events.event(volume, persistentVolumes, 'Warning', 'VolumeFailedDelete', message);
      throw error;
    }
  } else if (by !== undefined && !by.startsWith('kubernetes.io/')) {
    return; // its provisioner deletes it
  } else if (!volume.spec.hostPath) {
    const message = `error getting deleter volume plugin for volume "${name}": no deletable volume plugin matched`;
    return fail(volume, 'VolumeFailedDelete', message, context);
  } else {
    const { path } = volume.spec.hostPath;
    // Made for trying things out on one machine: upstream deletes nothing outside /tmp either.
    if (!/^\/tmp\/.+/.test(path)) {
      const message = `host_path deleter only supports /tmp/.+ but received provided ${path}`;
      return fail(volume, 'VolumeFailedDelete', message, context);
    }
    await context.config.nodeVolumes.removeTemporary(path);
  }
  await context.client.for(persistentVolumes).delete(name);
}

async function fail(
  volume: PersistentVolume,
  reason: string,
  message: string,
  context: ControllerContext,
): Promise<void> {
  if (volume.status?.phase === 'Failed') return;
  const written = await writePhase(volume, 'Failed', message, context);
  context.events.event(written, persistentVolumes, 'Warning', reason, message);
}
