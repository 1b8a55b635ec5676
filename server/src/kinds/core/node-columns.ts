/** How a Table shows a node. */
// Like printNode of pkg/printers/internalversion.
import type { V1Node } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import type { Column } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import { ageColumn, nameColumn } from '../table-columns.ts';

const nodeOf = (object: AnyObject) => fieldsOf<V1Node>(object);

function status(object: AnyObject): string {
  const { spec, status: state } = nodeOf(object);
  const ready = state?.conditions?.find(({ type }) => type === 'Ready');
  const words = [ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'];
  if (spec?.unschedulable) words.push('SchedulingDisabled');
  return words.join(',');
}

const rolePrefix = 'node-role.kubernetes.io/';

function roles(object: AnyObject): string {
  const found = new Set<string>();
  for (const [key, value] of Object.entries(object.metadata.labels ?? {})) {
    if (key.startsWith(rolePrefix) && key.length > rolePrefix.length) found.add(key.slice(rolePrefix.length));
    else if (key === 'kubernetes.io/role' && value) found.add(value);
  }
  return [...found].sort().join(',') || '<none>';
}

const address = (object: AnyObject, kind: string) =>
  nodeOf(object).status?.addresses?.find(({ type }) => type === kind)?.address ?? '<none>';

const machine = (object: AnyObject) => nodeOf(object).status?.nodeInfo ?? {};

export const nodeColumns: readonly Column[] = [
  nameColumn,
  { name: 'Status', value: status },
  { name: 'Roles', value: roles },
  ageColumn,
  { name: 'Version', value: (object) => machine(object).kubeletVersion ?? '' },
  { name: 'Internal-IP', priority: 1, value: (object) => address(object, 'InternalIP') },
  { name: 'External-IP', priority: 1, value: (object) => address(object, 'ExternalIP') },
  { name: 'OS-Image', priority: 1, value: (object) => machine(object).osImage || '<unknown>' },
  { name: 'Kernel-Version', priority: 1, value: (object) => machine(object).kernelVersion || '<unknown>' },
  { name: 'Container-Runtime', priority: 1, value: (object) => machine(object).containerRuntimeVersion || '<unknown>' },
];
