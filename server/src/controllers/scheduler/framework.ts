/** What filters and scores are, and what they may ask. */
// Like scheduler/framework: PreFilter and Filter in one, PreScore and Score in one.
import type { PersistentVolume, StorageClass, VolumeClaim } from '../persistent-volume/volume.ts';
import type { NodeInfo, PodFacts } from './node-info.ts';

/** Why a node does not take a pod. `final`: removing other pods would not help. */
export interface Refusal {
  reasons: readonly string[];
  final: boolean;
}

/** What is known beside the nodes, read from caches. */
export interface Surroundings {
  nodes: readonly NodeInfo[];
  /** Whether any placed pod has affinity terms at all. */
  hasAffinity: boolean;
  hasRequiredAntiAffinity: boolean;
  labelsOfNamespace(name: string): Record<string, string> | undefined;
  claim(namespace: string, name: string): VolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  volumes(): readonly PersistentVolume[];
  storageClass(name: string): StorageClass | undefined;
  /** Names of volumes that claims of pods placed before are about to get. */
  readonly promisedVolumes: ReadonlySet<string>;
  /** The node that a claim, `namespace/name`, is about to have its volume on, for a pod placed before. */
  promisedNode(claim: string): string | undefined;
  /** UIDs of the placed pods that use a claim. */
  podsUsing(claim: string): readonly string[];
  /** The node that a pod has been given. */
  placeOf(uid: string): string | undefined;
}

/** Answers for one node; undefined: the node will do. */
export type NodeFilter = (node: NodeInfo) => Refusal | undefined;

export type Prepared =
  /** Nothing to check for this pod. */
  | undefined
  /** No node will do, for this reason. */
  | { impossible: string }
  /** `only`: no other nodes than these are looked at. */
  | { filter: NodeFilter; only?: ReadonlySet<string> };

export interface Filter {
  /** Upstream's plugin name. */
  name: string;
  /** Called once per pod; the result is asked for each node. */
  prepare(pod: PodFacts, surroundings: Surroundings): Prepared;
}

export interface Score {
  name: string;
  weight: number;
  /** Called once per pod with the nodes that will do. Undefined: all are alike. Scores after `prepare` are 0 to 100. */
  prepare(
    pod: PodFacts,
    feasible: readonly NodeInfo[],
    surroundings: Surroundings,
  ): ((node: NodeInfo) => number) | undefined;
}

export const mostPoints = 100;

/** Raw numbers brought to 0…100; `reverse`: the smallest is best. */
// Like helper.DefaultNormalizeScore.
export function normalized(
  feasible: readonly NodeInfo[],
  raw: (node: NodeInfo) => number,
  { reverse = false } = {},
): ((node: NodeInfo) => number) | undefined {
  const points = new Map(feasible.map((node) => [node, raw(node)]));
  const most = Math.max(0, ...points.values());
  if (most === 0) return reverse ? () => mostPoints : undefined;
  return (node) => {
    const share = Math.floor((mostPoints * (points.get(node) ?? 0)) / most);
    return reverse ? mostPoints - share : share;
  };
}
