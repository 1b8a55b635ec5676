/** Which pods a DaemonSet creates and deletes, and its status. Pure. */
// Like pkg/controller/daemon: podsShouldBeOnNode, rollingUpdate, updateDaemonSetStatus.
import { isAvailable, isReady, isTerminating, type Pod } from '../runtime/pod.ts';
import type { Node } from '../node-lifecycle/node.ts';
import {
  generationLabel,
  hashLabel,
  nodeWants,
  surgeOf,
  targetNode,
  templateGeneration,
  type DaemonSet,
  type DaemonSetStatus,
} from './daemon-set.ts';

export interface DaemonPlan {
  createOn: string[];
  delete: Pod[];
  /** Pods that ended and make room for a successor, with what is told of them. */
  ended: { pod: Pod; node: string }[];
}

export interface DaemonState {
  set: DaemonSet;
  nodes: readonly Node[];
  pods: readonly Pod[];
  hash: string;
  now: number;
}

const oldestFirst = (a: Pod, b: Pod): number => {
  const scheduled = Number(!a.spec.nodeName) - Number(!b.spec.nodeName);
  if (scheduled) return scheduled;
  const created = (pod: Pod) => pod.metadata.creationTimestamp ?? '';
  return created(a) < created(b) ? -1 : created(a) > created(b) ? 1 : 0;
};

export const byNode = (pods: readonly Pod[]): Map<string, Pod[]> => Map.groupBy(pods, (pod) => targetNode(pod) ?? '');

function isUpdated({ set, hash }: DaemonState, { metadata: { labels } }: Pod): boolean {
  const generation = templateGeneration(set);
  return (
    (generation !== undefined && labels?.[generationLabel] === generation && !hash) ||
    (hash !== '' && labels?.[hashLabel] === hash)
  );
}

const available = ({ set, now }: DaemonState, pod: Pod): boolean =>
  isAvailable(pod, set.spec.minReadySeconds ?? 0, now);

/** What each node lacks or has too much of, whatever the template. */
export function planNodes(state: DaemonState): DaemonPlan {
  const { set, nodes, pods } = state;
  const plan: DaemonPlan = { createOn: [], delete: [], ended: [] };
  const placed = byNode(pods);
  const { maxSurge } = surgeOf(set, nodes.length);
  for (const node of nodes) {
    const name = node.metadata.name ?? '';
    const here = placed.get(name) ?? [];
    const { run, keep } = nodeWants(set, node);
    if (run && here.length === 0) plan.createOn.push(name);
    else if (!keep) plan.delete.push(...here.filter((pod) => !isTerminating(pod)));
    else planKept(state, name, here, maxSurge > 0, plan);
  }
  const known = new Set(nodes.map(({ metadata }) => metadata.name));
  plan.delete.push(...pods.filter((pod) => !pod.spec.nodeName && !known.has(targetNode(pod)) && !isTerminating(pod)));
  return plan;
}

function planKept(state: DaemonState, node: string, here: readonly Pod[], surges: boolean, plan: DaemonPlan): void {
  const running: Pod[] = [];
  for (const pod of here) {
    if (isTerminating(pod)) continue;
    if (pod.status?.phase === 'Failed' || pod.status?.phase === 'Succeeded') plan.ended.push({ pod, node });
    else running.push(pod);
  }
  running.sort(oldestFirst);
  if (!surges) {
    plan.delete.push(...running.slice(1));
    return;
  }
  // With surge an old and a new pod live together until the new one is available.
  const [oldest] = running.filter((pod) => !isUpdated(state, pod));
  const [newest] = running.filter((pod) => isUpdated(state, pod));
  plan.delete.push(...running.filter((pod) => pod !== oldest && pod !== newest));
}

/** The next step of a rolling update. */
export function planUpdate(state: DaemonState): Pick<DaemonPlan, 'createOn' | 'delete'> {
  const desired = state.nodes.filter((node) => nodeWants(state.set, node).run);
  const { maxSurge, maxUnavailable } = surgeOf(state.set, desired.length);
  const placed = byNode(state.pods);
  const states = desired.map(({ metadata: { name = '' } }) => {
    const alive = (placed.get(name) ?? []).filter((pod) => !isTerminating(pod));
    const updated = alive.filter((pod) => isUpdated(state, pod));
    const old = alive.filter((pod) => !isUpdated(state, pod));
    return { name, updated: updated[0], old: old[0], clear: updated.length <= 1 && old.length <= 1 };
  });
  return maxSurge > 0 ? surgeStep(state, states, maxSurge) : replaceStep(state, states, maxUnavailable);
}

interface NodeState {
  name: string;
  updated: Pod | undefined;
  old: Pod | undefined;
  clear: boolean;
}

function replaceStep(state: DaemonState, nodes: readonly NodeState[], maxUnavailable: number) {
  let unavailable = 0;
  const free: Pod[] = [];
  const candidates: Pod[] = [];
  for (const { updated, old, clear } of nodes) {
    if (!clear || (updated && old) || (!updated && !old)) unavailable++;
    else if (updated) unavailable += available(state, updated) ? 0 : 1;
    else if (old && !available(state, old)) {
      // It serves nobody: replacing it makes nothing worse.
      free.push(old);
      unavailable++;
    } else if (old) candidates.push(old);
  }
  return { createOn: [], delete: [...free, ...candidates.slice(0, Math.max(0, maxUnavailable - unavailable))] };
}

function surgeStep(state: DaemonState, nodes: readonly NodeState[], maxSurge: number) {
  let surging = 0;
  const free: string[] = [];
  const candidates: string[] = [];
  const going: Pod[] = [];
  for (const { name, updated, old, clear } of nodes) {
    if (!clear || !old) {
      if (!clear) surging++;
    } else if (!updated) (available(state, old) ? candidates : free).push(name);
    else if (available(state, updated)) going.push(old);
    else surging++;
  }
  return { createOn: [...free, ...candidates.slice(0, Math.max(0, maxSurge - surging))], delete: going };
}

export function daemonSetStatus(state: DaemonState): DaemonSetStatus {
  const { set, nodes, pods } = state;
  const placed = byNode(pods);
  const count = { current: 0, misscheduled: 0, desired: 0, ready: 0, available: 0, updated: 0 };
  for (const node of nodes) {
    const [pod] = (placed.get(node.metadata.name ?? '') ?? []).sort(oldestFirst);
    if (!nodeWants(set, node).run) {
      if (pod) count.misscheduled++;
      continue;
    }
    count.desired++;
    if (!pod) continue;
    count.current++;
    if (isReady(pod)) {
      count.ready++;
      if (available(state, pod)) count.available++;
    }
    if (isUpdated(state, pod)) count.updated++;
  }
  const unavailable = count.desired - count.available;
  const { collisionCount, conditions } = set.status ?? {};
  return {
    currentNumberScheduled: count.current,
    numberMisscheduled: count.misscheduled,
    desiredNumberScheduled: count.desired,
    numberReady: count.ready,
    ...(set.metadata.generation && { observedGeneration: set.metadata.generation }),
    ...(count.updated && { updatedNumberScheduled: count.updated }),
    ...(count.available && { numberAvailable: count.available }),
    ...(unavailable && { numberUnavailable: unavailable }),
    ...(collisionCount !== undefined && { collisionCount }),
    ...(conditions && { conditions }),
  };
}
