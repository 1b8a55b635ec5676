/** The next steps of a StatefulSet, in order, one at a time unless it may act in parallel. Pure. */
// Like defaultStatefulSetControl.updateStatefulSet.
import { scaledValue } from '../runtime/int-or-string.ts';
import { isAvailable, isFinished, isReady, isTerminating, type Pod } from '../runtime/pod.ts';
import { replicasOf } from '../replica-set/replica-set.ts';
import {
  isItself,
  ordinalOf,
  revisionLabel,
  startOrdinal,
  type StatefulSet,
  type StatefulSetStatus,
} from './stateful-set.ts';

export type Step =
  | { do: 'create'; ordinal: number; revision: 'current' | 'update' }
  /** `why`: finished pods are told of; the others only go. */
  | { do: 'delete'; pod: Pod; why: 'failed' | 'succeeded' | 'scaled' | 'updated' }
  /** Claims that a waiting pod needs may be missing. */
  | { do: 'claims'; ordinal: number }
  | { do: 'repair'; pod: Pod; ordinal: number };

export interface Revisions {
  current: string;
  update: string;
}

const revisionOf = (pod: Pod): string => pod.metadata.labels?.[revisionLabel] ?? '';
const isRunningAndReady = (pod: Pod): boolean => pod.status?.phase === 'Running' && isReady(pod);

interface Place {
  ordinal: number;
  pod: Pod | undefined;
}

function sorted(set: StatefulSet, pods: readonly Pod[]): { places: Place[]; condemned: Place[] } {
  const start = startOrdinal(set);
  const places: Place[] = Array.from({ length: replicasOf(set) }, (_, index) => ({
    ordinal: start + index,
    pod: undefined,
  }));
  const condemned: Place[] = [];
  for (const pod of pods) {
    const ordinal = ordinalOf(set, pod);
    if (ordinal === undefined) continue;
    const place = places[ordinal - start];
    if (place) place.pod = pod;
    else condemned.push({ ordinal, pod });
  }
  return { places, condemned: condemned.sort((a, b) => b.ordinal - a.ordinal) };
}

export function planSteps(set: StatefulSet, pods: readonly Pod[], revisions: Revisions, now: number): Step[] {
  const { places, condemned } = sorted(set, pods);
  const ordered = set.spec.podManagementPolicy !== 'Parallel';
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const healthy = (pod: Pod) => isRunningAndReady(pod) && isAvailable(pod, minReadySeconds, now) && !isTerminating(pod);
  const steps: Step[] = [];
  for (const { ordinal, pod } of places) {
    if (!pod) {
      steps.push({ do: 'create', ordinal, revision: revisionFor(set, ordinal, revisions) });
      if (ordered) return steps;
      continue;
    }
    if (isFinished(pod)) {
      // Its successor has the same name, so it is made when this one is gone.
      if (!isTerminating(pod)) {
        steps.push({ do: 'delete', pod, why: pod.status?.phase === 'Failed' ? 'failed' : 'succeeded' });
      }
      return steps;
    }
    if (pod.status?.phase === 'Pending' || !pod.status?.phase) steps.push({ do: 'claims', ordinal });
    if (ordered && !healthy(pod)) return steps;
    if (!isTerminating(pod) && !isItself(set, pod, ordinal)) steps.push({ do: 'repair', pod, ordinal });
  }
  const firstUnhealthy = [...places, ...condemned].find(({ pod }) => pod && !healthy(pod))?.pod;
  for (const { pod } of condemned) {
    if (!pod) continue;
    if (isTerminating(pod)) {
      if (ordered) return steps;
      continue;
    }
    if (ordered && !healthy(pod) && pod !== firstUnhealthy) return steps;
    steps.push({ do: 'delete', pod, why: 'scaled' });
    if (ordered) return steps;
  }
  if (set.spec.updateStrategy?.type === 'OnDelete') return steps;
  return [...steps, ...updateSteps(set, places, revisions, healthy)];
}

/** Below the partition, and while an update goes on from the top, ordinals keep the old template. */
function revisionFor(set: StatefulSet, ordinal: number, { current, update }: Revisions): 'current' | 'update' {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
  if (current === update || (type !== undefined && type !== 'RollingUpdate')) return 'update';
  const start = startOrdinal(set);
  const kept = rollingUpdate?.partition === undefined ? (set.status?.currentReplicas ?? 0) : rollingUpdate.partition;
  return ordinal < start + kept ? 'current' : 'update';
}

/** From the highest ordinal down to the partition, as many as may be missing at a time. */
function updateSteps(
  set: StatefulSet,
  places: readonly Place[],
  { update }: Revisions,
  healthy: (pod: Pod) => boolean,
): Step[] {
  const { partition = 0, maxUnavailable = 1 } = set.spec.updateStrategy?.rollingUpdate ?? {};
  const most = Math.max(1, scaledValue(maxUnavailable, replicasOf(set), 'up'));
  const steps: Step[] = [];
  let missing = 0;
  for (const { pod } of places.slice(partition).reverse()) {
    if (missing >= most) return steps;
    if (!pod) {
      missing++;
      continue;
    }
    if (revisionOf(pod) !== update && !isTerminating(pod)) {
      steps.push({ do: 'delete', pod, why: 'updated' });
      missing++;
    } else if (!healthy(pod)) missing++;
  }
  return steps;
}

export function statefulSetStatus(
  set: StatefulSet,
  pods: readonly Pod[],
  revisions: Revisions & { collisionCount: number },
  now: number,
): StatefulSetStatus {
  const minReadySeconds = set.spec.minReadySeconds ?? 0;
  const own = pods.filter((pod) => ordinalOf(set, pod) !== undefined);
  const ready = own.filter(isRunningAndReady);
  const staying = own.filter((pod) => !isTerminating(pod));
  const replicas = own.length;
  const readyReplicas = ready.length;
  const updatedReplicas = staying.filter((pod) => revisionOf(pod) === revisions.update).length;
  let currentReplicas = staying.filter((pod) => revisionOf(pod) === revisions.current).length;
  let currentRevision = revisions.current;
  const rolling = (set.spec.updateStrategy?.type ?? 'RollingUpdate') === 'RollingUpdate';
  // Like completeRollingUpdate: what was new is now what there is.
  if (rolling && updatedReplicas === replicas && readyReplicas === replicas) {
    currentReplicas = updatedReplicas;
    currentRevision = revisions.update;
  }
  const { conditions } = set.status ?? {};
  return {
    replicas,
    availableReplicas: ready.filter((pod) => isAvailable(pod, minReadySeconds, now)).length,
    ...(readyReplicas && { readyReplicas }),
    ...(currentReplicas && { currentReplicas }),
    ...(updatedReplicas && { updatedReplicas }),
    currentRevision,
    updateRevision: revisions.update,
    ...(set.metadata.generation && { observedGeneration: set.metadata.generation }),
    collisionCount: revisions.collisionCount,
    ...(conditions && { conditions }),
  };
}
