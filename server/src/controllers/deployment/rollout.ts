/** The state of one Deployment while a reconcile works on it, and the writes that change it. */
import { hasReason, isAlreadyExists, isNotFound } from '@naru/api/status';
import { conditionOf, withCondition } from '../runtime/condition.ts';
import type { ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { controllerReference, isControlledBy } from '../runtime/owners.ts';
import { isNamespaceTerminating } from '../runtime/pod-control.ts';
import { deployments, replicaSets } from '../runtime/resources.ts';
import { replicasOf, type ReplicaSet } from '../replica-set/replica-set.ts';
import { newSetAnnotations, sizeAnnotations } from './annotations.ts';
import { hashLabel, historyLimit, progressDeadline, revisionAnnotation, type Deployment } from './deployment.ts';
import { progressing } from './progress.ts';
import { findNewSet, maxRevision, revisionOf, sameTemplate, specReplicas } from './replica-sets.ts';
import { newSetSize, type Resize } from './rolling-update.ts';
import { templateHash } from './template-hash.ts';

export interface Rollout {
  context: ControllerContext;
  /** Renewed with every write. */
  deployment: Deployment;
  newSet: ReplicaSet | undefined;
  old: ReplicaSet[];
}

export const allSets = ({ newSet, old }: Rollout): ReplicaSet[] => (newSet ? [...old, newSet] : old);

const longestName = 253;

export async function writeStatus(rollout: Rollout, deployment: Deployment): Promise<void> {
  if (equalJson(deployment, rollout.deployment)) return;
  rollout.deployment = await rollout.context.client.for<Deployment>(deployments).updateStatus(deployment);
}

/** Tells new set from old ones, and brings the revision of both Deployment and new set up to date. */
// Like getAllReplicaSetsAndSyncRevision.
export async function sortOut(
  context: ControllerContext,
  deployment: Deployment,
  sets: readonly ReplicaSet[],
): Promise<Rollout> {
  const found = findNewSet(deployment, sets);
  const old = sets.filter((set) => set.metadata.uid !== found?.metadata.uid);
  const rollout: Rollout = { context, deployment, newSet: found, old };
  if (found) await syncRevision(rollout, found);
  return rollout;
}

async function syncRevision(rollout: Rollout, set: ReplicaSet): Promise<void> {
  const { context, deployment, old } = rollout;
  const annotations = newSetAnnotations(deployment, set, maxRevision(old) + 1);
  const minReadySeconds = deployment.spec.minReadySeconds ?? 0;
  const { minReadySeconds: current = 0, ...spec } = set.spec;
  if (!equalJson(annotations, set.metadata.annotations ?? {}) || current !== minReadySeconds) {
    rollout.newSet = await context.client.for<ReplicaSet>(replicaSets).update({
      ...set,
      metadata: { ...set.metadata, annotations },
      spec: { ...spec, ...(minReadySeconds && { minReadySeconds }) },
    });
    return;
  }
  const message = `Found new replica set ${JSON.stringify(set.metadata.name)}`;
  const noted = withRevision(deployment, revisionOf(set));
  const unknown =
    progressDeadline(deployment) !== undefined && !conditionOf(deployment.status?.conditions, 'Progressing');
  await writeStatus(rollout, unknown ? withProgressing(noted, 'True', 'FoundNewReplicaSet', message, context) : noted);
}

const withRevision = (deployment: Deployment, revision: number): Deployment => ({
  ...deployment,
  metadata: {
    ...deployment.metadata,
    annotations: { ...deployment.metadata.annotations, [revisionAnnotation]: String(revision) },
  },
});

export const withProgressing = (
  deployment: Deployment,
  status: 'True' | 'False' | 'Unknown',
  reason: string,
  message: string,
  { clock }: ControllerContext,
): Deployment => ({
  ...deployment,
  status: {
    ...deployment.status,
    conditions: withCondition(deployment.status?.conditions, progressing(status, reason, message, clock.now())),
  },
});

/** Creates the new set if there is none. Throws when it cannot; the Deployment then says why. */
export async function createNewSet(rollout: Rollout): Promise<void> {
  if (rollout.newSet) return;
  const { context, deployment, old } = rollout;
  const { client, events } = context;
  const set = newSet(deployment, old);
  const name = set.metadata.name ?? '';
  let created: ReplicaSet;
  let isNew = true;
  try {
    created = await client.for<ReplicaSet>(replicaSets).create(set);
  } catch (error) {
    if (!isAlreadyExists(error)) return failed(rollout, name, error);
    created = await existing(rollout, set, error);
    isNew = false;
  }
  rollout.newSet = created;
  if (isNew && replicasOf(created) > 0) {
    const message = `Scaled up replica set ${name} from 0 to ${replicasOf(created)}`;
    events.event(deployment, deployments, 'Normal', 'ScalingReplicaSet', message);
  }
  const noted = withRevision(rollout.deployment, revisionOf(created));
  const message = `Created new replica set ${JSON.stringify(name)}`;
  const judged = isNew && progressDeadline(deployment) !== undefined;
  await writeStatus(rollout, judged ? withProgressing(noted, 'True', 'NewReplicaSetCreated', message, context) : noted);
}

function newSet(deployment: Deployment, old: readonly ReplicaSet[]): ReplicaSet {
  const { template, selector, minReadySeconds } = deployment.spec;
  const hash = templateHash(template, deployment.status?.collisionCount);
  const labels = { ...template.metadata?.labels, [hashLabel]: hash };
  const { name = '', namespace } = deployment.metadata;
  const set: ReplicaSet = {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${name.slice(0, longestName - hash.length - 1)}-${hash}`,
      ...(namespace && { namespace }),
      labels,
      ownerReferences: [controllerReference(deployment, deployments)],
    },
    spec: {
      replicas: newSetSize(deployment, 0, specReplicas(old)),
      ...(minReadySeconds && { minReadySeconds }),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [hashLabel]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  };
  const annotations = { ...newSetAnnotations(deployment, set, maxRevision(old) + 1), ...sizeAnnotations(deployment) };
  return { ...set, metadata: { ...set.metadata, annotations } };
}

/** The set that has the name already: our own, made a moment ago; else a collision, which changes the next hash. */
async function existing(rollout: Rollout, wanted: ReplicaSet, error: unknown): Promise<ReplicaSet> {
  const { context, deployment } = rollout;
  const { name = '', namespace } = wanted.metadata;
  const found = await context.client.for<ReplicaSet>(replicaSets).get(name, namespace);
  if (isControlledBy(found, deployment) && sameTemplate(found.spec.template, deployment.spec.template)) return found;
  const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
  await writeStatus(rollout, { ...deployment, status: { ...deployment.status, collisionCount } });
  throw error;
}

async function failed(rollout: Rollout, name: string, error: unknown): Promise<never> {
  if (isNamespaceTerminating(error) || hasReason(error, 'Conflict')) throw error;
  const { context, deployment } = rollout;
  const message = `Failed to create new replica set ${JSON.stringify(name)}: ${(error as Error).message}`;
  if (progressDeadline(deployment) !== undefined) {
    const told = withProgressing(deployment, 'False', 'ReplicaSetCreateError', message, context);
    // The failure to create matters more than a failure to say so.
    await writeStatus(rollout, told).catch(() => {});
  }
  context.events.event(deployment, deployments, 'Warning', 'ReplicaSetCreateError', message);
  throw error;
}

/** Gives a set its size and renews its notes; tells of it when the size changes. True when it did. */
export async function resize(rollout: Rollout, { set, replicas }: Resize): Promise<boolean> {
  const { context, deployment } = rollout;
  const annotations = { ...set.metadata.annotations, ...sizeAnnotations(deployment) };
  const current = replicasOf(set);
  if (current === replicas && equalJson(annotations, set.metadata.annotations)) return false;
  const updated = await context.client.for<ReplicaSet>(replicaSets).update({
    ...set,
    metadata: { ...set.metadata, annotations },
    spec: { ...set.spec, replicas },
  });
  if (rollout.newSet?.metadata.uid === set.metadata.uid) rollout.newSet = updated;
  else rollout.old = rollout.old.map((one) => (one.metadata.uid === set.metadata.uid ? updated : one));
  if (current === replicas) return false;
  const message = `Scaled ${current < replicas ? 'up' : 'down'} replica set ${set.metadata.name} from ${current} to ${replicas}`;
  context.events.event(deployment, deployments, 'Normal', 'ScalingReplicaSet', message);
  return true;
}

/** Deletes old sets beyond the history that is kept; never one that has or may still get pods. */
// Like cleanupDeployment.
export async function forgetHistory({ context, deployment, old }: Rollout): Promise<void> {
  const limit = historyLimit(deployment);
  if (limit === undefined) return;
  const candidates = old.filter((set) => !set.metadata.deletionTimestamp).sort((a, b) => revisionOf(a) - revisionOf(b));
  for (const set of candidates.slice(0, Math.max(0, candidates.length - limit))) {
    const seen = (set.status?.observedGeneration ?? 0) >= (set.metadata.generation ?? 0);
    if (set.status?.replicas || replicasOf(set) !== 0 || !seen) continue;
    const { name = '', namespace } = set.metadata;
    await context.client
      .for(replicaSets)
      .delete(name, namespace)
      .catch((error: unknown) => {
        if (!isNotFound(error)) throw error;
      });
  }
}
