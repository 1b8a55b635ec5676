/** Finds the node for one pod, or says why there is none. Pure: looks at the state, changes nothing. */
// Like scheduler/schedule_one.go schedulePod.
import { interPodAffinity } from './filters/inter-pod-affinity.ts';
import {
  nodeAffinity,
  nodeName,
  nodePorts,
  nodeResourcesFit,
  nodeUnschedulable,
  taintToleration,
} from './filters/node-filters.ts';
import { podTopologySpread } from './filters/pod-topology-spread.ts';
import { volumeBinding } from './filters/volume-binding.ts';
import { volumeRestrictions } from './filters/volume-restrictions.ts';
import type { Filter, NodeFilter, Refusal, Score, Surroundings } from './framework.ts';
import type { NodeInfo, PodFacts } from './node-info.ts';
import {
  balancedAllocation,
  imageLocality,
  leastAllocated,
  preferredNodes,
  preferredTaints,
} from './scores/node-scores.ts';
import { evenSpread, preferredPods } from './scores/pod-scores.ts';

/** In upstream's order: a node is refused for the first reason that applies. */
export const filters: readonly Filter[] = [
  nodeUnschedulable,
  nodeName,
  taintToleration,
  nodeAffinity,
  nodePorts,
  nodeResourcesFit,
  volumeRestrictions,
  volumeBinding,
  podTopologySpread,
  interPodAffinity,
];

const scores: readonly Score[] = [
  preferredTaints,
  preferredNodes,
  evenSpread,
  preferredPods,
  leastAllocated,
  balancedAllocation,
  imageLocality,
];

/** What the filters said of a pod before any node was asked. */
export interface PodFilter {
  impossible?: string;
  only?: ReadonlySet<string>;
  onlyBy?: string;
  refuse: NodeFilter;
}

export function prepareFilters(pod: PodFacts, surroundings: Surroundings): PodFilter {
  const checks: NodeFilter[] = [];
  let only: ReadonlySet<string> | undefined;
  let onlyBy: string | undefined;
  for (const { name, prepare } of filters) {
    const prepared = prepare(pod, surroundings);
    if (!prepared) continue;
    if ('impossible' in prepared) return { impossible: prepared.impossible, refuse: () => undefined };
    checks.push(prepared.filter);
    if (prepared.only) [only, onlyBy] = [prepared.only, name];
  }
  return {
    ...(only && { only }),
    ...(onlyBy && { onlyBy }),
    refuse(node) {
      for (const check of checks) {
        const refusal = check(node);
        if (refusal) return refusal;
      }
      return undefined;
    },
  };
}

export type Outcome =
  | { node: NodeInfo }
  /** Why no node will do: per node, or once for all. */
  | { refusals: ReadonlyMap<NodeInfo, Refusal>; impossible?: string };

export interface ScheduleOptions {
  surroundings: Surroundings;
  /** Where in the list of nodes to begin, so that all get their turn in large clusters. */
  start: number;
  random(): number;
  /** The node this pod made room on earlier. */
  nominated?: NodeInfo | undefined;
  /** The node as it will be when pods that were promised room there have come. */
  expected(node: NodeInfo): NodeInfo;
}

const allUpTo = 100;

/** How many nodes that will do are enough to choose from. */
// Like numFeasibleNodesToFind.
export function enoughNodes(count: number): number {
  if (count <= allUpTo) return count;
  const percentage = Math.max(5, 50 - Math.floor(count / 125));
  return Math.max(allUpTo, Math.floor((count * percentage) / 100));
}

export function schedulePod(pod: PodFacts, options: ScheduleOptions): Outcome {
  const { surroundings, nominated, expected } = options;
  const { nodes } = surroundings;
  const prepared = prepareFilters(pod, surroundings);
  const refusals = new Map<NodeInfo, Refusal>();
  if (prepared.impossible !== undefined) return { refusals, impossible: prepared.impossible };
  const refusalOf = (node: NodeInfo): Refusal | undefined => {
    if (prepared.only && !prepared.only.has(node.name)) {
      return { reasons: [`node(s) didn't satisfy plugin(s) [${prepared.onlyBy}]`], final: true };
    }
    const later = expected(node);
    return (later === node ? undefined : prepared.refuse(later)) ?? prepared.refuse(node);
  };
  if (nominated && !refusalOf(nominated)) return { node: nominated };
  const feasible: NodeInfo[] = [];
  const enough = enoughNodes(nodes.length);
  for (let step = 0; step < nodes.length && feasible.length < enough; step++) {
    const node = nodes[(options.start + step) % nodes.length];
    const refusal = node && refusalOf(node);
    if (refusal) refusals.set(node, refusal);
    else if (node) feasible.push(node);
  }
  const node = best(pod, feasible, options);
  return node ? { node } : { refusals };
}

/** The node with most points; of several one at random. */
function best(pod: PodFacts, feasible: readonly NodeInfo[], { surroundings, random }: ScheduleOptions) {
  if (feasible.length <= 1) return feasible[0];
  const prepared = scores.flatMap(({ weight, prepare }) => {
    const points = prepare(pod, feasible, surroundings);
    return points ? [{ weight, points }] : [];
  });
  let chosen: NodeInfo | undefined;
  let most = -1;
  let ties = 0;
  for (const node of feasible) {
    let sum = 0;
    for (const { weight, points } of prepared) sum += weight * points(node);
    if (sum > most) [chosen, most, ties] = [node, sum, 1];
    else if (sum === most && random() < 1 / ++ties) chosen = node;
  }
  return chosen;
}
