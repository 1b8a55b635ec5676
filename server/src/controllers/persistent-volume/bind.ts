/** Writes that join a claim with a volume, and part them. Each is level: what stands already is not written again. */
// Like PersistentVolumeController bind, unbindVolume, updateVolumePhase and updateClaimStatus.
import type { ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { persistentVolumeClaims, persistentVolumes } from '../runtime/resources.ts';
import { annotation, bindCompleted, boundByController, isReservedFor } from './volume.ts';
import type { PersistentVolume, VolumeClaim } from './volume.ts';

type Writer = Pick<ControllerContext, 'client'>;

export function withAnnotation<T extends VolumeClaim | PersistentVolume>(object: T, key: string, value = 'yes'): T {
  if (annotation(object, key) === value) return object;
  const { metadata } = object;
  return { ...object, metadata: { ...metadata, annotations: { ...metadata.annotations, [key]: value } } };
}

export function withoutAnnotation<T extends VolumeClaim | PersistentVolume>(object: T, key: string): T {
  if (annotation(object, key) === undefined) return object;
  const { annotations, ...metadata } = object.metadata;
  const { [key]: _, ...kept } = annotations ?? {};
  return { ...object, metadata: { ...metadata, ...(Object.keys(kept).length && { annotations: kept }) } };
}

/** The volume with the claim written into it. */
// Like GetBindVolumeToClaim.
export function reservedFor(volume: PersistentVolume, claim: VolumeClaim): PersistentVolume {
  const { uid, name, namespace, resourceVersion } = claim.metadata;
  const byUser = isReservedFor(volume, claim);
  const marked = byUser ? volume : withAnnotation(volume, boundByController);
  if (marked.spec.claimRef?.uid === uid) return marked;
  const claimRef = {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    ...(namespace && { namespace }),
    ...(name && { name }),
    ...(uid && { uid }),
    ...(resourceVersion && { resourceVersion }),
  };
  return { ...marked, spec: { ...marked.spec, claimRef } };
}

/** Joins both, in an order that can be taken up again wherever it was left. */
export async function bind(volume: PersistentVolume, claim: VolumeClaim, writer: Writer): Promise<void> {
  const reserved = await reserve(volume, claim, writer);
  const bound = await writePhase(reserved, 'Bound', '', writer);
  const named = claim.spec.volumeName
    ? claim
    : { ...withAnnotation(claim, boundByController), spec: { ...claim.spec, volumeName: volume.metadata.name ?? '' } };
  const wanted = withAnnotation(named, bindCompleted);
  const written =
    wanted === claim ? claim : await writer.client.for<VolumeClaim>(persistentVolumeClaims).update(wanted);
  await writeClaimStatus(written, 'Bound', bound, writer);
}

export async function reserve(
  volume: PersistentVolume,
  claim: VolumeClaim,
  { client }: Writer,
): Promise<PersistentVolume> {
  const wanted = reservedFor(volume, claim);
  return wanted === volume ? volume : await client.for<PersistentVolume>(persistentVolumes).update(wanted);
}

/** Takes the claim out of the volume; where the user wrote it there by hand, only which claim of that name it was. */
export async function unbind(volume: PersistentVolume, writer: Writer): Promise<void> {
  const { claimRef, ...spec } = volume.spec;
  const { uid: _, ...named } = claimRef ?? {};
  const wanted =
    annotation(volume, boundByController) === undefined
      ? { ...volume, spec: { ...spec, claimRef: named } }
      : { ...withoutAnnotation(volume, boundByController), spec };
  const written = await writer.client.for<PersistentVolume>(persistentVolumes).update(wanted);
  await writePhase(written, 'Available', '', writer);
}

export async function writePhase(
  volume: PersistentVolume,
  phase: string,
  message: string,
  { client }: Writer,
): Promise<PersistentVolume> {
  if (volume.status?.phase === phase) return volume;
  // The time of the change is the server's to write.
  const { message: _, lastPhaseTransitionTime: __, ...status } = volume.status ?? {};
  return client
    .for<PersistentVolume>(persistentVolumes)
    .updateStatus({ ...volume, status: { ...status, phase, ...(message && { message }) } });
}

export async function writeClaimStatus(
  claim: VolumeClaim,
  phase: string,
  volume: PersistentVolume | undefined,
  { client }: Writer,
): Promise<VolumeClaim> {
  const { accessModes: _, capacity: known, ...rest } = claim.status ?? {};
  const storage = volume?.spec.capacity?.['storage'];
  // Only expansion changes the size of a claim that has its volume.
  const capacity = claim.status?.phase === 'Bound' && known ? known : storage && { storage };
  const status = {
    ...rest,
    phase,
    ...(volume && { accessModes: volume.spec.accessModes ?? [], ...(capacity && { capacity }) }),
  };
  if (equalJson(status, claim.status)) return claim;
  return client.for<VolumeClaim>(persistentVolumeClaims).updateStatus({ ...claim, status });
}
