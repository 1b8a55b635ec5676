/** Keeps claims while pods use them, and volumes while claims do: takes the finalizer off when nobody does. */
// Like pkg/controller/volume/pvcprotection and pvprotection.
import type { KubeObject } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { claimKeysOf, podsByClaim } from '../persistent-volume/volume.ts';
import { controllerUser, defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { isFinished, type Pod } from '../runtime/pod.ts';
import { persistentVolumeClaims, persistentVolumes, pods } from '../runtime/resources.ts';

const claimFinalizer = 'kubernetes.io/pvc-protection';
const volumeFinalizer = 'kubernetes.io/pv-protection';

/** A pod without a node has not begun to use its claims, and would not be started with one that is going. */
const uses = (pod: Pod): boolean => !!pod.spec.nodeName && !isFinished(pod);

export const claimProtection = defineController({
  name: 'persistentvolumeclaim-protection-controller',
  user: controllerUser('pvc-protection-controller'),
  for: persistentVolumeClaims,
  watches: [watching<Pod>(pods, claimKeysOf)],
  prepare: ({ informers }) => informers.for<Pod>(pods).addIndex(podsByClaim, claimKeysOf),
  async reconcile(key, context) {
    const claim = context.informers.for(persistentVolumeClaims).get(key);
    if (!claim || context.informers.for<Pod>(pods).byIndex(podsByClaim, key).some(uses)) return;
    await release(claim, claimFinalizer, persistentVolumeClaims, context);
  },
});

interface Volume extends KubeObject {
  status?: { phase?: string };
}

export const volumeProtection = defineController({
  name: 'persistentvolume-protection-controller',
  user: controllerUser('pv-protection-controller'),
  for: persistentVolumes,
  async reconcile(key, context) {
    const volume = context.informers.for<Volume>(persistentVolumes).get(key);
    if (!volume || volume.status?.phase === 'Bound') return;
    await release(volume, volumeFinalizer, persistentVolumes, context);
  },
});

async function release(
  object: KubeObject,
  finalizer: string,
  resource: typeof persistentVolumes,
  { client }: ControllerContext,
): Promise<void> {
  const { deletionTimestamp, finalizers = [] } = object.metadata;
  if (!deletionTimestamp || !finalizers.includes(finalizer)) return;
  const { finalizers: _, ...metadata } = object.metadata;
  const kept = finalizers.filter((one) => one !== finalizer);
  try {
    await client
      .for<KubeObject>(resource)
      .update({ ...object, metadata: { ...metadata, ...(kept.length && { finalizers: kept }) } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
