/** Why no machine takes an instance, read from the scheduler's sentence. */
import { type Message, message } from '../i18n/message';
import type { Pod } from '../kinds/pod';
import { formatBytes, formatCores, parseQuantity, sumQuantities } from '../kinds/quantity';
import type { Cause, Remedy } from './cause';

/** Like the reasons of pkg/scheduler/framework/plugins, each with what it means here; the first match is told. */
const reasons: readonly (readonly [string, (pod: Pod) => readonly [Message, Remedy | undefined]])[] = [
  [
    'Insufficient memory',
    (pod) => [message('cause.place.memory', { need: needOf(pod, 'memory') }), reserve(pod, 'memory')],
  ],
  ['Insufficient cpu', (pod) => [message('cause.place.cpu', { need: needOf(pod, 'cpu') }), reserve(pod, 'cpu')]],
  ['Too many pods', () => [message('cause.place.tooMany'), { kind: 'machines' }]],
  ["didn't have free ports", () => [message('cause.place.ports'), { kind: 'yaml' }]],
  ["node(s) didn't match Pod's node affinity", () => [message('cause.place.affinity'), { kind: 'yaml' }]],
  ['anti-affinity', () => [message('cause.place.antiAffinity'), { kind: 'yaml' }]],
  ['node(s) were unschedulable', () => [message('cause.place.cordoned'), { kind: 'machines' }]],
  ['unbound immediate PersistentVolumeClaims', () => [message('cause.place.storage'), { kind: 'events' }]],
  ['persistentvolumeclaim', () => [message('cause.place.noStorage'), { kind: 'events' }]],
  ['no nodes available', () => [message('cause.place.noMachine'), { kind: 'machines' }]],
  ['0/0 nodes', () => [message('cause.place.noMachine'), { kind: 'machines' }]],
  ['untolerated taint', () => [message('cause.place.taint'), { kind: 'machines' }]],
];

export function placementCause(pod: Pod, detail: string): Cause {
  const found = reasons.find(([text]) => detail.includes(text));
  const [why, remedy] = found?.[1](pod) ?? [message('cause.place.other'), { kind: 'events' } as const];
  return {
    term: 'Unschedulable',
    severity: 'warning',
    what: message('cause.place.what'),
    why,
    next: message(remedy?.kind === 'reservation' ? 'cause.place.nextReserve' : 'cause.place.next'),
    remedy,
    detail,
  };
}

function needOf(pod: Pod, resource: 'cpu' | 'memory'): string {
  const sum = sumQuantities(pod.spec.containers.map(({ resources }) => resources?.requests?.[resource]));
  return resource === 'cpu' ? formatCores(sum) : formatBytes(sum);
}

/** The container that reserves the most is the one to change. */
function reserve(pod: Pod, resource: 'cpu' | 'memory'): Remedy | undefined {
  const amount = (container: Pod['spec']['containers'][number]) =>
    parseQuantity(container.resources?.requests?.[resource]) || 0;
  const [largest] = [...pod.spec.containers].sort((a, b) => amount(b) - amount(a));
  return largest && { kind: 'reservation', container: largest.name, resource };
}
