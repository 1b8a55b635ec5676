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
  /** Machines that take new pods. */
  readonly machines: number;
  /** The most that one of them has left, of each. */
  readonly free: Amounts;
}

export interface Node extends KubeObject {
  spec?: { unschedulable?: boolean };
  status?: {
    allocatable?: Record<string, string>;
    conditions?: Condition[];
  };
}

export const nothing: Amounts = { cpu: 0, memory: 0 };

/** Zero for what is absent or no quantity. */
function amountOf(list: Record<string, string> | undefined, resource: 'cpu' | 'memory'): number {
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
    machines: open.length,
    free: {
      cpu: Math.max(0, ...free.map(({ cpu }) => cpu)),
      memory: Math.max(0, ...free.map(({ memory }) => memory)),
    },
  };
}

/** `250m`, `1.5` cores. */
export const cpuText = (milli: number): string => (milli % 1000 === 0 ? String(milli / 1000) : `${milli}m`);

/** `512Mi`, `1.5Gi`. */
export function memoryText(bytes: number): string {
  const mebibytes = bytes / 1024 ** 2;
  if (mebibytes < 1024) return `${Math.round(mebibytes)}Mi`;
  return `${Math.round((mebibytes / 1024) * 10) / 10}Gi`;
}
