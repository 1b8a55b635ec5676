/** Lease: who leads, and until when. */
// Like pkg/registry/coordination/lease and ValidateLease.
import type { V1Lease } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { checkQualifiedName } from '@naru/api/names';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';

export const lease = defineKind({
  group: 'coordination.k8s.io',
  kind: 'Lease',
  schema: 'k8s.io.api.coordination.v1.Lease',
  allowCreateOnUpdate: true,
  allowUnconditionalUpdate: false,
  anyFinalizer: true,

  validate,
  validateUpdate: validate,

  columns: [{ name: 'Holder', value: (object) => fieldsOf<V1Lease>(object).spec?.holderIdentity ?? '' }],

  example: {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'example' },
    spec: { holderIdentity: 'example', leaseDurationSeconds: 15 },
  },
});

function validate(object: AnyObject) {
  const errors = new FieldErrors();
  const { leaseDurationSeconds, leaseTransitions, strategy, preferredHolder } = fieldsOf<V1Lease>(object).spec ?? {};
  if (leaseDurationSeconds !== undefined && leaseDurationSeconds <= 0)
    errors.invalid('spec.leaseDurationSeconds', leaseDurationSeconds, 'must be greater than 0');
  if (leaseTransitions !== undefined && leaseTransitions < 0)
    errors.invalid('spec.leaseTransitions', leaseTransitions, 'must be greater than or equal to 0');
  if (strategy !== undefined && strategy !== 'OldestEmulationVersion')
    errors.invalidEach('spec.strategy', strategy, checkQualifiedName(strategy));
  if (preferredHolder && !strategy)
    errors.forbidden('spec.preferredHolder', 'may only be specified when `strategy` is defined');
  return errors.list;
}
