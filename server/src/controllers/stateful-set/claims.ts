/** The claims of a StatefulSet's pods: made before the pod, and owned by what they are to go with. */
// Like StatefulPodControl createPersistentVolumeClaims and claimOwnerMatchesSetAndPod.
import type { KubeObject, OwnerReference } from '@naru/api/object';
import { isAlreadyExists, isNotFound } from '@naru/api/status';
import type { ControllerContext } from '../runtime/define-controller.ts';
import { controllerReference } from '../runtime/owners.ts';
import type { Pod } from '../runtime/pod.ts';
import { persistentVolumeClaims, pods, statefulSets } from '../runtime/resources.ts';
import { claimName, claimsFor, ordinalOf, startOrdinal, type Claim, type StatefulSet } from './stateful-set.ts';

/** Makes the claims of one ordinal that are missing. Throws what the server answered, after an event. */
export async function createClaims(set: StatefulSet, ordinal: number, context: ControllerContext): Promise<void> {
  const { client, informers, events } = context;
  const podName = `${set.metadata.name}-${ordinal}`;
  const known = informers.for<Claim>(persistentVolumeClaims);
  for (const claim of claimsFor(set, ordinal)) {
    const { name, namespace } = claim.metadata;
    const found = known.get(`${namespace}/${name}`);
    if (found?.metadata.deletionTimestamp) throw new Error(`pvc ${name} is being deleted`);
    if (found) continue;
    try {
      await client.for<Claim>(persistentVolumeClaims).create(claim);
      const message = `Create Claim ${name} Pod ${podName} in StatefulSet ${set.metadata.name} success`;
      events.event(set, statefulSets, 'Normal', 'SuccessfulCreate', message);
    } catch (error) {
      if (isAlreadyExists(error)) continue;
      const message = `Create Claim ${name} for Pod ${podName} in StatefulSet ${set.metadata.name} failed error: ${(error as Error).message}`;
      events.event(set, statefulSets, 'Warning', 'FailedCreate', message);
      throw error;
    }
  }
}

/** Whose going takes the claim along: nobody's, the set's, or the pod's that is scaled away. */
function wantedOwner(set: StatefulSet, pod: Pod, ordinal: number): OwnerReference | undefined {
  const { whenDeleted, whenScaled } = set.spec.persistentVolumeClaimRetentionPolicy ?? {};
  const condemned = ordinal < startOrdinal(set) || ordinal >= startOrdinal(set) + (set.spec.replicas ?? 1);
  if (whenScaled === 'Delete' && condemned) return controllerReference(pod, pods);
  return whenDeleted === 'Delete' ? controllerReference(set, statefulSets) : undefined;
}

/** Brings the owners of a pod's claims to what the retention policy says. */
export async function settleClaimOwners(set: StatefulSet, pod: Pod, context: ControllerContext): Promise<void> {
  const ordinal = ordinalOf(set, pod);
  if (ordinal === undefined) return;
  const known = context.informers.for<Claim>(persistentVolumeClaims);
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const claim = known.get(`${set.metadata.namespace}/${claimName(set, template, ordinal)}`);
    if (claim) await settleOwner(claim, wantedOwner(set, pod, ordinal), [set, pod], context);
  }
}

async function settleOwner(
  claim: Claim,
  wanted: OwnerReference | undefined,
  ours: readonly KubeObject[],
  { client }: ControllerContext,
): Promise<void> {
  const owners = claim.metadata.ownerReferences ?? [];
  // A claim that somebody else controls is left to them.
  if (owners.some(({ controller, uid }) => controller && !ours.some((one) => one.metadata.uid === uid))) return;
  const others = owners.filter(({ uid }) => !ours.some((one) => one.metadata.uid === uid));
  const owned = owners.find(({ uid }) => uid === wanted?.uid);
  if (owned ? owners.length === others.length + 1 : !wanted && owners.length === others.length) return;
  const ownerReferences = wanted ? [...others, wanted] : others;
  const { ownerReferences: _, ...metadata } = claim.metadata;
  try {
    await client
      .for<Claim>(persistentVolumeClaims)
      .update({ ...claim, metadata: { ...metadata, ...(ownerReferences.length && { ownerReferences }) } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
