/** Makes the volumes of our own class: a directory on the node that the scheduler chose, and the object that stands for it. */
// Like sig-storage-lib-external-provisioner with the local-path provisioner. A node that does not answer holds up no binding.
import { keyOf } from '@naru/api/client/object-cache';
import { isAlreadyExists } from '@naru/api/status';
import type { Node } from '../node-lifecycle/node.ts';
import { controllerUser, defineController, type ControllerContext } from '../runtime/define-controller.ts';
import { nodes, persistentVolumeClaims, persistentVolumes, storageClasses } from '../runtime/resources.ts';
import { withoutAnnotation } from './bind.ts';
import { directoryFor, localPath, unsupported, volumeFor, volumeNameFor } from './local-path.ts';
import {
  annotation,
  classOf,
  selectedNode,
  storageProvisioner,
  type PersistentVolume,
  type StorageClass,
  type VolumeClaim,
} from './volume.ts';

export const localPathProvisioner = defineController({
  name: 'local-path-provisioner',
  user: controllerUser('local-path-provisioner'),
  component: localPath.provisioner,
  for: persistentVolumeClaims,
  prepare({ informers }) {
    for (const resource of [nodes, persistentVolumes, storageClasses]) informers.for(resource);
  },
  async reconcile(key, context) {
    const { informers } = context;
    const claim = informers.for<VolumeClaim>(persistentVolumeClaims).get(key);
    if (!claim || claim.spec.volumeName || claim.metadata.deletionTimestamp) return;
    if (annotation(claim, storageProvisioner) !== localPath.provisioner) return;
    if (informers.for<PersistentVolume>(persistentVolumes).get(volumeNameFor(claim))) return;
    const storageClass = informers.for<StorageClass>(storageClasses).get(classOf(claim));
    if (storageClass) await make(claim, storageClass, context);
  },
});

/** Throws what kept the directory from being made, after an event; the claim is tried again. */
async function make(claim: VolumeClaim, storageClass: StorageClass, context: ControllerContext): Promise<void> {
  const { client, events, informers, config } = context;
  const tell = (type: 'Normal' | 'Warning', reason: string, message: string) =>
    events.event(claim, persistentVolumeClaims, type, reason, message);
  const className = storageClass.metadata.name ?? '';
  const failed = (why: string) =>
    tell('Warning', 'ProvisioningFailed', `failed to provision volume with StorageClass "${className}": ${why}`);
  const problem = unsupported(claim);
  if (problem) return failed(problem);
  const nodeName = annotation(claim, selectedNode);
  if (nodeName === undefined)
    return failed('configuration error, no node was specified: volumeBindingMode must be WaitForFirstConsumer');
  const node = informers.for<Node>(nodes).get(nodeName);
  if (!node) {
    failed(`node "${nodeName}" not found`);
    // Without it the scheduler chooses anew.
    await client.for<VolumeClaim>(persistentVolumeClaims).update(withoutAnnotation(claim, selectedNode));
    return;
  }
  tell('Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${keyOf(claim)}"`);
  try {
    const path = await config.nodeVolumes.make(nodeName, directoryFor(claim));
    await client.for<PersistentVolume>(persistentVolumes).create(volumeFor(claim, storageClass, node, path));
  } catch (error) {
    // An earlier attempt got that far: binding goes on from there.
    if (isAlreadyExists(error)) return;
    failed((error as Error).message);
    throw error;
  }
  tell('Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${volumeNameFor(claim)}`);
}
