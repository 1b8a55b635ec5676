/** Claims and volumes, asked of the API when a pod needs them. */
import type { Client, ResourceRef } from '@naru/api/client/client';
import { isNotFound } from '@naru/api/status';
import type { ClaimSource, PersistentVolume, PersistentVolumeClaim } from '../volumes/persistent-volume.ts';

const claims: ResourceRef = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  scope: 'Namespaced',
};
const volumes: ResourceRef = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  scope: 'Cluster',
};

const unlessMissing = <T>(found: Promise<T>): Promise<T | undefined> =>
  found.catch((error: unknown) => {
    if (isNotFound(error)) return undefined;
    throw error;
  });

export const claimSource = (client: Client): ClaimSource => ({
  claim: (namespace, name) => unlessMissing(client.for<PersistentVolumeClaim>(claims).get(name, namespace)),
  volume: (name) => unlessMissing(client.for<PersistentVolume>(volumes).get(name)),
});
