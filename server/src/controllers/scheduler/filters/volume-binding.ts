/** Pods go where their volumes are, or can be. */
// Like scheduler plugins/volumebinding.
import type { Pod } from '../../runtime/pod.ts';
import { selectorMatches } from '../../runtime/label-selector.ts';
import type { Filter, PersistentVolume, Surroundings, VolumeClaim } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import { anyTermMatches } from '../node-selector.ts';
import { amountOf } from '../pod-requests.ts';

const noProvisioner = 'kubernetes.io/no-provisioner';
const elsewhere = "node(s) didn't match PersistentVolume's node affinity";
const noVolume = "node(s) didn't find available persistent volumes to bind";

const isBound = ({ spec, metadata }: VolumeClaim) =>
  !!spec.volumeName && metadata.annotations?.['pv.kubernetes.io/bind-completed'] !== undefined;

function claimNames({ spec, metadata }: Pod): string[] {
  return (spec.volumes ?? []).flatMap(({ name, persistentVolumeClaim, ephemeral }) => {
    if (persistentVolumeClaim) return [persistentVolumeClaim.claimName];
    return ephemeral ? [`${metadata.name}-${name}`] : [];
  });
}

const reaches = ({ spec }: PersistentVolume, node: NodeInfo): boolean =>
  !spec.nodeAffinity?.required || anyTermMatches(spec.nodeAffinity.required.nodeSelectorTerms, node);

/** Whether an unbound volume would serve the claim. */
function serves({ spec, metadata, status }: PersistentVolume, claim: VolumeClaim): boolean {
  const wanted = amountOf('storage', claim.spec.resources?.requests?.['storage'] ?? '0');
  const reserved = spec.claimRef;
  if (reserved && (reserved.name !== claim.metadata.name || reserved.namespace !== claim.metadata.namespace))
    return false;
  if (!reserved && status?.phase !== undefined && status.phase !== 'Available') return false;
  return (
    (spec.storageClassName ?? '') === (claim.spec.storageClassName ?? '') &&
    (spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem') &&
    amountOf('storage', spec.capacity?.['storage'] ?? '0') >= wanted &&
    (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode)) &&
    (!claim.spec.selector || selectorMatches(claim.spec.selector, metadata.labels))
  );
}

export const volumeBinding: Filter = {
  name: 'VolumeBinding',
  prepare({ pod }, surroundings) {
    const names = claimNames(pod);
    if (names.length === 0) return undefined;
    const bound: PersistentVolume[] = [];
    const open: VolumeClaim[] = [];
    for (const name of names) {
      const claim = surroundings.claim(pod.metadata.namespace ?? '', name);
      if (!claim) return { impossible: `persistentvolumeclaim ${JSON.stringify(name)} not found` };
      if (claim.status?.phase === 'Lost') {
        const volume = JSON.stringify(claim.spec.volumeName ?? '');
        return {
          impossible: `persistentvolumeclaim ${JSON.stringify(name)} bound to non-existent persistentvolume ${volume}`,
        };
      }
      if (claim.metadata.deletionTimestamp) {
        return { impossible: `persistentvolumeclaim ${JSON.stringify(name)} is being deleted` };
      }
      const volume = isBound(claim) ? surroundings.volume(claim.spec.volumeName ?? '') : undefined;
      if (volume) bound.push(volume);
      else if (!isBound(claim) && waitsForConsumer(claim, surroundings)) open.push(claim);
      else return { impossible: 'pod has unbound immediate PersistentVolumeClaims' };
    }
    return {
      filter(node) {
        const reasons: string[] = [];
        if (!bound.every((volume) => reaches(volume, node))) reasons.push(elsewhere);
        if (!open.every((claim) => canBind(claim, node, surroundings))) reasons.push(noVolume);
        return reasons.length ? { reasons, final: true } : undefined;
      },
    };
  },
};

const waitsForConsumer = ({ spec }: VolumeClaim, surroundings: Surroundings): boolean =>
  surroundings.storageClass(spec.storageClassName ?? '')?.volumeBindingMode === 'WaitForFirstConsumer';

function canBind(claim: VolumeClaim, node: NodeInfo, surroundings: Surroundings): boolean {
  if (surroundings.volumes().some((volume) => serves(volume, claim) && reaches(volume, node))) return true;
  const provisioner = surroundings.storageClass(claim.spec.storageClassName ?? '')?.provisioner;
  return provisioner !== undefined && provisioner !== noProvisioner;
}
