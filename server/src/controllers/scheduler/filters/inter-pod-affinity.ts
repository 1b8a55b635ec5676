/** Pods that want to be near others, or far from them. */
// Like scheduler plugins/interpodaffinity.
import { affinityTerm, requiredTerms, type AffinityTerm } from '../affinity-terms.ts';
import type { Filter, Surroundings } from '../framework.ts';
import type { NodeInfo, PodFacts } from '../node-info.ts';

/** topology key → value → how many matching pods. */
type Counts = Map<string, Map<string, number>>;

function count(counts: Counts, key: string, node: NodeInfo): void {
  const value = Object.hasOwn(node.labels, key) ? node.labels[key] : undefined;
  if (value === undefined) return;
  const values = counts.get(key) ?? new Map<string, number>();
  values.set(value, (values.get(value) ?? 0) + 1);
  counts.set(key, values);
}

const has = (counts: Counts, key: string, { labels }: NodeInfo): boolean =>
  Object.hasOwn(labels, key) && (counts.get(key)?.get(labels[key] ?? '') ?? 0) > 0;

const existingRefused = { reasons: ["node(s) didn't satisfy existing pods anti-affinity rules"], final: false };
const antiAffinityRefused = { reasons: ["node(s) didn't match pod anti-affinity rules"], final: false };
const affinityRefused = { reasons: ["node(s) didn't match pod affinity rules"], final: true };

export const interPodAffinity: Filter = {
  name: 'InterPodAffinity',
  prepare({ pod }, surroundings) {
    const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
    const near = requiredTerms(podAffinity?.requiredDuringSchedulingIgnoredDuringExecution, pod, surroundings);
    const far = requiredTerms(podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution, pod, surroundings);
    if (near.length + far.length === 0 && !surroundings.hasRequiredAntiAffinity) return undefined;
    const existing = existingAntiAffinity(pod, surroundings);
    const nearCounts: Counts = new Map();
    const farCounts: Counts = new Map();
    if (near.length + far.length) {
      for (const node of surroundings.nodes) {
        for (const placed of node.pods.values()) {
          // A pod counts for affinity only when it matches all terms.
          if (near.length && near.every((term) => term.matches(placed.pod))) {
            for (const { topologyKey } of near) count(nearCounts, topologyKey, node);
          }
          for (const term of far) if (term.matches(placed.pod)) count(farCounts, term.topologyKey, node);
        }
      }
    }
    const first = nearCounts.size === 0 && near.every((term) => term.matches(pod));
    return {
      filter(node) {
        if (!nearIsMet(near, nearCounts, node, first)) return affinityRefused;
        if (far.some(({ topologyKey }) => has(farCounts, topologyKey, node))) return antiAffinityRefused;
        if ([...existing.keys()].some((key) => has(existing, key, node))) return existingRefused;
        return undefined;
      },
    };
  },
};

/** The first pod of a group that wants to be near itself may go anywhere that has the topology. */
function nearIsMet(terms: readonly AffinityTerm[], counts: Counts, node: NodeInfo, first: boolean): boolean {
  if (!terms.every(({ topologyKey }) => Object.hasOwn(node.labels, topologyKey))) return false;
  return first || terms.every(({ topologyKey }) => has(counts, topologyKey, node));
}

/** Where placed pods do not want this one. */
function existingAntiAffinity(pod: PodFacts['pod'], surroundings: Surroundings): Counts {
  const counts: Counts = new Map();
  if (!surroundings.hasRequiredAntiAffinity) return counts;
  for (const node of surroundings.nodes) {
    for (const placed of node.withAffinity) {
      const terms = placed.pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];
      for (const term of terms) {
        if (affinityTerm(term, placed.pod, surroundings).matches(pod)) count(counts, term.topologyKey, node);
      }
    }
  }
  return counts;
}
