/** What pods ask for, and what machines have left to give. */
import { parseQuantity, quantityMilliValue, quantityValue } from '@naru/api/quantity';
import type { KubeObject } from '@naru/api/object';
import type { Condition } from '../../runtime/condition.ts';
import type { Pod } from './pod.ts';

/** Thousandths of a core, and bytes. */
export interface Amounts {
  readonly cpu: number;
  readonly memory: number;
}

export interface Room {
  /** What each machine that takes new pods has left. */
  readonly machines: readonly Amounts[];
  /** The most that one of them has left, of each. */
  readonly free: Amounts;
  /** Machines that take no new pods because somebody said so. */
  readonly cordoned: readonly string[];
}

export interface Node extends KubeObject {
  spec?: { unschedulable?: boolean };
  status?: {
    capacity?: Record<string, string>;
    allocatable?: Record<string, string>;
    conditions?: Condition[];
  };
}

export const nothing: Amounts = { cpu: 0, memory: 0 };

/** Zero for what is absent or no quantity. */
export function amountOf(list: Record<string, string> | undefined, resource: 'cpu' | 'memory'): number {
  const text = list && Object.hasOwn(list, resource) ? list[resource] : undefined;
  if (text === undefined) return 0;
  const quantity = parseQuantity(text);
  return resource === 'cpu' ? quantityMilliValue(quantity) : quantityValue(quantity);
}

const amountsOf = (list: Record<string, string> | undefined): Amounts => ({
  cpu: amountOf(list, 'cpu'),
  memory: amountOf(list, 'memory'),
});

const sum = (amounts: readonly Amounts[]): Amounts =>
  amounts.reduce((total, { cpu, memory }) => ({ cpu: total.cpu + cpu, memory: total.memory + memory }), nothing);

/** What the pod's containers reserve together. */
export const reservedBy = ({ spec }: Pod): Amounts =>
  sum(spec.containers.map(({ resources }) => amountsOf(resources?.requests)));

/** `podsOf`: those that run on a machine. */
export function roomOn(nodes: readonly Node[], podsOf: (node: string) => readonly Pod[]): Room {
  const open = nodes.filter(({ spec, status }) => {
    const isReady = status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
    return isReady && !spec?.unschedulable;
  });
  const free = open.map(({ metadata, status }) => {
    const all = amountsOf(status?.allocatable);
    const used = sum(podsOf(metadata.name ?? '').map(reservedBy));
    return { cpu: Math.max(0, all.cpu - used.cpu), memory: Math.max(0, all.memory - used.memory) };
  });
  return {
    machines: free,
    cordoned: nodes.filter(({ spec }) => spec?.unschedulable).map(({ metadata }) => metadata.name ?? ''),
    free: {
      cpu: Math.max(0, ...free.map(({ cpu }) => cpu)),
      memory: Math.max(0, ...free.map(({ memory }) => memory)),
    },
  };
}

const mebi = 1024 ** 2;
/** Who takes all that is left competes with whoever comes next, and with its own successor while it is updated. */
const leavingSome = 0.9;

/** Whether one machine has it left. */
export const fits = ({ machines }: Room, { cpu, memory }: Amounts): boolean =>
  machines.some((free) => free.cpu >= cpu && free.memory >= memory);

export interface Reservation {
  readonly container: string;
  readonly cpu?: string;
  readonly memory?: string;
}

/**
 * What the container that reserves the most may reserve so that `count` such pods find a place on the machines;
 * undefined when less would not help.
 */
export function reservationThatFits({ spec }: Pod, { machines }: Room, count: number): Reservation | undefined {
  const need = reservedBy({ metadata: {}, spec });
  const each = Math.ceil(count / Math.max(1, machines.length));
  const shares = machines.map(({ cpu, memory }) => ({ cpu: cpu / each, memory: memory / each }));
  const tightness = ({ cpu, memory }: Amounts) =>
    Math.min(need.cpu ? cpu / need.cpu : 1, need.memory ? memory / need.memory : 1);
  const [roomiest] = shares.sort((a, b) => tightness(b) - tightness(a));
  if (!roomiest) return undefined;
  const lacking = (['memory', 'cpu'] as const).filter((resource) => need[resource] > roomiest[resource]);
  const [first] = lacking;
  if (!first) return undefined;
  const amounts = spec.containers.map(({ name, resources }) => ({ name, reserved: amountsOf(resources?.requests) }));
  const [greatest] = amounts.sort((a, b) => b.reserved[first] - a.reserved[first]);
  const lowered = lacking.map((resource) => {
    const left = roomiest[resource] - (need[resource] - greatest!.reserved[resource]);
    const step = resource === 'memory' ? mebi : 10;
    return [resource, Math.floor((left * leavingSome) / step) * step] as const;
  });
  if (lowered.some(([, amount]) => amount <= 0)) return undefined;
  const text = { memory: exactMemory, cpu: cpuText };
  return {
    container: greatest!.name,
    ...Object.fromEntries(lowered.map(([name, amount]) => [name, text[name](amount)])),
  };
}

/** As a manifest has it, in whole mebibytes. */
const exactMemory = (bytes: number): string => `${Math.floor(bytes / mebi)}Mi`;

/** `250m`, `1.5` cores. */
export const cpuText = (milli: number): string => (milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`);

/** `512Mi`, `1.5Gi`. */
export function memoryText(bytes: number): string {
  const mebibytes = bytes / mebi;
  if (mebibytes < 1024) return `${Math.round(mebibytes)}Mi`;
  return `${Math.round((mebibytes / 1024) * 10) / 10}Gi`;
}
