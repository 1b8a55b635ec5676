/** ControllerRevision: how a template once was, so that it can be again. */
// Like pkg/registry/apps/controllerrevision and ValidateControllerRevision.
import { FieldErrors } from '@naru/api/field-errors';
import { isJsonObject } from '@naru/api/json-object';
import type { AnyObject } from '@naru/api/object';
import { validateNonNegative } from '../core/replicated-pods.ts';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';

const revisionOf = (object: AnyObject) => fieldsOf<{ revision?: number; data?: unknown }>(object);

export const controllerRevision = defineKind({
  group: 'apps',
  kind: 'ControllerRevision',
  schema: 'k8s.io.api.apps.v1.ControllerRevision',
  metadataRechecks: 1,

  validate,

  validateUpdate(object, old) {
    const errors = new FieldErrors();
    // Data that is gone has changed, and that is all upstream says of it.
    if (object['data'] !== undefined) errors.add(...validate(object));
    if (!semanticallyEqual(object['data'], old['data']))
      errors.invalid('data', object['data'] ?? null, 'field is immutable');
    return errors.list;
  },

  columns: [
    { name: 'Controller', value: controller },
    { name: 'Revision', value: (object) => revisionOf(object).revision ?? 0 },
  ],

  example: {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: { name: 'example' },
    data: { spec: {} },
    revision: 1,
  },
});

function validate(object: AnyObject) {
  const errors = new FieldErrors();
  const { revision, data } = revisionOf(object);
  validateNonNegative(revision, 'revision', errors);
  if (data === undefined) errors.required('data', 'data is mandatory');
  else if (!isJsonObject(data)) errors.required('data', 'data must be a valid JSON object');
  return errors.list;
}

function controller({ metadata }: AnyObject): string {
  const owner = metadata.ownerReferences?.find((reference) => reference.controller);
  if (!owner) return '<none>';
  const [group] = owner.apiVersion.includes('/') ? owner.apiVersion.split('/') : [''];
  const kind = owner.kind.toLowerCase();
  return `${group ? `${kind}.${group}` : kind}/${owner.name}`;
}
