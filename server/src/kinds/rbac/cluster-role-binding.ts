/** ClusterRoleBinding: who may do what a role allows, anywhere. */
// Like pkg/registry/rbac/clusterrolebinding and ValidateClusterRoleBinding.
import type { V1ClusterRoleBinding } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { pathSegmentName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import { rbacGroup, setBindingDefaults, subjectList, validateBinding, validateSameRole } from './rules.ts';

const bindingOf = (object: AnyObject) => fieldsOf<V1ClusterRoleBinding>(object);

export const clusterRoleBinding = defineKind({
  group: rbacGroup,
  kind: 'ClusterRoleBinding',
  scope: 'Cluster',
  schema: 'k8s.io.api.rbac.v1.ClusterRoleBinding',
  allowCreateOnUpdate: true,
  metadataRechecks: 1,
  validateName: pathSegmentName,

  setDefaults(object) {
    const binding = bindingOf(object);
    setBindingDefaults((binding.roleRef ??= {}), binding.subjects ?? []);
  },

  validate(object) {
    const errors = new FieldErrors();
    validateBinding(bindingOf(object), { isNamespaced: false }, errors);
    return errors.list;
  },

  validateUpdate(object, old) {
    const errors = new FieldErrors();
    validateBinding(bindingOf(object), { isNamespaced: false }, errors);
    validateSameRole(bindingOf(object).roleRef, bindingOf(old).roleRef, errors);
    return errors.list;
  },

  columns: [
    {
      name: 'Role',
      value(object) {
        const { kind = '', name = '' } = bindingOf(object).roleRef ?? {};
        return `${kind}/${name}`;
      },
    },
    { name: 'Users', priority: 1, value: (object) => subjectList(bindingOf(object).subjects, 'User') },
    { name: 'Groups', priority: 1, value: (object) => subjectList(bindingOf(object).subjects, 'Group') },
    {
      name: 'ServiceAccounts',
      priority: 1,
      value: (object) => subjectList(bindingOf(object).subjects, 'ServiceAccount'),
    },
  ],

  example: {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'example' },
    subjects: [{ kind: 'User', name: 'somebody', apiGroup: 'rbac.authorization.k8s.io' }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
  },
});
