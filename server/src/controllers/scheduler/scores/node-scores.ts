/** Scores that look at one node and one pod: room that is left, taints, wishes, images. */
import { isTolerated } from '../../node-lifecycle/node.ts';
import { mostPoints, normalized, type Score } from '../framework.ts';
import { termMatches } from '../node-selector.ts';
import type { NodeInfo, PodFacts } from '../node-info.ts';

const compared = ['cpu', 'memory'] as const;

/** The more room is left, the better. */
export const leastAllocated: Score = {
  name: 'NodeResourcesFit',
  weight: 1,
  prepare: (pod) => (node) => {
    let points = 0;
    let weights = 0;
    for (const resource of compared) {
      const allocatable = node.allocatable(resource);
      if (allocatable === 0) continue;
      const taken = (node.nonZeroRequested.get(resource) ?? 0) + (pod.nonZero.get(resource) ?? 0);
      points += taken > allocatable ? 0 : Math.floor(((allocatable - taken) * mostPoints) / allocatable);
      weights++;
    }
    return weights ? Math.floor(points / weights) : 0;
  },
};

/** CPU and memory should be used alike. Pods that ask for nothing change nothing. */
export const balancedAllocation: Score = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  prepare(pod) {
    if (!compared.some((resource) => pod.requests.get(resource))) return undefined;
    return (node) => {
      const shares = compared.flatMap((resource) => {
        const allocatable = node.allocatable(resource);
        const taken = (node.requested.get(resource) ?? 0) + (pod.requests.get(resource) ?? 0);
        return allocatable ? [Math.min(1, taken / allocatable)] : [];
      });
      const [first = 0, second = first] = shares;
      return Math.floor((1 - Math.abs(first - second) / 2) * mostPoints);
    };
  },
};

/** Taints that only prefer that pods stay away. */
export const preferredTaints: Score = {
  name: 'TaintToleration',
  weight: 3,
  prepare({ pod }, feasible) {
    const tolerations = (pod.spec.tolerations ?? []).filter(({ effect }) => !effect || effect === 'PreferNoSchedule');
    const raw = ({ node }: NodeInfo) =>
      (node.spec?.taints ?? []).filter(
        (taint) => taint.effect === 'PreferNoSchedule' && !isTolerated(taint, tolerations),
      ).length;
    return feasible.some((node) => raw(node) > 0) ? normalized(feasible, raw, { reverse: true }) : undefined;
  },
};

export const preferredNodes: Score = {
  name: 'NodeAffinity',
  weight: 2,
  prepare({ pod }, feasible) {
    const terms = pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [];
    if (terms.length === 0) return undefined;
    return normalized(feasible, (node) =>
      terms.reduce((sum, { weight, preference }) => sum + (termMatches(preference, node) ? weight : 0), 0),
    );
  },
};

const megabyte = 1024 * 1024;
const smallestImage = 23 * megabyte;
const largestImage = 1000 * megabyte;

/** Nodes that have the images already, scaled down for images that few nodes have, lest all pods gather there. */
export const imageLocality: Score = {
  name: 'ImageLocality',
  weight: 1,
  prepare({ pod }: PodFacts, feasible, { nodes }) {
    const wanted = new Set(pod.spec.containers.map(({ image = '' }) => withTag(image)));
    const sizes = (node: NodeInfo) =>
      (node.node.status?.images ?? []).flatMap(({ names = [], sizeBytes = 0 }) =>
        names.filter((name) => wanted.has(name)).map((name) => [name, sizeBytes] as const),
      );
    const found = new Map(feasible.map((node) => [node, new Map(sizes(node))]));
    const spread = new Map<string, number>();
    for (const images of found.values())
      for (const name of images.keys()) spread.set(name, (spread.get(name) ?? 0) + 1);
    if (spread.size === 0) return undefined;
    const most = largestImage * pod.spec.containers.length;
    return (node) => {
      let sum = 0;
      for (const [name, size] of found.get(node) ?? []) sum += (size * (spread.get(name) ?? 0)) / nodes.length;
      const bounded = Math.min(Math.max(sum, smallestImage), most);
      return Math.floor((mostPoints * (bounded - smallestImage)) / (most - smallestImage));
    };
  },
};

const withTag = (image: string): string =>
  image.lastIndexOf(':') > image.lastIndexOf('/') || image.includes('@') ? image : `${image}:latest`;
