/** What a node's conditions and silence mean: which conditions and taints it should have. Pure. */
// Like pkg/controller/nodelifecycle.
import { conditionOf, type Condition } from '../runtime/condition.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { notReadyTaint, unreachableTaint, unschedulableTaint, type Node, type Taint } from './node.ts';

type NodeCondition = Condition & { lastHeartbeatTime?: string };

const watched = ['Ready', 'MemoryPressure', 'DiskPressure', 'PIDPressure'];

/** The conditions of a node that has not been heard of for too long: nobody knows. */
export function silentConditions(node: Node, now: number): NodeCondition[] {
  const time = timestamp(now);
  const conditions = [...(node.status?.conditions ?? [])];
  for (const type of watched) {
    const old = conditions.find((condition) => condition.type === type);
    if (!old) {
      conditions.push({
        type,
        status: 'Unknown',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
        lastHeartbeatTime: node.metadata.creationTimestamp ?? time,
        lastTransitionTime: time,
      });
    } else if (old.status !== 'Unknown') {
      conditions[conditions.indexOf(old)] = {
        ...old,
        status: 'Unknown',
        reason: 'NodeStatusUnknown',
        message: 'Kubelet stopped posting node status.',
        lastTransitionTime: time,
      };
    }
  }
  return conditions;
}

/** Condition type and status → key of the NoSchedule taint that says so. */
const pressureTaints: readonly (readonly [type: string, status: string, key: string])[] = [
  ['Ready', 'False', notReadyTaint],
  ['Ready', 'Unknown', unreachableTaint],
  ['MemoryPressure', 'True', 'node.kubernetes.io/memory-pressure'],
  ['DiskPressure', 'True', 'node.kubernetes.io/disk-pressure'],
  ['NetworkUnavailable', 'True', 'node.kubernetes.io/network-unavailable'],
  ['PIDPressure', 'True', 'node.kubernetes.io/pid-pressure'],
];

const managedKeys: ReadonlySet<string> = new Set([...pressureTaints.map(([, , key]) => key), unschedulableTaint]);

/** The taints a node should have: its own, and those its conditions and `spec.unschedulable` ask for. */
export function taintsOf(node: Node, now: number): Taint[] {
  const current = node.spec?.taints ?? [];
  const conditions = node.status?.conditions;
  const wanted: Taint[] = pressureTaints
    .filter(([type, status]) => conditionOf(conditions, type)?.status === status)
    .map(([, , key]) => ({ key, effect: 'NoSchedule' }));
  if (node.spec?.unschedulable) wanted.push({ key: unschedulableTaint, effect: 'NoSchedule' });
  const ready = conditionOf(conditions, 'Ready')?.status;
  if (ready === 'False') wanted.push({ key: notReadyTaint, effect: 'NoExecute' });
  if (ready === 'Unknown') wanted.push({ key: unreachableTaint, effect: 'NoExecute' });

  const same = (a: Taint, b: Taint) => a.key === b.key && a.effect === b.effect;
  const isManaged = ({ key, effect }: Taint) =>
    (effect === 'NoSchedule' && managedKeys.has(key)) ||
    (effect === 'NoExecute' && (key === notReadyTaint || key === unreachableTaint));
  const kept = current.filter((taint) => !isManaged(taint) || wanted.some((one) => same(one, taint)));
  const added = wanted.filter((taint) => !current.some((one) => same(one, taint)));
  return [...kept, ...added.map((taint) => ({ ...taint, timeAdded: timestamp(now) }))];
}

export const isNodeReady = (node: Node): boolean => conditionOf(node.status?.conditions, 'Ready')?.status === 'True';
