/** How many more pods of a kind the nodes would take. Pure. */
// Upstream asks for pods whether they fit or not; why Naru does not: docs/decisions.
import type { Node } from '../node-lifecycle/node.ts';
import { isFinished, isTerminating, type Pod } from '../runtime/pod.ts';
import { ClusterState } from '../scheduler/cluster-state.ts';
import { histogram } from '../scheduler/failure-message.ts';
import { interPodAffinity } from '../scheduler/filters/inter-pod-affinity.ts';
import {
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  nodeUnschedulable,
  taintToleration,
} from '../scheduler/filters/node-filters.ts';
import { podTopologySpread } from '../scheduler/filters/pod-topology-spread.ts';
import type { Filter, Refusal, Surroundings } from '../scheduler/framework.ts';
import { podFacts } from '../scheduler/node-info.ts';

/** Volumes are left out: a claim of each pod's own is made with it. */
const filters: readonly Filter[] = [
  nodeUnschedulable,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  podTopologySpread,
  interPodAffinity,
];

export interface Cluster {
  nodes: readonly Node[];
  pods: readonly Pod[];
  labelsOfNamespace(name: string): Record<string, string> | undefined;
}

export interface Room {
  /** At most as many as were asked for. */
  pods: number;
  /** What lacks for one more, in the scheduler's words: `1 Insufficient cpu`. */
  lacks: string;
}

/** `wanted` copies of `like` are put on the nodes in thought, one after the other. */
export function roomFor(like: Pod, wanted: number, cluster: Cluster): Room {
  const state = stateOf(like, cluster);
  let start = 0;
  for (let placed = 0; placed < wanted; placed++) {
    const { nodeName: _placed, ...spec } = like.spec;
    const pod: Pod = { metadata: { ...like.metadata, name: `${placed}`, uid: `${placed}` }, spec };
    const [found, refusals] = findNode(pod, state, cluster, start);
    if (found === undefined) return { pods: placed, lacks: histogram(refusals) || 'there are no nodes' };
    state.place(pod, state.nodes[found]?.name ?? '');
    start = found;
  }
  return { pods: wanted, lacks: '' };
}

// Pods that go make room, and so do those that the scheduler would take away for this one.
function stateOf(like: Pod, { nodes, pods }: Cluster): ClusterState {
  const state = new ClusterState();
  for (const node of nodes) state.setNode(node);
  const mayPreempt = like.spec.preemptionPolicy !== 'Never';
  const outranked = (pod: Pod) => mayPreempt && (pod.spec.priority ?? 0) < (like.spec.priority ?? 0);
  for (const pod of pods) {
    const { nodeName } = pod.spec;
    if (nodeName && !isFinished(pod) && !isTerminating(pod) && !outranked(pod)) state.place(pod, nodeName);
  }
  return state;
}

const noVolumes = {
  claim: () => undefined,
  volume: () => undefined,
  volumes: () => [],
  storageClass: () => undefined,
  promisedVolumes: new Set<string>(),
  promisedNode: () => undefined,
  podsUsing: () => [],
};

/** The index of a node that takes the pod; those before `start` were full already. */
function findNode(
  pod: Pod,
  state: ClusterState,
  { labelsOfNamespace }: Cluster,
  start: number,
): [found: number | undefined, refusals: Refusal[]] {
  const facts = podFacts(pod);
  const surroundings: Surroundings = {
    ...noVolumes,
    nodes: state.nodes,
    labelsOfNamespace,
    hasAffinity: state.hasAffinity,
    hasRequiredAntiAffinity: state.hasRequiredAntiAffinity,
    placeOf: (uid) => state.placeOf(uid),
  };
  const checks = filters.flatMap(({ prepare }) => {
    const prepared = prepare(facts, surroundings);
    if (!prepared) return [];
    if ('impossible' in prepared) return [() => ({ reasons: [prepared.impossible], final: true })];
    return [prepared.filter];
  });
  const refusals: Refusal[] = [];
  const count = state.nodes.length;
  for (let step = 0; step < count; step++) {
    const index = (start + step) % count;
    const node = state.nodes[index];
    if (!node) continue;
    const refusal = checks.map((check) => check(node)).find((one) => one !== undefined);
    if (!refusal) return [index, []];
    refusals.push(refusal);
  }
  return [undefined, refusals];
}
