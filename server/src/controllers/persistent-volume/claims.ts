/** Finds a volume for every claim, or says why there is none. */
// Like PersistentVolumeController syncClaim.
import { keyOf } from '@naru/api/client/object-cache';
import { isNotFound } from '@naru/api/status';
import { controllerUser, defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import type { Pod } from '../runtime/pod.ts';
import { persistentVolumeClaims, persistentVolumes, pods, storageClasses } from '../runtime/resources.ts';
import { bind, writeClaimStatus } from './bind.ts';
import { findVolume, mismatch } from './find-volume.ts';
import { provision } from './provision.ts';
import {
  annotation,
  boundByController,
  claimKeysOf,
  classOf,
  isBindComplete,
  isReservedFor,
  podsByClaim,
  selectedNode,
  waitsForConsumer,
  type PersistentVolume,
  type StorageClass,
  type VolumeClaim,
} from './volume.ts';

const claimsByNeed = 'need';

/** What a claim looks out for: the volume it names, or any of its class. */
const needOf = (claim: VolumeClaim): string[] => [
  claim.spec.volumeName ? `volume/${claim.spec.volumeName}` : `class/${classOf(claim)}`,
];

function claimsConcernedBy(volume: PersistentVolume, { informers }: ControllerContext): string[] {
  const known = informers.for<VolumeClaim>(persistentVolumeClaims);
  const { claimRef } = volume.spec;
  const waiting = claimRef ? [] : known.byIndex(claimsByNeed, `class/${classOf(volume)}`);
  return [
    ...known.byIndex(claimsByNeed, `volume/${volume.metadata.name}`).map(keyOf),
    ...waiting.map(keyOf),
    ...(claimRef ? [`${claimRef.namespace}/${claimRef.name}`] : []),
  ];
}

const claimsOfClass = ({ metadata }: StorageClass, { informers }: ControllerContext): string[] =>
  informers.for<VolumeClaim>(persistentVolumeClaims).byIndex(claimsByNeed, `class/${metadata.name}`).map(keyOf);

export const claimBinder = defineController({
  name: 'persistentvolume-binder-controller',
  user: controllerUser('persistent-volume-binder'),
  component: 'persistentvolume-controller',
  for: persistentVolumeClaims,
  watches: [watching(persistentVolumes, claimsConcernedBy), watching(storageClasses, claimsOfClass)],
  // One after another: two claims never reach for the same volume.
  workers: 1,
  prepare({ informers }) {
    informers.for<VolumeClaim>(persistentVolumeClaims).addIndex(claimsByNeed, needOf);
    informers.for<Pod>(pods).addIndex(podsByClaim, claimKeysOf);
  },
  async reconcile(key, context) {
    const claim = context.informers.for<VolumeClaim>(persistentVolumeClaims).get(key);
    if (!claim) return;
    try {
      await (isBindComplete(claim) ? keepBound(claim, context) : findHome(claim, context));
    } catch (error) {
      if (!isNotFound(error)) throw error; // gone meanwhile: there is nothing left to bind
    }
  },
});

/** A claim that had its volume never gets another: what it lost is lost. */
async function keepBound(claim: VolumeClaim, context: ControllerContext): Promise<void> {
  const { volumeName } = claim.spec;
  if (!volumeName)
    return lose(
      claim,
      'ClaimLost',
      'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!',
      context,
    );
  const volume = context.informers.for<PersistentVolume>(persistentVolumes).get(volumeName);
  if (!volume)
    return lose(claim, 'ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!', context);
  if (!volume.spec.claimRef || volume.spec.claimRef.uid === claim.metadata.uid) return bind(volume, claim, context);
  const message = 'Two claims are bound to the same volume, this one is bound incorrectly';
  return lose(claim, 'ClaimMisbound', message, context);
}

async function lose(claim: VolumeClaim, reason: string, message: string, context: ControllerContext): Promise<void> {
  if (claim.status?.phase === 'Lost') return;
  const written = await writeClaimStatus(claim, 'Lost', undefined, context);
  context.events.event(written, persistentVolumeClaims, 'Warning', reason, message);
}

async function findHome(claim: VolumeClaim, context: ControllerContext): Promise<void> {
  const { informers } = context;
  const volumes = informers.for<PersistentVolume>(persistentVolumes);
  if (claim.spec.volumeName) return takeNamed(claim, volumes.get(claim.spec.volumeName), context);
  const storageClass = informers.for<StorageClass>(storageClasses).get(classOf(claim));
  const delayed = waitsForConsumer(storageClass) && annotation(claim, selectedNode) === undefined;
  const volume = findVolume(claim, volumes.list(), { delayed });
  if (volume) return bind(volume, claim, context);
  if (delayed) sayWhatItWaitsFor(claim, context);
  else if (classOf(claim)) return provision(claim, storageClass, context);
  else {
    const message = 'no persistent volumes available for this claim and no storage class is set';
    context.events.event(claim, persistentVolumeClaims, 'Normal', 'FailedBinding', message);
  }
  await writeClaimStatus(claim, 'Pending', undefined, context);
}

/** The user asks for one volume and no other. */
async function takeNamed(
  claim: VolumeClaim,
  volume: PersistentVolume | undefined,
  context: ControllerContext,
): Promise<void> {
  if (volume && isReservedFor(volume, claim)) return bind(volume, claim, context);
  if (volume && !volume.spec.claimRef) {
    const problem = mismatch(volume, claim);
    if (!problem) return bind(volume, claim, context);
    const message = `Cannot bind to requested volume "${volume.metadata.name}": ${problem}`;
    context.events.event(claim, persistentVolumeClaims, 'Warning', 'VolumeMismatch', message);
  } else if (volume) {
    if (annotation(claim, boundByController) !== undefined) {
      const { namespace, name } = volume.spec.claimRef ?? {};
      throw new Error(
        `invalid binding of claim "${keyOf(claim)}" to volume "${volume.metadata.name}": volume already claimed by "${namespace}/${name}"`,
      );
    }
    const message = `volume "${volume.metadata.name}" already bound to a different claim.`;
    context.events.event(claim, persistentVolumeClaims, 'Warning', 'FailedBinding', message);
  }
  await writeClaimStatus(claim, 'Pending', undefined, context);
}

// Like emitEventForUnboundDelayBindingClaim.
function sayWhatItWaitsFor(claim: VolumeClaim, { informers, events }: ControllerContext): void {
  const unscheduled = informers
    .for<Pod>(pods)
    .byIndex(podsByClaim, keyOf(claim))
    .filter(({ spec }) => !spec.nodeName)
    .map(({ metadata }) => metadata.name ?? '');
  const [reason, message] =
    unscheduled.length === 0
      ? ['WaitForFirstConsumer', 'waiting for first consumer to be created before binding']
      : [
          'WaitForPodScheduled',
          `waiting for pod${unscheduled.length > 1 ? 's' : ''} ${unscheduled.join(',')} to be scheduled`,
        ];
  events.event(claim, persistentVolumeClaims, 'Normal', reason, message);
}
