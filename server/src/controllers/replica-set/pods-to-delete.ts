/** Which replicas go first when there are too many. */
// Like controller.ActivePodsWithRanks and replicaset getPodsToDelete: those that serve least, or that nobody will miss.
import { conditionOf } from '../runtime/condition.ts';
import { isActive, isReady, restarts, type Pod } from '../runtime/pod.ts';

const costAnnotation = 'controller.kubernetes.io/pod-deletion-cost';
const phases = ['Pending', 'Unknown', 'Running'];

/** An int32 without sign or leading zeros, as validation demands; anything else is no cost. */
export function deletionCost(pod: Pod): number {
  const text = pod.metadata.annotations?.[costAnnotation] ?? '0';
  const cost = Number(text);
  const valid = text.length <= 11 && /^(0|-?[1-9][0-9]*)$/.test(text) && cost === (cost | 0);
  return valid ? cost : 0;
}

/** Ages are compared by their order of magnitude, so that not always the same pods go. */
const magnitude = (time: number, now: number) => (now - time <= 0 ? -1 : Math.floor(Math.log2((now - time) * 1e6)));

const readySince = (pod: Pod) =>
  Date.parse(conditionOf(pod.status?.conditions, 'Ready')?.lastTransitionTime ?? '') || 0;

function byAge(a: Pod, b: Pod, timeOf: (pod: Pod) => number, now: number): number {
  const [first, second] = [timeOf(a), timeOf(b)];
  if (first === second) return 0;
  if (!first || !second) return first ? 1 : -1;
  const difference = magnitude(first, now) - magnitude(second, now);
  return difference || ((a.metadata.uid ?? '') < (b.metadata.uid ?? '') ? -1 : 1);
}

/** Negative when `a` goes before `b`. `neighbours`: replicas of the same owner on a node. */
export function compareForDeletion(a: Pod, b: Pod, neighbours: ReadonlyMap<string, number>, now: number): number {
  const rank = (pod: Pod) => neighbours.get(pod.spec.nodeName ?? '') ?? 0;
  const phase = (pod: Pod) => phases.indexOf(pod.status?.phase ?? '');
  return (
    Number(!!a.spec.nodeName) - Number(!!b.spec.nodeName) ||
    phase(a) - phase(b) ||
    Number(isReady(a)) - Number(isReady(b)) ||
    deletionCost(a) - deletionCost(b) ||
    rank(b) - rank(a) ||
    (isReady(a) && isReady(b) ? byAge(a, b, readySince, now) : 0) ||
    restarts(b) - restarts(a) ||
    byAge(a, b, (pod) => Date.parse(pod.metadata.creationTimestamp ?? '') || 0, now)
  );
}

/** `related`: the pods of all sets with the same owner, to tell where replicas crowd. */
export function podsToDelete(pods: readonly Pod[], related: readonly Pod[], count: number, now: number): Pod[] {
  if (count >= pods.length) return [...pods];
  const neighbours = new Map<string, number>();
  for (const pod of related.filter(isActive)) {
    const node = pod.spec.nodeName ?? '';
    neighbours.set(node, (neighbours.get(node) ?? 0) + 1);
  }
  return [...pods].sort((a, b) => compareForDeletion(a, b, neighbours, now)).slice(0, count);
}
