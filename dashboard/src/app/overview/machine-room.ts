/** How full a machine is: what its instances reserve, of what it can give; pure. */
import type { Node } from '../kinds/node';
import type { Pod } from '../kinds/pod';
import { conditionOf } from '../kinds/pod';
import { parseQuantity, sumQuantities } from '../kinds/quantity';

export interface Room {
  readonly reserved: number;
  readonly total: number;
}

export interface MachineRoom {
  readonly name: string;
  readonly state: 'ready' | 'offline' | 'closed';
  readonly address: string;
  readonly cpu: Room;
  readonly memory: Room;
  readonly pods: Room;
}

export function machineRoom(node: Node, pods: readonly Pod[]): MachineRoom {
  const here = pods.filter(({ spec, status }) => spec.nodeName === node.metadata.name && !isDone(status?.phase));
  const ready = conditionOf(node.status?.conditions, 'Ready')?.status === 'True';
  const room = (resource: 'cpu' | 'memory'): Room => ({
    reserved: sumQuantities(
      here.flatMap(({ spec }) => spec.containers.map(({ resources }) => resources?.requests?.[resource])),
    ),
    total: parseQuantity(node.status?.allocatable?.[resource]),
  });
  return {
    name: node.metadata.name,
    state: !ready ? 'offline' : node.spec?.unschedulable === true ? 'closed' : 'ready',
    address: node.status?.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '',
    cpu: room('cpu'),
    memory: room('memory'),
    pods: { reserved: here.length, total: parseQuantity(node.status?.allocatable?.['pods']) },
  };
}

function isDone(phase: string | undefined): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}
