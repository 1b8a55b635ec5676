/** PodDisruptionBudget: how many pods of a set may be evicted at a time. */
// Like pkg/registry/policy/poddisruptionbudget and ValidatePodDisruptionBudget.
import type {
  IntOrString,
  V1PodDisruptionBudget,
  V1PodDisruptionBudgetSpec,
  V1PodDisruptionBudgetStatus,
} from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { pathSegmentName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { validateAmount, validateAtMostAll } from '../apps/int-or-percent.ts';
import { validateConditions } from '../conditions.ts';
import { validateNonNegative } from '../core/replicated-pods.ts';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { goStruct } from '../go-struct.ts';
import { validateLabelSelector } from '../label-selectors.ts';
import { keepTheOtherPart } from '../spec-and-status.ts';

const budgetOf = (object: AnyObject) => fieldsOf<V1PodDisruptionBudget>(object);

export const podDisruptionBudget = defineKind({
  group: 'policy',
  kind: 'PodDisruptionBudget',
  shortNames: ['pdb'],
  schema: 'k8s.io.api.policy.v1.PodDisruptionBudget',
  subresources: ['status'],
  allowUnconditionalUpdate: false,
  anyFinalizer: true,
  metadataApart: true,
  validateName: pathSegmentName,

  prepareForCreate(object) {
    object['status'] = { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 };
  },
  prepareForUpdate: keepTheOtherPart,

  validate: (object) => validateSpec(budgetOf(object).spec ?? {}).list,

  validateUpdate(object, _old, { subresource }) {
    const { spec = {}, status = {} } = budgetOf(object);
    return (subresource === 'status' ? validateStatus(status) : validateSpec(spec)).list;
  },

  columns: [
    { name: 'Min Available', value: (object) => amount(budgetOf(object).spec?.minAvailable) },
    { name: 'Max Unavailable', value: (object) => amount(budgetOf(object).spec?.maxUnavailable) },
    {
      name: 'Allowed Disruptions',
      type: 'integer',
      value: (object) => budgetOf(object).status?.disruptionsAllowed ?? 0,
    },
  ],

  example: {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata: { name: 'example' },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'example' } } },
  },
});

const amount = (value: IntOrString | undefined): string => (value === undefined ? 'N/A' : String(value));

const policies = ['AlwaysAllow', 'IfHealthyBudget'];

function validateSpec(spec: Fields<V1PodDisruptionBudgetSpec>): FieldErrors {
  const errors = new FieldErrors();
  const { minAvailable, maxUnavailable, unhealthyPodEvictionPolicy: policy } = spec;
  if (minAvailable !== undefined && maxUnavailable !== undefined)
    errors.invalid(
      'spec',
      goStruct(spec, 'k8s.io.api.policy.v1.PodDisruptionBudgetSpec'),
      'minAvailable and maxUnavailable cannot be both set',
    );
  for (const field of ['minAvailable', 'maxUnavailable'] as const) {
    const value = spec[field];
    if (value === undefined) continue;
    validateAmount(value, `spec.${field}`, errors);
    validateAtMostAll(value, `spec.${field}`, errors);
  }
  validateLabelSelector(spec.selector, 'spec.selector', errors);
  if (policy !== undefined && !policies.includes(policy))
    errors.notSupported('spec.unhealthyPodEvictionPolicy', policy, policies);
  return errors;
}

function validateStatus(status: Fields<V1PodDisruptionBudgetStatus>): FieldErrors {
  const errors = new FieldErrors();
  validateConditions(status.conditions ?? [], 'status.conditions', errors);
  for (const field of ['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'] as const)
    validateNonNegative(status[field], `status.${field}`, errors);
  return errors;
}
