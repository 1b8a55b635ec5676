/** A Deployment's ReplicaSets: sums, order, and which is which. */
import { conditionOf } from '../runtime/condition.ts';
import { equalJson } from '../runtime/equal-json.ts';
import type { PodTemplate } from '../runtime/pod.ts';
import { replicasOf, type ReplicaSet } from '../replica-set/replica-set.ts';
import { hashLabel, revisionAnnotation, type Deployment } from './deployment.ts';

export const specReplicas = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + replicasOf(set), 0);

export const actualReplicas = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + (set.status?.replicas ?? 0), 0);

export const sumOf = (sets: readonly ReplicaSet[], field: 'readyReplicas' | 'availableReplicas'): number =>
  sets.reduce((sum, set) => sum + (set.status?.[field] ?? 0), 0);

export const isActiveSet = (set: ReplicaSet): boolean => replicasOf(set) > 0;

export function byCreation(a: ReplicaSet, b: ReplicaSet): number {
  const [first, second] = [a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? ''];
  if (first !== second) return first < second ? -1 : 1;
  return (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
}

/** 0 when the annotation is missing or no number. */
export const revisionOf = (set: ReplicaSet): number => {
  const revision = Number(set.metadata.annotations?.[revisionAnnotation] ?? 0);
  return Number.isSafeInteger(revision) ? revision : 0;
};

export const maxRevision = (sets: readonly ReplicaSet[]): number => Math.max(0, ...sets.map(revisionOf));

/** Templates are the same but for the hash label, which the controller adds itself. */
// Like deploymentutil.EqualIgnoreHash.
export function sameTemplate(a: PodTemplate, b: PodTemplate): boolean {
  const bare = ({ metadata, spec }: PodTemplate) => {
    const { [hashLabel]: _, ...labels } = metadata?.labels ?? {};
    const { annotations = {}, finalizers = [] } = metadata ?? {};
    return { labels, annotations, finalizers, spec };
  };
  return equalJson(bare(a), bare(b));
}

/** The set whose template is the Deployment's; of several the oldest. */
export const findNewSet = (deployment: Deployment, sets: readonly ReplicaSet[]): ReplicaSet | undefined =>
  [...sets].sort(byCreation).find(({ spec }) => sameTemplate(spec.template, deployment.spec.template));

/** Whether the set serves all wished pods, as it was told how many those are. */
export function isSaturated(deployment: Deployment, set: ReplicaSet | undefined, desired: number | undefined): boolean {
  const wished = replicasOf(deployment);
  return (
    set !== undefined && replicasOf(set) === wished && desired === wished && set.status?.availableReplicas === wished
  );
}

/** Why a set cannot create pods; the newest set's reason first. */
export function replicaFailure(newSet: ReplicaSet | undefined, sets: readonly ReplicaSet[]) {
  for (const set of newSet ? [newSet, ...sets] : sets) {
    const failure = conditionOf(set.status?.conditions, 'ReplicaFailure');
    if (failure) return failure;
  }
  return undefined;
}
