/** Node: a machine that runs pods. */
// Like pkg/registry/core/node and ValidateNode.
import type { V1Node, V1Taint } from '@kubernetes/client-node';
import { duplicate, FieldErrors } from '@naru/api/field-errors';
import { checkCIDRSloppily, parseCIDR } from '@naru/api/ip-addresses';
import { checkLabelValue, checkQualifiedName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields, ObjectFields } from '../fields.ts';
import { goStruct } from '../go-struct.ts';
import { nodeColumns } from './node-columns.ts';
import { validateResourceQuantity } from './pod/resources.ts';
import { roundList } from './pod/defaults.ts';
import { taintEffects } from './pod/tolerations.ts';

type Node = ObjectFields<V1Node>;
const nodeOf = (object: AnyObject): Node => fieldsOf<V1Node>(object);

export const node = defineKind({
  kind: 'Node',
  scope: 'Cluster',
  shortNames: ['no'],
  schema: 'k8s.io.api.core.v1.Node',
  storagePrefix: 'minions',
  subresources: ['proxy', 'status'],
  generation: false,
  createdWithStatus: true,

  setDefaults(object) {
    const { spec, status } = nodeOf(object);
    if (status?.capacity && !status.allocatable) status.allocatable = { ...status.capacity };
    roundList(status?.capacity);
    roundList(status?.allocatable);
    if (!spec) return;
    // One address range and the list of ranges say the same; the single field leads.
    if (spec.podCIDR && spec.podCIDRs?.[0] !== spec.podCIDR) spec.podCIDRs = [spec.podCIDR];
    else if (!spec.podCIDR && spec.podCIDRs?.[0]) spec.podCIDR = spec.podCIDRs[0];
  },

  prepareForUpdate(object, old, { subresource }) {
    const kept = subresource === 'status' ? 'spec' : 'status';
    if (old[kept] === undefined) delete object[kept];
    else object[kept] = old[kept];
  },

  validate(object) {
    const errors = new FieldErrors();
    const node = nodeOf(object);
    validateTaints(node.spec?.taints ?? [], errors);
    validateResources(node, errors);
    validatePodCIDRs(node.spec?.podCIDRs ?? [], errors);
    return errors.list;
  },

  validateUpdate(object, old) {
    const errors = new FieldErrors();
    const [changed, stored] = [nodeOf(object), nodeOf(old)];
    validateResources(changed, errors);
    validateAddresses(changed, errors);
    validateFixedFields(changed, stored, errors);
    validateTaints(changed.spec?.taints ?? [], errors);
    return errors.list;
  },

  selectableFields: { 'spec.unschedulable': (object) => String(nodeOf(object).spec?.unschedulable ?? false) },

  columns: nodeColumns,
  columnsComplete: true,

  example: { apiVersion: 'v1', kind: 'Node', metadata: { name: 'example' } },
});

// Upstream reports taints under the metadata.
function validateTaints(taints: readonly Fields<V1Taint>[], errors: FieldErrors): void {
  const seen = new Set<string>();
  taints.forEach((taint, index) => {
    const at = `metadata.taints[${index}]`;
    const { key = '', value = '', effect = '' } = taint;
    errors.invalidEach(`${at}.key`, key, checkQualifiedName(key));
    const problems = checkLabelValue(value);
    if (problems.length) errors.invalid(`${at}.value`, value, problems.join(';'));
    if (!effect) errors.required(`${at}.effect`);
    else if (!taintEffects.includes(effect)) errors.notSupported(`${at}.effect`, effect, taintEffects);
    const id = `${effect} ${key}`;
    if (seen.has(id)) {
      const again = duplicate(at, goStruct(taint, 'k8s.io.api.core.v1.Taint'));
      errors.add({ ...again, message: `${again.message}: taints must be unique by key and effect pair` });
    }
    seen.add(id);
  });
}

function validateResources({ status = {} }: Node, errors: FieldErrors): void {
  for (const field of ['capacity', 'allocatable'] as const)
    for (const [name, quantity] of Object.entries(status[field] ?? {}))
      validateResourceQuantity(name, quantity, `status.${field}.${name}`, errors);
}

function validatePodCIDRs(ranges: readonly string[], errors: FieldErrors): void {
  const path = 'spec.podCIDRs';
  ranges.forEach((range, index) => errors.invalidEach(`${path}[${index}]`, range, checkCIDRSloppily(range)));
  if (ranges.length < 2) return;
  const families = new Set(ranges.map((range) => parseCIDR(range)?.family));
  if (families.size < 2 || ranges.length > 2)
    errors.invalid(path, ranges, 'may specify no more than one CIDR for each IP family');
  ranges.forEach((range, index) => {
    if (ranges.indexOf(range) < index) errors.duplicate(`${path}[${index}]`, range);
  });
}

function validateAddresses({ status = {} }: Node, errors: FieldErrors): void {
  const seen = new Set<string>();
  (status.addresses ?? []).forEach((address, index) => {
    const id = `${address.type} ${address.address}`;
    if (seen.has(id))
      errors.duplicate(`status.addresses[${index}]`, goStruct(address, 'k8s.io.api.core.v1.NodeAddress'));
    seen.add(id);
  });
}

function validateFixedFields({ spec = {} }: Node, { spec: before = {} }: Node, errors: FieldErrors): void {
  const ranges = before.podCIDRs ?? [];
  const now = spec.podCIDRs ?? [];
  const detail = 'node updates may not change podCIDR except from "" to valid';
  if (ranges.length && ranges.length !== now.length) errors.forbidden('spec.podCIDRs', detail);
  else
    ranges.forEach((range, index) => {
      if (range !== now[index]) errors.forbidden('spec.podCIDRs', detail);
    });
  if (before.providerID && before.providerID !== spec.providerID)
    errors.forbidden('spec.providerID', 'node updates may not change providerID except from "" to valid');
  if ((spec.externalID ?? '') !== (before.externalID ?? '')) errors.forbidden('spec.externalID', 'may not be updated');
}
