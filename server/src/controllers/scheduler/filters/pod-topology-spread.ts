/** Pods that are to be spread evenly over nodes, zones or other topologies. */
// Like scheduler plugins/podtopologyspread.
import type { LabelSelector } from '@naru/api/object';
import { isTolerated } from '../../node-lifecycle/node.ts';
import { labelsMatch, selectorMatches } from '../../runtime/label-selector.ts';
import { isTerminating, type Pod, type TopologySpreadConstraint } from '../../runtime/pod.ts';
import type { Filter, Surroundings } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';
import { anyTermMatches } from '../node-selector.ts';

const missingLabel = {
  reasons: ["node(s) didn't match pod topology spread constraints (missing required label)"],
  final: true,
};
const uneven = { reasons: ["node(s) didn't match pod topology spread constraints"], final: false };

export interface Constraint {
  topologyKey: string;
  maxSkew: number;
  minDomains: number;
  matches(pod: Pod): boolean;
  /** Whether the node's pods and its domain count. */
  includes(node: NodeInfo): boolean;
}

export function constraintFor(given: TopologySpreadConstraint, pod: Pod): Constraint {
  const { topologyKey, maxSkew, minDomains = 1, nodeAffinityPolicy = 'Honor', nodeTaintsPolicy = 'Ignore' } = given;
  const selector = withMatchLabelKeys(given, pod);
  const { nodeSelector, affinity, tolerations } = pod.spec;
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  return {
    topologyKey,
    maxSkew,
    minDomains,
    matches: ({ metadata }) =>
      metadata.namespace === pod.metadata.namespace && selectorMatches(selector, metadata.labels),
    includes(node) {
      if (nodeAffinityPolicy === 'Honor') {
        if (!labelsMatch(nodeSelector, node.labels) || (terms && !anyTermMatches(terms, node))) return false;
      }
      if (nodeTaintsPolicy !== 'Honor') return true;
      return !(node.node.spec?.taints ?? []).some(
        (taint) => (taint.effect === 'NoSchedule' || taint.effect === 'NoExecute') && !isTolerated(taint, tolerations),
      );
    },
  };
}

function withMatchLabelKeys({ labelSelector, matchLabelKeys = [] }: TopologySpreadConstraint, pod: Pod) {
  const labels = pod.metadata.labels ?? {};
  const added = matchLabelKeys.flatMap((key) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
    return value === undefined ? [] : [{ key, operator: 'In' as const, values: [value] }];
  });
  if (added.length === 0) return labelSelector;
  const selector: LabelSelector = labelSelector ?? {};
  return { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...added] };
}

const valueOf = ({ labels }: NodeInfo, key: string) => (Object.hasOwn(labels, key) ? labels[key] : undefined);

/** Matching pods per domain; nodes that lack one of the keys are no part of any. */
export function domainCounts(
  constraint: Constraint,
  keys: readonly string[],
  nodes: Surroundings['nodes'],
): Map<string, number> {
  const counts = new Map<string, number>();
  for (const node of nodes) {
    if (!keys.every((key) => valueOf(node, key) !== undefined) || !constraint.includes(node)) continue;
    const domain = valueOf(node, constraint.topologyKey) ?? '';
    let matching = 0;
    for (const { pod } of node.pods.values()) if (!isTerminating(pod) && constraint.matches(pod)) matching++;
    counts.set(domain, (counts.get(domain) ?? 0) + matching);
  }
  return counts;
}

export const podTopologySpread: Filter = {
  name: 'PodTopologySpread',
  prepare({ pod }, { nodes }) {
    const hard = (pod.spec.topologySpreadConstraints ?? []).filter(
      ({ whenUnsatisfiable }) => whenUnsatisfiable === 'DoNotSchedule',
    );
    if (hard.length === 0) return undefined;
    const keys = hard.map(({ topologyKey }) => topologyKey);
    const checks = hard.map((given) => {
      const constraint = constraintFor(given, pod);
      const counts = domainCounts(constraint, keys, nodes);
      const least = counts.size < constraint.minDomains ? 0 : Math.min(...counts.values());
      return { constraint, counts, least, self: constraint.matches(pod) ? 1 : 0 };
    });
    return {
      filter(node) {
        for (const { constraint, counts, least, self } of checks) {
          const domain = valueOf(node, constraint.topologyKey);
          if (domain === undefined) return missingLabel;
          if ((counts.get(domain) ?? 0) + self - (Number.isFinite(least) ? least : 0) > constraint.maxSkew)
            return uneven;
        }
        return undefined;
      },
    };
  },
};
