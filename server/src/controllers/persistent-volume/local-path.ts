/** Volumes that are a directory of one node: the class, and the volume made for a claim. */
// As the local-path provisioner that small clusters come with makes them.
import type { Node } from '../node-lifecycle/node.ts';
import { provisionedBy, type PersistentVolume, type StorageClass, type VolumeClaim } from './volume.ts';

export const localPath = { provisioner: 'naru.dev/local-path' } as const;

const hostnameLabel = 'kubernetes.io/hostname';
/** The node that holds the directory. */
const nodeAnnotation = 'naru.dev/selected-node';

export const nodeOf = ({ metadata }: PersistentVolume): string | undefined => metadata.annotations?.[nodeAnnotation];

export const volumeNameFor = ({ metadata }: VolumeClaim): string => `pvc-${metadata.uid}`;

/** Tells people who look at the disk what the directory is of. */
export const directoryFor = (claim: VolumeClaim): string =>
  `${volumeNameFor(claim)}_${claim.metadata.namespace}_${claim.metadata.name}`;

/** Why such a volume cannot serve the claim; undefined when it can. */
export function unsupported({ spec }: VolumeClaim): string | undefined {
  if (spec.volumeMode === 'Block') return 'block volumes are not supported by this class';
  if (spec.selector) return 'claim.Spec.Selector is not supported';
  return undefined;
}

export function volumeFor(claim: VolumeClaim, storageClass: StorageClass, node: Node, path: string): PersistentVolume {
  const { name = '', namespace = '', uid = '', resourceVersion = '' } = claim.metadata;
  const nodeName = node.metadata.name ?? '';
  const hostname = node.metadata.labels?.[hostnameLabel];
  const here = hostname
    ? { matchExpressions: [{ key: hostnameLabel, operator: 'In', values: [hostname] }] }
    : { matchFields: [{ key: 'metadata.name', operator: 'In', values: [nodeName] }] };
  const storage = claim.spec.resources?.requests?.['storage'] ?? '0';
  const { mountOptions } = storageClass;
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: {
      name: volumeNameFor(claim),
      annotations: { [provisionedBy]: localPath.provisioner, [nodeAnnotation]: nodeName },
    },
    spec: {
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      accessModes: claim.spec.accessModes ?? [],
      volumeMode: 'Filesystem',
      capacity: { storage },
      storageClassName: storageClass.metadata.name ?? '',
      ...(mountOptions?.length && { mountOptions }),
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, uid, resourceVersion },
      hostPath: { path, type: 'DirectoryOrCreate' },
      nodeAffinity: { required: { nodeSelectorTerms: [here] } },
    },
  };
}
