/** Makes the claims that pods bring along for themselves. */
// Like pkg/controller/volume/ephemeral.
import { keyOf } from '@naru/api/client/object-cache';
import type { KubeObject } from '@naru/api/object';
import { isAlreadyExists } from '@naru/api/status';
import { controllerUser, defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { controllerReference } from '../runtime/owners.ts';
import { isNamespaceTerminating } from '../runtime/pod-control.ts';
import { isTerminating, type Pod } from '../runtime/pod.ts';
import { persistentVolumeClaims, pods } from '../runtime/resources.ts';
import { claimKeysOf, podsByClaim } from './volume.ts';

export const ephemeralVolumes = defineController({
  name: 'ephemeral-volume-controller',
  user: controllerUser('ephemeral-volume-controller'),
  component: 'ephemeral_volume',
  for: pods,
  watches: [
    watching<KubeObject>(persistentVolumeClaims, (claim, { informers }) =>
      informers.for<Pod>(pods).byIndex(podsByClaim, keyOf(claim)).map(keyOf),
    ),
  ],
  prepare: ({ informers }) => informers.for<Pod>(pods).addIndex(podsByClaim, claimKeysOf),
  async reconcile(key, context) {
    const pod = context.informers.for<Pod>(pods).get(key);
    if (!pod || isTerminating(pod)) return;
    for (const { name, ephemeral } of pod.spec.volumes ?? [])
      if (ephemeral?.volumeClaimTemplate) await make(pod, name, ephemeral.volumeClaimTemplate, context);
  },
});

async function make(
  pod: Pod,
  volume: string,
  template: { metadata?: KubeObject['metadata']; spec: object },
  { client, informers, events }: ControllerContext,
): Promise<void> {
  const { namespace = '', name: podName = '', uid } = pod.metadata;
  const name = `${podName}-${volume}`;
  const known = informers.for<KubeObject>(persistentVolumeClaims).get(`${namespace}/${name}`);
  if (known?.metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === uid)) return;
  if (known)
    throw new Error(`PVC "${namespace}/${name}" was not created for pod "${namespace}/${podName}" (pod is not owner)`);
  const { labels, annotations } = template.metadata ?? {};
  const claim = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      ...{ name, namespace, ownerReferences: [controllerReference(pod, pods)] },
      ...(labels && { labels }),
      ...(annotations && { annotations }),
    },
    spec: template.spec,
  };
  try {
    await client.for<KubeObject>(persistentVolumeClaims).create(claim as KubeObject);
  } catch (error) {
    if (isNamespaceTerminating(error)) return;
    const message = `ephemeral volume controller failed to create PVC ${name}: ${(error as Error).message}`;
    if (!isAlreadyExists(error)) events.event(pod, pods, 'Warning', 'FailedCreate', message);
    throw error;
  }
}
