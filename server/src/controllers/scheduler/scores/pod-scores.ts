/** Scores that look at the pods already placed: wished nearness, and even spreading. */
import { controllerOf } from '../../runtime/owners.ts';
import { preferredTerms, requiredTerms } from '../affinity-terms.ts';
import { constraintFor, domainCounts } from '../filters/pod-topology-spread.ts';
import { mostPoints, type Score } from '../framework.ts';
import type { NodeInfo } from '../node-info.ts';

/** Weight of a placed pod's required affinity towards the new one. */
const hardWeight = 1;

// Like scheduler plugins/interpodaffinity scoring.go.
export const preferredPods: Score = {
  name: 'InterPodAffinity',
  weight: 2,
  prepare({ pod }, feasible, surroundings) {
    const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
    const near = preferredTerms(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution, pod, surroundings);
    const far = preferredTerms(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution, pod, surroundings);
    if (near.length + far.length === 0 && !surroundings.hasAffinity) return undefined;
    const sums = new Map<string, number>();
    const add = (node: NodeInfo, key: string, weight: number) => {
      const place = placeOf(node, key);
      if (place) sums.set(place, (sums.get(place) ?? 0) + weight);
    };
    for (const node of surroundings.nodes) {
      const placed = near.length + far.length ? node.pods.values() : node.withAffinity.values();
      for (const { pod: other, hasAffinity } of placed) {
        for (const term of near) if (term.matches(other)) add(node, term.topologyKey, term.weight);
        for (const term of far) if (term.matches(other)) add(node, term.topologyKey, -term.weight);
        if (!hasAffinity) continue;
        const theirs = other.spec.affinity ?? {};
        const terms = (affinity: typeof podAffinity) =>
          preferredTerms(affinity?.preferredDuringSchedulingIgnoredDuringExecution, other, surroundings);
        for (const term of terms(theirs.podAffinity)) if (term.matches(pod)) add(node, term.topologyKey, term.weight);
        for (const term of terms(theirs.podAntiAffinity)) {
          if (term.matches(pod)) add(node, term.topologyKey, -term.weight);
        }
        const required = theirs.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
        for (const term of requiredTerms(required, other, surroundings)) {
          if (term.matches(pod)) add(node, term.topologyKey, hardWeight);
        }
      }
    }
    if (sums.size === 0) return undefined;
    const keys = new Set([...sums.keys()].map((place) => place.slice(0, place.indexOf('='))));
    const raw = (node: NodeInfo) => [...keys].reduce((sum, key) => sum + (sums.get(placeOf(node, key) ?? '') ?? 0), 0);
    return between(feasible, raw);
  },
};

const placeOf = ({ labels }: NodeInfo, key: string): string | undefined =>
  Object.hasOwn(labels, key) ? `${key}=${labels[key]}` : undefined;

/** From the lowest as 0 to the highest as 100. */
function between(feasible: readonly NodeInfo[], raw: (node: NodeInfo) => number) {
  const points = new Map(feasible.map((node) => [node, raw(node)]));
  const least = Math.min(...points.values());
  const range = Math.max(...points.values()) - least;
  return range ? (node: NodeInfo) => Math.floor((mostPoints * ((points.get(node) ?? 0) - least)) / range) : undefined;
}

/** Soft constraints of the pod; without any, replicas of one controller keep apart on nodes and zones. */
// Like scheduler plugins/podtopologyspread scoring.go; its default constraints go by selectors, these by the controller.
export const evenSpread: Score = {
  name: 'PodTopologySpread',
  weight: 2,
  prepare({ pod }, feasible, { nodes }) {
    const given = pod.spec.topologySpreadConstraints ?? [];
    const soft = given.filter(({ whenUnsatisfiable }) => whenUnsatisfiable === 'ScheduleAnyway');
    if (soft.length) {
      const counted = soft.map((one) => {
        const constraint = constraintFor(one, pod);
        const keys = constraint.topologyKey === hostKey ? [] : [constraint.topologyKey];
        return { key: constraint.topologyKey, skew: one.maxSkew, counts: domainCounts(constraint, keys, nodes) };
      });
      return fewestFirst(feasible, (node) =>
        counted.reduce((sum, { key, skew, counts }) => {
          const weight = Math.log(counts.size + 2);
          return sum + (counts.get(node.labels[key] ?? '') ?? 0) * weight + (skew - 1);
        }, 0),
      );
    }
    const owner = controllerOf(pod)?.uid;
    if (given.length || !owner) return undefined;
    return fewestFirst(feasible, (node) => node.controlledBy(owner));
  },
};

const hostKey = 'kubernetes.io/hostname';

function fewestFirst(feasible: readonly NodeInfo[], raw: (node: NodeInfo) => number) {
  const points = new Map(feasible.map((node) => [node, raw(node)]));
  const [least, most] = [Math.min(...points.values()), Math.max(...points.values())];
  if (most === 0) return undefined;
  return (node: NodeInfo) => Math.floor((mostPoints * (most + least - (points.get(node) ?? 0))) / most);
}
