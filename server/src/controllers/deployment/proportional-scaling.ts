/** Which ReplicaSets change size when the wished number of pods changes in the middle of an update. Pure numbers. */
// Like DeploymentController.scale and deploymentutil.GetReplicaSetProportion.
import { replicasOf, type ReplicaSet } from '../replica-set/replica-set.ts';
import { desiredReplicas, maxReplicas } from './annotations.ts';
import { isRollingUpdate, maxSurgeOf, type Deployment } from './deployment.ts';
import { byCreation, isActiveSet, isSaturated, specReplicas } from './replica-sets.ts';
import type { Resize } from './rolling-update.ts';

/** The set that alone takes the change: the only active one, or the newest when none is. */
function onlySet(newSet: ReplicaSet | undefined, old: readonly ReplicaSet[]): ReplicaSet | undefined {
  const all = newSet ? [...old, newSet] : old;
  const active = all.filter(isActiveSet);
  if (active.length === 1) return active[0];
  if (active.length > 1) return undefined;
  return newSet ?? [...old].sort(byCreation).at(-1);
}

/** Every set that is to be touched; a size that stays the same still renews its notes. */
export function scaledSets(
  deployment: Deployment,
  newSet: ReplicaSet | undefined,
  old: readonly ReplicaSet[],
): Resize[] {
  const wished = replicasOf(deployment);
  const only = onlySet(newSet, old);
  if (only) return replicasOf(only) === wished ? [] : [{ set: only, replicas: wished }];
  if (isSaturated(deployment, newSet, desiredReplicas(newSet))) {
    return old.filter(isActiveSet).map((set) => ({ set, replicas: 0 }));
  }
  if (!isRollingUpdate(deployment)) return [];
  return proportions(deployment, (newSet ? [...old, newSet] : old).filter(isActiveSet));
}

function proportions(deployment: Deployment, sets: readonly ReplicaSet[]): Resize[] {
  const wished = replicasOf(deployment);
  const allowed = wished > 0 ? wished + maxSurgeOf(deployment) : 0;
  const toAdd = allowed - specReplicas(sets);
  const older = toAdd < 0 ? 1 : -1;
  const ordered = [...sets].sort((a, b) => replicasOf(b) - replicasOf(a) || older * byCreation(a, b));
  let added = 0;
  const resizes = ordered.map((set) => {
    const share = proportion(set, deployment, toAdd, added);
    added += share;
    return { set, replicas: replicasOf(set) + share };
  });
  const [largest] = resizes;
  if (largest && toAdd !== 0) largest.replicas = Math.max(0, largest.replicas + toAdd - added);
  return resizes;
}

function proportion(set: ReplicaSet, deployment: Deployment, toAdd: number, added: number): number {
  if (replicasOf(set) === 0 || toAdd === 0 || toAdd === added) return 0;
  const share = fraction(set, deployment);
  const left = toAdd - added;
  return toAdd > 0 ? Math.min(share, left) : Math.max(share, left);
}

function fraction(set: ReplicaSet, deployment: Deployment): number {
  const size = replicasOf(set);
  if (replicasOf(deployment) === 0) return -size;
  const before = maxReplicas(set) || deployment.status?.replicas;
  if (!before) return 0;
  const exact = (size * (replicasOf(deployment) + maxSurgeOf(deployment))) / before;
  return (exact < 0 ? Math.ceil(exact - 0.5) : Math.floor(exact + 0.5)) - size;
}
