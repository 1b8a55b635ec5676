/** ClusterRole: what may be done anywhere. */
// Like pkg/registry/rbac/clusterrole and ValidateClusterRole.
import type { V1ClusterRole } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { pathSegmentName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import { validateLabelSelector } from '../label-selectors.ts';
import { createdAtColumn, nameColumn } from '../table-columns.ts';
import { rbacGroup, validateRule } from './rules.ts';

export const clusterRole = defineKind({
  group: rbacGroup,
  kind: 'ClusterRole',
  scope: 'Cluster',
  schema: 'k8s.io.api.rbac.v1.ClusterRole',
  allowCreateOnUpdate: true,
  metadataRechecks: 1,
  validateName: pathSegmentName,

  validate,
  validateUpdate: validate,

  columns: [nameColumn, createdAtColumn],
  columnsComplete: true,

  example: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: 'example' },
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] }],
  },
});

function validate(object: AnyObject) {
  const errors = new FieldErrors();
  const { rules = [], aggregationRule } = fieldsOf<V1ClusterRole>(object);
  rules.forEach((rule, index) => validateRule(rule, { isNamespaced: false }, `rules[${index}]`, errors));
  if (!aggregationRule) return errors.list;
  const selectors = aggregationRule.clusterRoleSelectors ?? [];
  const path = 'aggregationRule.clusterRoleSelectors';
  if (!selectors.length)
    errors.required(path, 'at least one clusterRoleSelector required if aggregationRule is non-nil');
  selectors.forEach((selector, index) => {
    const before = errors.list.length;
    validateLabelSelector(selector, `${path}[${index}]`, errors);
    // Upstream shows the selector it could not make, which is nil.
    if (errors.list.length > before) errors.invalid(`${path}[${index}]`, null, 'invalid label selector.');
  });
  return errors.list;
}
