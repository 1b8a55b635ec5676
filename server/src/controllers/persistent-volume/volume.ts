/** Claims, volumes and classes as controllers see them, and what their annotations say. */
// Like component-helpers/storage/volume.
import type { KubeObject, LabelSelector } from '@naru/api/object';
import { storageClassOf } from '../../kinds/core/access-modes.ts';
import type { NodeSelectorTerm, Pod } from '../runtime/pod.ts';

export interface VolumeClaim extends KubeObject {
  spec: {
    volumeName?: string;
    storageClassName?: string;
    volumeAttributesClassName?: string;
    accessModes?: string[];
    volumeMode?: string;
    selector?: LabelSelector;
    resources?: { requests?: Record<string, string> };
  };
  status?: { phase?: string; accessModes?: string[]; capacity?: Record<string, string> };
}

export interface ClaimReference {
  apiVersion?: string;
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  resourceVersion?: string;
}

export interface PersistentVolume extends KubeObject {
  spec: {
    storageClassName?: string;
    volumeAttributesClassName?: string;
    capacity?: Record<string, string>;
    accessModes?: string[];
    volumeMode?: string;
    persistentVolumeReclaimPolicy?: string;
    claimRef?: ClaimReference;
    nodeAffinity?: { required?: { nodeSelectorTerms: NodeSelectorTerm[] } };
    hostPath?: { path: string; type?: string };
    nfs?: object;
  };
  status?: { phase?: string; message?: string; reason?: string; lastPhaseTransitionTime?: string };
}

export interface StorageClass extends KubeObject {
  provisioner: string;
  reclaimPolicy?: string;
  volumeBindingMode?: string;
  mountOptions?: string[];
  allowedTopologies?: { matchLabelExpressions?: { key: string; values: string[] }[] }[];
}

/** The controller is done with the claim: it has its volume. */
export const bindCompleted = 'pv.kubernetes.io/bind-completed';
/** Who bound claim and volume; absent: the user, who asked for just this one. */
export const boundByController = 'pv.kubernetes.io/bound-by-controller';
export const provisionedBy = 'pv.kubernetes.io/provisioned-by';
/** The node that the scheduler wants a claim's volume for. */
export const selectedNode = 'volume.kubernetes.io/selected-node';
export const storageProvisioner = 'volume.kubernetes.io/storage-provisioner';
export const storageProvisionerBeta = 'volume.beta.kubernetes.io/storage-provisioner';
/** The provisioner of classes whose volumes are made by hand. */
export const noProvisioner = 'kubernetes.io/no-provisioner';

export const annotation = ({ metadata }: KubeObject, key: string): string | undefined =>
  metadata.annotations && Object.hasOwn(metadata.annotations, key) ? metadata.annotations[key] : undefined;

export const classOf = ({ metadata, spec }: VolumeClaim | PersistentVolume): string =>
  storageClassOf(metadata.annotations, spec.storageClassName);

export const isBindComplete = (claim: VolumeClaim): boolean => annotation(claim, bindCompleted) !== undefined;

export const waitsForConsumer = (storageClass: StorageClass | undefined): boolean =>
  storageClass?.volumeBindingMode === 'WaitForFirstConsumer';

/** Whether the volume is kept for the claim, by its name at least. */
// Like IsVolumeBoundToClaim.
export function isReservedFor({ spec: { claimRef } }: PersistentVolume, { metadata }: VolumeClaim): boolean {
  if (!claimRef || claimRef.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false;
  return !claimRef.uid || claimRef.uid === metadata.uid;
}

/** The names of the claims a pod uses, those made for it alone too. */
export function claimNamesOf({ spec, metadata }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    const claim = persistentVolumeClaim?.claimName ?? (ephemeral && `${metadata.name}-${name}`);
    return claim ? [claim] : [];
  });
}

/** `namespace/name` of each. */
export const claimKeysOf = (pod: Pod): string[] =>
  claimNamesOf(pod).map((name) => `${pod.metadata.namespace ?? ''}/${name}`);

/** The index of pods by the claims they use. */
export const podsByClaim = 'claim';
