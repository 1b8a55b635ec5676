/** LimitRange: what containers, pods and claims of a namespace get when they do not say, and how much they may ask for. */
// Like pkg/registry/core/limitrange and ValidateLimitRange.
import type { V1LimitRange } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import { createdAtColumn, nameColumn } from '../table-columns.ts';
import { setLimitDefaults, validateLimits, type Limit } from './limit-range/limits.ts';

const limitsOf = (object: AnyObject): Limit[] => fieldsOf<V1LimitRange>(object).spec?.limits ?? [];

export const limitRange = defineKind({
  kind: 'LimitRange',
  shortNames: ['limits'],
  schema: 'k8s.io.api.core.v1.LimitRange',
  allowCreateOnUpdate: true,
  metadataRechecks: 1,

  setDefaults(object) {
    for (const limit of limitsOf(object)) setLimitDefaults(limit);
  },

  // The one kind that makes up a name where none was asked for.
  prepareForCreate({ metadata }) {
    if (!metadata.name && metadata.uid) metadata.name = metadata.uid;
  },

  validate,
  validateUpdate: validate,

  columns: [nameColumn, createdAtColumn],
  columnsComplete: true,

  example: {
    apiVersion: 'v1',
    kind: 'LimitRange',
    metadata: { name: 'example' },
    spec: { limits: [{ type: 'Container', default: { cpu: '500m' }, defaultRequest: { cpu: '100m' } }] },
  },
});

function validate(object: AnyObject) {
  const errors = new FieldErrors();
  validateLimits(limitsOf(object), 'spec.limits', errors);
  return errors.list;
}
