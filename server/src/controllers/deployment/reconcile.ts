/** Moves a Deployment's ReplicaSets towards its template and its number of pods. */
// Like pkg/controller/deployment.
import { defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { conditionOf } from '../runtime/condition.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { isEmptySelector, selectorMatches } from '../runtime/label-selector.ts';
import { claim, controllerOf, ownedKey } from '../runtime/owners.ts';
import { isFinished, type Pod } from '../runtime/pod.ts';
import { controlledBy, indexByController, orphansIn } from '../runtime/pods-by-controller.ts';
import { deployments, pods, replicaSets } from '../runtime/resources.ts';
import { replicasOf, type ReplicaSet } from '../replica-set/replica-set.ts';
import { desiredReplicas } from './annotations.ts';
import { isRollingUpdate, progressDeadline, type Deployment } from './deployment.ts';
import { isComplete, untilDeadline, withProgress } from './progress.ts';
import { scaledSets } from './proportional-scaling.ts';
import { actualReplicas, isActiveSet } from './replica-sets.ts';
import { resizeNewSet, shrinkOldSets } from './rolling-update.ts';
import {
  allSets,
  createNewSet,
  forgetHistory,
  resize,
  sortOut,
  withProgressing,
  writeStatus,
  type Rollout,
} from './rollout.ts';
import { deploymentStatus } from './status.ts';

export const deployment = defineController({
  name: 'deployment-controller',
  for: deployments,
  owns: [replicaSets],
  watches: [watching<ReplicaSet>(replicaSets, deploymentsWanting), watching<Pod>(pods, recreatedDeployments)],
  prepare({ informers }) {
    indexByController(informers.for<ReplicaSet>(replicaSets));
    indexByController(informers.for<Pod>(pods));
  },
  reconcile,
});

/** A set that nobody controls may be adopted by any Deployment that selects it. */
function* deploymentsWanting(set: ReplicaSet, { informers }: ControllerContext): Iterable<string> {
  if (controllerOf(set) || set.metadata.deletionTimestamp) return;
  const { namespace = '' } = set.metadata;
  for (const { spec, metadata } of informers.for<Deployment>(deployments).inNamespace(namespace)) {
    if (selectorMatches(spec.selector, set.metadata.labels)) yield `${namespace}/${metadata.name}`;
  }
}

/** The Recreate strategy waits for the last old pod to go. */
function* recreatedDeployments(pod: Pod, { informers }: ControllerContext): Iterable<string> {
  const [setKey] = ownedKey(pod, replicaSets);
  const set = setKey ? informers.for<ReplicaSet>(replicaSets).get(setKey) : undefined;
  for (const key of set ? ownedKey(set, deployments) : []) {
    const owner = informers.for<Deployment>(deployments).get(key);
    if (owner && !isRollingUpdate(owner)) yield key;
  }
}

async function reconcile(key: string, context: ControllerContext): Promise<{ after?: number | undefined } | void> {
  const { client, informers, events } = context;
  const deployment = informers.for<Deployment>(deployments).get(key);
  if (!deployment) return;
  if (isEmptySelector(deployment.spec.selector)) {
    const message = 'This deployment is selecting all pods. A non-empty selector is required.';
    events.event(deployment, deployments, 'Warning', 'SelectingAll', message);
    return;
  }
  const known = informers.for<ReplicaSet>(replicaSets);
  const { uid, namespace } = deployment.metadata;
  const sets = await claim<ReplicaSet>({
    client,
    owner: deployment,
    ownerResource: deployments,
    resource: replicaSets,
    candidates: [...controlledBy(known, uid), ...orphansIn(known, namespace)],
    matches: (set) => selectorMatches(deployment.spec.selector, set.metadata.labels),
  });
  const rollout = await advance(deployment, sets, context);
  return { after: untilDeadline(rollout.deployment, context.clock.now()) };
}

async function advance(
  deployment: Deployment,
  sets: readonly ReplicaSet[],
  context: ControllerContext,
): Promise<Rollout> {
  if (deployment.metadata.deletionTimestamp) {
    const rollout = await sortOut(context, deployment, sets);
    await syncStatus(rollout);
    return rollout;
  }
  const rollout = await sortOut(context, await notePause(deployment, context), sets);
  const scaled = allSets(rollout).some((set) => {
    const desired = desiredReplicas(set);
    return isActiveSet(set) && desired !== undefined && desired !== replicasOf(deployment);
  });
  if (deployment.spec.paused || scaled) await scale(rollout);
  else if (isRollingUpdate(deployment)) await rollForward(rollout);
  else await recreate(rollout);
  return rollout;
}

/** Notes pausing and resuming, so that the time between is not held against the deadline. */
// Like checkPausedConditions.
async function notePause(deployment: Deployment, context: ControllerContext): Promise<Deployment> {
  if (progressDeadline(deployment) === undefined) return deployment;
  const reason = conditionOf(deployment.status?.conditions, 'Progressing')?.reason;
  if (reason === 'ProgressDeadlineExceeded') return deployment;
  const noted = reason === 'DeploymentPaused';
  const paused = deployment.spec.paused ?? false;
  if (noted === paused) return deployment;
  const told = paused
    ? withProgressing(deployment, 'Unknown', 'DeploymentPaused', 'Deployment is paused', context)
    : withProgressing(deployment, 'Unknown', 'DeploymentResumed', 'Deployment is resumed', context);
  return context.client.for<Deployment>(deployments).updateStatus(told);
}

/** Changes sizes only, no templates: while paused, and when the wished number has changed. */
async function scale(rollout: Rollout): Promise<void> {
  for (const change of scaledSets(rollout.deployment, rollout.newSet, rollout.old)) await resize(rollout, change);
  if (rollout.deployment.spec.paused) await forgetHistory(rollout);
  await syncStatus(rollout);
}

async function rollForward(rollout: Rollout): Promise<void> {
  await createNewSet(rollout);
  const { newSet } = rollout;
  if (!newSet) return;
  const grow = resizeNewSet(rollout.deployment, allSets(rollout), newSet);
  if (grow && (await resize(rollout, grow))) return syncProgress(rollout);
  const shrinks = shrinkOldSets(rollout.deployment, rollout.old.filter(isActiveSet), newSet);
  for (const shrink of shrinks) await resize(rollout, shrink);
  if (shrinks.length === 0 && isComplete(rollout.deployment, rollout.deployment.status)) await forgetHistory(rollout);
  await syncProgress(rollout);
}

async function recreate(rollout: Rollout): Promise<void> {
  const active = rollout.old.filter(isActiveSet);
  for (const set of active) await resize(rollout, { set, replicas: 0 });
  if (active.length || oldPodsRun(rollout)) return syncProgress(rollout);
  await createNewSet(rollout);
  const { newSet } = rollout;
  const grow = newSet && resizeNewSet(rollout.deployment, allSets(rollout), newSet);
  if (grow) await resize(rollout, grow);
  if (isComplete(rollout.deployment, rollout.deployment.status)) await forgetHistory(rollout);
  await syncProgress(rollout);
}

function oldPodsRun({ old, context }: Rollout): boolean {
  if (actualReplicas(old) > 0) return true;
  const all = context.informers.for<Pod>(pods);
  return old.some((set) => controlledBy(all, set.metadata.uid).some((pod) => !isFinished(pod)));
}

async function syncStatus(rollout: Rollout): Promise<void> {
  const { deployment, newSet, old, context } = rollout;
  const status = deploymentStatus(deployment, newSet, old, context.clock.now());
  if (!equalJson(deployment.status, status)) await writeStatus(rollout, { ...deployment, status });
}

async function syncProgress(rollout: Rollout): Promise<void> {
  const { deployment, newSet, old, context } = rollout;
  const now = context.clock.now();
  const status = deploymentStatus(deployment, newSet, old, now);
  const judged = withProgress(deployment, status, newSet, allSets(rollout), now);
  if (!equalJson(deployment.status, judged)) await writeStatus(rollout, { ...deployment, status: judged });
}
