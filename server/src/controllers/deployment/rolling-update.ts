/** How many pods each ReplicaSet has next during a rolling update. Pure numbers. */
// Like pkg/controller/deployment/rolling.go and deploymentutil.NewRSNewReplicas.
import { replicasOf, type ReplicaSet } from '../replica-set/replica-set.ts';
import { byCreation, specReplicas } from './replica-sets.ts';
import { isRollingUpdate, maxSurgeOf, maxUnavailableOf, type Deployment } from './deployment.ts';

export interface Resize {
  set: ReplicaSet;
  replicas: number;
}

/** The size the newest set may have now. `current`: its size; `all`: pods asked for by all sets together. */
export function newSetSize(deployment: Deployment, current: number, all: number): number {
  const wished = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return wished;
  const most = wished + maxSurgeOf(deployment);
  if (all >= most) return current;
  return current + Math.min(most - all, wished - current);
}

/** What the newest set is to become; undefined when it is right. */
export function resizeNewSet(deployment: Deployment, all: readonly ReplicaSet[], set: ReplicaSet): Resize | undefined {
  const wished = replicasOf(deployment);
  const current = replicasOf(set);
  if (current === wished) return undefined;
  const replicas = current > wished ? wished : newSetSize(deployment, current, specReplicas(all));
  return replicas === current ? undefined : { set, replicas };
}

/** What the old sets shrink to without endangering the wished availability; pods that are not available go first. */
export function shrinkOldSets(deployment: Deployment, old: readonly ReplicaSet[], newSet: ReplicaSet): Resize[] {
  if (specReplicas(old) === 0) return [];
  const least = replicasOf(deployment) - maxUnavailableOf(deployment);
  const newUnavailable = replicasOf(newSet) - (newSet.status?.availableReplicas ?? 0);
  const spare = specReplicas([...old, newSet]) - least - newUnavailable;
  if (spare <= 0) return [];

  const sizes = new Map(old.map((set) => [set, replicasOf(set)]));
  const ordered = [...old].sort(byCreation);
  take(ordered, sizes, spare, (set) => replicasOf(set) - (set.status?.availableReplicas ?? 0));
  const available = [...old, newSet].reduce((sum, set) => sum + (set.status?.availableReplicas ?? 0), 0);
  take(ordered, sizes, available - least, (_, size) => size);
  return ordered.flatMap((set) => {
    const replicas = sizes.get(set) ?? 0;
    return replicas === replicasOf(set) ? [] : [{ set, replicas }];
  });
}

/** Takes up to `budget` pods from the sets in order, from each no more than `most` allows. */
function take(
  ordered: readonly ReplicaSet[],
  sizes: Map<ReplicaSet, number>,
  budget: number,
  most: (set: ReplicaSet, size: number) => number,
): void {
  let left = budget;
  for (const set of ordered) {
    if (left <= 0) return;
    const size = sizes.get(set) ?? 0;
    const count = Math.min(left, size, most(set, size));
    if (count <= 0) continue;
    sizes.set(set, size - count);
    left -= count;
  }
}
