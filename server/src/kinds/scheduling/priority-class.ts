/** PriorityClass: a name for how important pods are. */
// Like pkg/registry/scheduling/priorityclass and ValidatePriorityClass.
import type { V1PriorityClass } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { validatePreemptionPolicy } from '../core/pod/validate-pod-spec.ts';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import type { ObjectFields } from '../fields.ts';
import { ageColumn, nameColumn } from '../table-columns.ts';

type PriorityClass = ObjectFields<V1PriorityClass>;
const classOf = (object: AnyObject): PriorityClass => fieldsOf<V1PriorityClass>(object);

export const highestUserPriority = 1_000_000_000;

/** Classes that every cluster has. */
export const systemPriorityClasses = [
  {
    name: 'system-node-critical',
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    name: 'system-cluster-critical',
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
] as const;

export const priorityClass = defineKind({
  group: 'scheduling.k8s.io',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  scope: 'Cluster',
  shortNames: ['pc'],
  schema: 'k8s.io.api.scheduling.v1.PriorityClass',
  generation: false,

  setDefaults(object) {
    classOf(object).preemptionPolicy ??= 'PreemptLowerPriority';
  },

  // It has a generation, but what may change does not count as a new one.
  prepareForCreate({ metadata }) {
    metadata.generation = 1;
  },

  validate(object) {
    const errors = new FieldErrors();
    validateClass(classOf(object), errors);
    return errors.list;
  },

  validateUpdate(object, old) {
    const errors = new FieldErrors();
    const [changed, stored] = [classOf(object), classOf(old)];
    if ((changed.value ?? 0) !== (stored.value ?? 0)) errors.forbidden('value', 'may not be changed in an update.');
    if (changed.preemptionPolicy !== stored.preemptionPolicy)
      errors.invalid('preemptionPolicy', changed.preemptionPolicy ?? null, 'field is immutable');
    return errors.list;
  },

  columns: [
    nameColumn,
    { name: 'Value', type: 'integer', value: (object) => classOf(object).value ?? 0 },
    { name: 'Global-Default', type: 'boolean', value: (object) => classOf(object).globalDefault ?? false },
    ageColumn,
    { name: 'PreemptionPolicy', value: (object) => classOf(object).preemptionPolicy ?? '' },
  ],
  columnsComplete: true,

  example: {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'example' },
    value: 1000,
    description: 'For pods that matter more than others.',
  },
});

function validateClass(priorityClass: PriorityClass, errors: FieldErrors): void {
  const { metadata, value = 0, preemptionPolicy, globalDefault = false, description = '' } = priorityClass;
  const { name = '' } = metadata;
  if (name.startsWith('system-')) {
    const problem = notTheSystemClass(name, value, globalDefault, description);
    if (problem)
      errors.forbidden(
        'metadata.name',
        `priority class names with 'system-' prefix are reserved for system use only. error: ${problem}`,
      );
  } else if (value > highestUserPriority)
    errors.forbidden('value', `maximum allowed value of a user defined priority is ${highestUserPriority}`);
  validatePreemptionPolicy(preemptionPolicy, 'preemptionPolicy', errors);
}

function notTheSystemClass(name: string, value: number, globalDefault: boolean, description: string): string {
  const known = systemPriorityClasses.find((each) => each.name === name);
  if (!known) return `${name} is not a known system priority class`;
  if (known.value !== value) return `value of ${name} PriorityClass must be ${known.value}`;
  if (globalDefault) return `globalDefault of ${name} PriorityClass must be false`;
  return description && description !== known.description
    ? `description of ${name} PriorityClass must be ${known.description}`
    : '';
}
