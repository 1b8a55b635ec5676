/** Pods go where their volumes are, or can be. */
// Like scheduler plugins/volumebinding.
import type { KubeObject } from '@naru/api/object';
import { findVolume, reaches } from '../../persistent-volume/find-volume.ts';
import {
  annotation,
  classOf,
  isBindComplete,
  noProvisioner,
  selectedNode,
  waitsForConsumer,
  type PersistentVolume,
  type StorageClass,
  type VolumeClaim,
} from '../../persistent-volume/volume.ts';
import type { Pod, Volume } from '../../runtime/pod.ts';
import type { Filter, Surroundings } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';

const elsewhere = "node(s) didn't match PersistentVolume's node affinity";
const noVolume = "node(s) didn't find available persistent volumes to bind";

const isBound = (claim: VolumeClaim) => !!claim.spec.volumeName && isBindComplete(claim);

/** What is to be written before the pod can be bound to the node. */
export interface VolumeDecisions {
  bindings: readonly { claim: VolumeClaim; volume: PersistentVolume }[];
  provisions: readonly VolumeClaim[];
}

export interface PodClaims {
  bound: readonly PersistentVolume[];
  /** Without a volume yet; they wait for this pod's node. */
  open: readonly VolumeClaim[];
}

/** The claims of a pod, or why no node will do; undefined when it has none. */
export function claimsOf(pod: Pod, surroundings: Surroundings): PodClaims | { impossible: string } | undefined {
  const bound: PersistentVolume[] = [];
  const open: VolumeClaim[] = [];
  for (const volume of pod.spec.volumes ?? []) {
    const name = volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral && `${pod.metadata.name}-${volume.name}`);
    if (name === undefined) continue;
    const claim = surroundings.claim(pod.metadata.namespace ?? '', name);
    const problem = problemOf(pod, volume, name, claim);
    if (problem || !claim) return { impossible: problem ?? '' };
    const found = isBound(claim) ? surroundings.volume(claim.spec.volumeName ?? '') : undefined;
    if (found) bound.push(found);
    else if (!isBound(claim) && waitsForConsumer(surroundings.storageClass(classOf(claim)))) open.push(claim);
    else return { impossible: 'pod has unbound immediate PersistentVolumeClaims' };
  }
  return bound.length || open.length ? { bound, open } : undefined;
}

function problemOf(pod: Pod, volume: Volume, name: string, claim: VolumeClaim | undefined): string | undefined {
  const quoted = JSON.stringify(name);
  if (!claim) {
    return volume.ephemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}`
      : `persistentvolumeclaim ${quoted} not found`;
  }
  if (claim.status?.phase === 'Lost')
    return `persistentvolumeclaim ${quoted} bound to non-existent persistentvolume ${JSON.stringify(claim.spec.volumeName ?? '')}`;
  if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim ${quoted} is being deleted`;
  if (volume.ephemeral && !isOwnedBy(claim, pod)) {
    const { namespace, name: podName } = pod.metadata;
    return `PVC "${namespace}/${name}" was not created for pod "${namespace}/${podName}" (pod is not owner)`;
  }
  return undefined;
}

const isOwnedBy = (object: KubeObject, owner: KubeObject): boolean =>
  (object.metadata.ownerReferences ?? []).some(({ controller, uid }) => controller && uid === owner.metadata.uid);

/** Which volumes the open claims would get on the node, each another; undefined when one would get none. */
// Like volumeBinder.FindPodVolumes.
export function decideVolumes(
  open: readonly VolumeClaim[],
  node: NodeInfo,
  surroundings: Surroundings,
): VolumeDecisions | undefined {
  const bindings: { claim: VolumeClaim; volume: PersistentVolume }[] = [];
  const provisions: VolumeClaim[] = [];
  const taken = new Set(surroundings.promisedVolumes);
  const volumes = open.length ? surroundings.volumes() : [];
  for (const claim of open) {
    const promised =
      surroundings.promisedNode(`${claim.metadata.namespace}/${claim.metadata.name}`) ??
      annotation(claim, selectedNode);
    if (promised !== undefined) {
      if (promised !== node.name) return undefined;
      provisions.push(claim);
      continue;
    }
    const volume = findVolume(claim, volumes, { node, taken });
    if (volume) {
      taken.add(volume.metadata.name ?? '');
      bindings.push({ claim, volume });
    } else if (canProvision(surroundings.storageClass(classOf(claim)), node)) provisions.push(claim);
    else return undefined;
  }
  return { bindings, provisions };
}

function canProvision(storageClass: StorageClass | undefined, node: NodeInfo): boolean {
  if (!storageClass || storageClass.provisioner === noProvisioner) return false;
  const { allowedTopologies: terms = [] } = storageClass;
  return (
    terms.length === 0 ||
    terms.some(({ matchLabelExpressions = [] }) =>
      matchLabelExpressions.every(({ key, values }) => values.includes(node.labels[key] ?? '')),
    )
  );
}

export const volumeBinding: Filter = {
  name: 'VolumeBinding',
  prepare({ pod }, surroundings) {
    const claims = claimsOf(pod, surroundings);
    if (!claims || 'impossible' in claims) return claims;
    const { bound, open } = claims;
    return {
      filter(node) {
        const reasons: string[] = [];
        if (!bound.every((volume) => reaches(volume, node))) reasons.push(elsewhere);
        if (!decideVolumes(open, node, surroundings)) reasons.push(noVolume);
        return reasons.length ? { reasons, final: true } : undefined;
      },
    };
  },
};
