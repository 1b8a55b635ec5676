/** The notes a Deployment leaves on its ReplicaSets: which revision, for how many pods. */
// Like deploymentutil.SetNewReplicaSetAnnotations and SetReplicasAnnotations.
import { replicasOf, type ReplicaSet } from '../replica-set/replica-set.ts';
import {
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
  maxSurgeOf,
  revisionAnnotation,
  revisionHistoryAnnotation,
  type Deployment,
} from './deployment.ts';
import { revisionOf } from './replica-sets.ts';

const longestHistory = 2000;

const notCopied = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'deprecated.deployment.rollback.to',
  revisionAnnotation,
  revisionHistoryAnnotation,
  desiredReplicasAnnotation,
  maxReplicasAnnotation,
]);

type Annotations = Record<string, string>;

/** The newest set's annotations: the Deployment's, and the revision if it is higher than the one noted. */
export function newSetAnnotations(deployment: Deployment, set: ReplicaSet, revision: number): Annotations {
  const current = set.metadata.annotations ?? {};
  const annotations: Annotations = { ...current };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!notCopied.has(key)) annotations[key] = value;
  }
  if (revisionOf(set) >= revision) return annotations;
  annotations[revisionAnnotation] = String(revision);
  // A set that had a revision and gets a higher one is being rolled back to.
  const former = current[revisionAnnotation];
  if (former !== undefined) addToHistory(annotations, former);
  return annotations;
}

function addToHistory(annotations: Annotations, revision: string): void {
  const former = annotations[revisionHistoryAnnotation];
  const revisions = former ? former.split(',') : [];
  while (revisions.length && [...revisions, revision].join(',').length > longestHistory) revisions.shift();
  annotations[revisionHistoryAnnotation] = [...revisions, revision].join(',');
}

export const sizeAnnotations = (deployment: Deployment): Annotations => ({
  [desiredReplicasAnnotation]: String(replicasOf(deployment)),
  [maxReplicasAnnotation]: String(replicasOf(deployment) + maxSurgeOf(deployment)),
});

function noted(set: ReplicaSet | undefined, annotation: string): number | undefined {
  const text = set?.metadata.annotations?.[annotation];
  const number = Number(text);
  return text !== undefined && Number.isInteger(number) ? number : undefined;
}

/** The number of pods the Deployment wished when it last touched the set. */
export const desiredReplicas = (set: ReplicaSet | undefined): number | undefined =>
  noted(set, desiredReplicasAnnotation);

export const maxReplicas = (set: ReplicaSet): number | undefined => noted(set, maxReplicasAnnotation);
