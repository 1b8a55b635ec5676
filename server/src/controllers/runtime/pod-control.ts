/** Creating pods from a template and deleting them, with the events that tell of it. */
// Like controller.RealPodControl.
import type { ResourceRef } from '@naru/api/client/client';
import type { KubeObject } from '@naru/api/object';
import { isNotFound, isStatusError } from '@naru/api/status';
import type { ControllerContext } from './define-controller.ts';
import { controllerReference } from './owners.ts';
import type { Pod, PodTemplate } from './pod.ts';
import { pods } from './resources.ts';

export interface PodOwner {
  object: KubeObject;
  resource: ResourceRef;
}

/** True when a write failed because its namespace is going away: nothing to report, nothing to try again. */
export const isNamespaceTerminating = (error: unknown): boolean =>
  isStatusError(error) && (error.status.details?.causes ?? []).some(({ reason }) => reason === 'NamespaceTerminating');

/** Labels, annotations, finalizers and spec of the template, controlled by `owner`; `name` absent: generated from the owner's. */
export function podFromTemplate(template: PodTemplate, { object, resource }: PodOwner, name?: string): Pod {
  const { labels, annotations, finalizers } = template.metadata ?? {};
  const { namespace } = object.metadata;
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(name ? { name } : { generateName: `${object.metadata.name ?? ''}-` }),
      ...(namespace && { namespace }),
      labels: { ...labels },
      ...(annotations && { annotations: { ...annotations } }),
      ...(finalizers && { finalizers: [...finalizers] }),
      ownerReferences: [controllerReference(object, resource)],
    },
    spec: structuredClone(template.spec),
  };
}

/** Creates the pod and tells of it. Throws what the server answered, after a FailedCreate event. */
export async function createPod(pod: Pod, owner: PodOwner, { client, events }: ControllerContext): Promise<Pod> {
  const { object, resource } = owner;
  try {
    const created = await client.for<Pod>(pods).create(pod);
    events.event(object, resource, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`);
    return created;
  } catch (error) {
    if (!isNamespaceTerminating(error)) {
      events.event(object, resource, 'Warning', 'FailedCreate', `Error creating: ${(error as Error).message}`);
    }
    throw error;
  }
}

/** Deletes the pod and tells of it; a pod that is gone is as good as deleted. */
export async function deletePod(pod: Pod, owner: PodOwner, { client, events }: ControllerContext): Promise<void> {
  const { name = '', namespace } = pod.metadata;
  const { object, resource } = owner;
  try {
    await client.for<Pod>(pods).delete(name, namespace);
    events.event(object, resource, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`);
  } catch (error) {
    if (isNotFound(error)) return;
    events.event(object, resource, 'Warning', 'FailedDelete', `Error deleting: ${(error as Error).message}`);
    throw error;
  }
}
