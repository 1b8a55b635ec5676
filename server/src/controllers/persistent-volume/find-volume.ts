/** Which volume serves a claim best: the smallest that is large enough. Pure. */
// Like component-helpers/storage/volume FindMatchingVolume and pvIndex.findByClaim.
import { parseQuantity, quantityValue } from '@naru/api/quantity';
import { selectorMatches } from '../runtime/label-selector.ts';
import { anyTermMatches, type SelectableNode } from '../scheduler/node-selector.ts';
import { classOf, isReservedFor, type PersistentVolume, type VolumeClaim } from './volume.ts';

const bytes = (quantity: string | undefined): number => quantityValue(parseQuantity(quantity ?? '0'));
const requested = ({ spec }: VolumeClaim): number => bytes(spec.resources?.requests?.['storage']);
const capacity = ({ spec }: PersistentVolume): number => bytes(spec.capacity?.['storage']);
const modeOf = ({ spec }: PersistentVolume | VolumeClaim): string => spec.volumeMode ?? 'Filesystem';

export const reaches = ({ spec }: PersistentVolume, node: SelectableNode): boolean =>
  !spec.nodeAffinity?.required || anyTermMatches(spec.nodeAffinity.required.nodeSelectorTerms, node);

const offersModes = ({ spec }: PersistentVolume, claim: VolumeClaim): boolean =>
  (claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode));

export interface Search {
  /** The node it must be reached from; absent: any. */
  node?: SelectableNode;
  /** The claim waits for a pod's node: only a volume kept for it will do. */
  delayed?: boolean;
  /** Names of volumes that others are about to get. */
  taken?: ReadonlySet<string>;
}

export function findVolume(
  claim: VolumeClaim,
  volumes: readonly PersistentVolume[],
  { node, delayed = false, taken }: Search = {},
): PersistentVolume | undefined {
  const candidates = volumes.filter(
    (volume) =>
      !taken?.has(volume.metadata.name ?? '') &&
      (!volume.spec.claimRef || isReservedFor(volume, claim)) &&
      !volume.metadata.deletionTimestamp &&
      capacity(volume) >= requested(claim) &&
      modeOf(volume) === modeOf(claim) &&
      (volume.spec.volumeAttributesClassName ?? '') === (claim.spec.volumeAttributesClassName ?? '') &&
      offersModes(volume, claim),
  );
  const reserved = candidates.find((volume) => isReservedFor(volume, claim));
  if (reserved) return node && !reaches(reserved, node) ? undefined : reserved;
  if (!node && delayed) return undefined;
  const free = candidates.filter(
    (volume) =>
      volume.status?.phase === 'Available' &&
      (!claim.spec.selector || selectorMatches(claim.spec.selector, volume.metadata.labels)) &&
      classOf(volume) === classOf(claim) &&
      (!node || reaches(volume, node)),
  );
  return free.sort(closestFirst)[0];
}

/** One with fewer modes is kept from nobody who needs more; of those the smallest. */
const closestFirst = (a: PersistentVolume, b: PersistentVolume): number =>
  (a.spec.accessModes ?? []).length - (b.spec.accessModes ?? []).length || capacity(a) - capacity(b);

/** Why the volume that a claim names does not serve it; undefined when it does. */
// Like checkVolumeSatisfyClaim.
export function mismatch(volume: PersistentVolume, claim: VolumeClaim): string | undefined {
  if (volume.metadata.deletionTimestamp) return 'the volume is marked for deletion';
  if (capacity(volume) < requested(claim)) return 'requested PV is too small';
  if (classOf(volume) !== classOf(claim)) return 'storageClassName does not match';
  if ((volume.spec.volumeAttributesClassName ?? '') !== (claim.spec.volumeAttributesClassName ?? ''))
    return 'volumeAttributesClassName does not match';
  if (modeOf(volume) !== modeOf(claim)) return 'incompatible volumeMode';
  if (!offersModes(volume, claim)) return 'incompatible accessMode';
  return undefined;
}
