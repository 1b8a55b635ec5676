/** Which pods of lower priority would have to go so that a pod fits. Pure. */
// Like scheduler/framework/preemption and plugins/defaultpreemption.
import { isTerminating, type Pod } from '../runtime/pod.ts';
import type { Refusal, Surroundings } from './framework.ts';
import type { NodeInfo, PodFacts } from './node-info.ts';
import { histogram } from './failure-message.ts';
import { prepareFilters } from './schedule-pod.ts';

export interface Budget {
  matches(pod: Pod): boolean;
  disruptionsAllowed: number;
}

export interface Victims {
  node: NodeInfo;
  pods: PodFacts[];
  violations: number;
}

export type Preemption = { victims: Victims } | { message: string };

const fewestCandidates = 100;
const candidateShare = 0.1;

export function preempt(
  pod: PodFacts,
  refusals: ReadonlyMap<NodeInfo, Refusal>,
  surroundings: Surroundings,
  budgets: readonly Budget[],
): Preemption {
  const { nodes } = surroundings;
  const ineligible = whyNot(pod, refusals, surroundings);
  if (ineligible) return { message: `preemption: ${ineligible}` };
  const answers: Refusal[] = [];
  const candidates: Victims[] = [];
  const enough = Math.max(fewestCandidates, Math.floor(nodes.length * candidateShare));
  for (const node of nodes) {
    const refusal = refusals.get(node);
    if (!refusal) continue;
    if (refusal.final) {
      answers.push({ reasons: ['Preemption is not helpful for scheduling'], final: true });
      continue;
    }
    if (candidates.length >= enough) continue;
    const victims = victimsOn(node, pod, surroundings, budgets);
    if (Array.isArray(victims)) answers.push({ reasons: victims, final: false });
    else candidates.push(victims);
  }
  const [chosen] = candidates.sort(compareVictims);
  if (chosen) return { victims: chosen };
  const reasons = histogram(answers);
  return { message: `preemption: 0/${nodes.length} nodes are available:${reasons && ` ${reasons}.`}` };
}

function whyNot(
  { pod, priority }: PodFacts,
  refusals: ReadonlyMap<NodeInfo, Refusal>,
  { nodes }: Surroundings,
): string | undefined {
  if (pod.spec.preemptionPolicy === 'Never') return 'not eligible due to preemptionPolicy=Never.';
  const nominated = nodes.find(({ name }) => name === pod.status?.nominatedNodeName);
  if (!nominated || refusals.get(nominated)?.final) return undefined;
  const going = [...nominated.pods.values()].some(
    (placed) => placed.priority < priority && isTerminating(placed.pod) && isPreempted(placed.pod),
  );
  return going ? 'not eligible due to a terminating pod on the nominated node.' : undefined;
}

const isPreempted = ({ status }: Pod): boolean =>
  status?.conditions?.some(
    ({ type, status: state, reason }) =>
      type === 'DisruptionTarget' && state === 'True' && reason === 'PreemptionByScheduler',
  ) ?? false;

/** The fewest pods whose going makes room; or why none would. */
function victimsOn(
  node: NodeInfo,
  pod: PodFacts,
  surroundings: Surroundings,
  budgets: readonly Budget[],
): Victims | string[] {
  const lower = [...node.pods.values()].filter(({ priority }) => priority < pod.priority);
  if (lower.length === 0) return ['No preemption victims found for incoming pod'];
  const staying = new Set([...node.pods.values()].filter((placed) => !lower.includes(placed)));
  const refusalWith = () => {
    const imagined = node.with(staying);
    const nodes = surroundings.nodes.map((one) => (one === node ? imagined : one));
    return prepareFilters(pod, { ...surroundings, nodes }).refuse(imagined);
  };
  const refusal = refusalWith();
  if (refusal) return [...refusal.reasons];
  const { violating, others } = splitByBudgets(lower.sort(compareImportance), budgets);
  const victims: PodFacts[] = [];
  let violations = 0;
  // The important ones are given their place back first; those that a budget protects before all.
  for (const placed of [...violating, ...others]) {
    staying.add(placed);
    if (!refusalWith()) continue;
    staying.delete(placed);
    victims.push(placed);
    if (violating.includes(placed)) violations++;
  }
  return { node, pods: victims.sort(compareImportance), violations };
}

const startOf = ({ pod }: PodFacts) => pod.status?.startTime ?? pod.metadata.creationTimestamp ?? '';

/** More important first: higher priority, then longer running. */
const compareImportance = (a: PodFacts, b: PodFacts): number =>
  b.priority - a.priority || (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : 0);

function splitByBudgets(pods: readonly PodFacts[], budgets: readonly Budget[]) {
  const allowed = budgets.map(({ disruptionsAllowed }) => disruptionsAllowed);
  const violating: PodFacts[] = [];
  const others: PodFacts[] = [];
  for (const facts of pods) {
    let violates = false;
    for (const [index, budget] of budgets.entries()) {
      if (!budget.matches(facts.pod)) continue;
      allowed[index] = (allowed[index] ?? 0) - 1;
      violates ||= (allowed[index] ?? 0) < 0;
    }
    (violates ? violating : others).push(facts);
  }
  return { violating, others };
}

/** Better first: fewer broken budgets, less important victims, fewer of them, started later. */
// Like pickOneNodeForPreemption.
function compareVictims(a: Victims, b: Victims): number {
  const highest = ({ pods }: Victims) => pods[0]?.priority ?? Number.NEGATIVE_INFINITY;
  const sum = ({ pods }: Victims) => pods.reduce((total, { priority }) => total + priority + 2 ** 31, 0);
  const earliest = ({ pods }: Victims) => {
    const top = pods.filter(({ priority }) => priority === pods[0]?.priority);
    return top.map(startOf).sort()[0] ?? '';
  };
  return (
    a.violations - b.violations ||
    highest(a) - highest(b) ||
    sum(a) - sum(b) ||
    a.pods.length - b.pods.length ||
    (earliest(a) > earliest(b) ? -1 : earliest(a) < earliest(b) ? 1 : 0)
  );
}
