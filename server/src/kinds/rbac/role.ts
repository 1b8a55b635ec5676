/** Role: what may be done in a namespace. */
// Like pkg/registry/rbac/role and ValidateRole.
import type { V1Role } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { pathSegmentName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import { createdAtColumn, nameColumn } from '../table-columns.ts';
import { rbacGroup, validateRule } from './rules.ts';

export const role = defineKind({
  group: rbacGroup,
  kind: 'Role',
  schema: 'k8s.io.api.rbac.v1.Role',
  allowCreateOnUpdate: true,
  metadataRechecks: 1,
  validateName: pathSegmentName,

  validate,
  validateUpdate: validate,

  columns: [nameColumn, createdAtColumn],
  columnsComplete: true,

  example: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'example' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  },
});

function validate(object: AnyObject) {
  const errors = new FieldErrors();
  const { rules = [] } = fieldsOf<V1Role>(object);
  rules.forEach((rule, index) => validateRule(rule, { isNamespaced: true }, `rules[${index}]`, errors));
  return errors.list;
}
