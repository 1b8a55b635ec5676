/** ReplicaSet: so many pods after a template. */
// Like pkg/registry/apps/replicaset and ValidateReplicaSet.
import type { V1ReplicaSet, V1ReplicaSetSpec } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { setPodSpecDefaults } from '../core/pod/defaults.ts';
import { podNameWarnings, podTemplateWarnings } from '../core/pod/warnings.ts';
import { templateColumns, validateNonNegative, validateSelectedPods } from '../core/replicated-pods.ts';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { formatLabelSelector, printedSelector } from '../label-selectors.ts';
import { validateReplicaCounts } from './replica-counts.ts';

const replicaSetOf = (object: AnyObject) => fieldsOf<V1ReplicaSet>(object);

export const replicaSet = defineKind({
  group: 'apps',
  kind: 'ReplicaSet',
  shortNames: ['rs'],
  categories: ['all'],
  schema: 'k8s.io.api.apps.v1.ReplicaSet',
  subresources: ['scale', 'status'],

  setDefaults(object) {
    const spec = (replicaSetOf(object).spec ??= {});
    spec.replicas ??= 1;
    setPodSpecDefaults(((spec.template ??= {}).spec ??= {}));
  },

  prepareForCreate(object) {
    object['status'] = { replicas: 0 };
  },

  prepareForUpdate(object, old, { subresource }) {
    const kept = subresource === 'status' ? 'spec' : 'status';
    object[kept] = old[kept];
  },

  validate: (object) => validateSpec(replicaSetOf(object).spec ?? {}).list,

  validateUpdate(object, old, { subresource }) {
    const [changed, stored] = [replicaSetOf(object), replicaSetOf(old)];
    if (subresource === 'status') {
      const errors = new FieldErrors();
      validateReplicaCounts(
        changed.status ?? {},
        [
          'replicas',
          'fullyLabeledReplicas',
          'readyReplicas',
          'availableReplicas',
          'terminatingReplicas',
          'observedGeneration',
        ],
        ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'],
        errors,
      );
      return errors.list;
    }
    const errors = validateSpec(changed.spec ?? {});
    if (!semanticallyEqual(changed.spec?.selector, stored.spec?.selector))
      errors.invalid('spec.selector', printedSelector(changed.spec?.selector), 'field is immutable');
    return errors.list;
  },

  warnings(object, old) {
    const { metadata, spec } = replicaSetOf(object);
    if (old && semanticallyEqual(spec, replicaSetOf(old).spec)) return [];
    return [
      ...(old ? [] : podNameWarnings(metadata.name)),
      ...podTemplateWarnings(spec?.template ?? {}, 'spec.template'),
    ];
  },

  selectableFields: { 'status.replicas': (object) => String(replicaSetOf(object).status?.replicas ?? 0) },

  columns: [
    { name: 'Desired', type: 'integer', value: (object) => replicaSetOf(object).spec?.replicas ?? 0 },
    { name: 'Current', type: 'integer', value: (object) => replicaSetOf(object).status?.replicas ?? 0 },
    { name: 'Ready', type: 'integer', value: (object) => replicaSetOf(object).status?.readyReplicas ?? 0 },
    ...templateColumns(
      (object) => replicaSetOf(object).spec?.template,
      (object) => formatLabelSelector(replicaSetOf(object).spec?.selector),
    ),
  ],

  scale: {
    specReplicas: '.spec.replicas',
    statusReplicas: '.status.replicas',
    selector: (object) => formatLabelSelector(replicaSetOf(object).spec?.selector),
  },

  example: {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: { name: 'example' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
    },
  },
});

function validateSpec(spec: Fields<V1ReplicaSetSpec>): FieldErrors {
  const errors = new FieldErrors();
  validateNonNegative(spec.replicas, 'spec.replicas', errors);
  validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors);
  // Upstream's sentence about an empty selector names the deployment here too.
  validateSelectedPods(
    { selector: spec.selector, template: spec.template, emptySelectorOf: 'deployment', deadlineIn: 'ReplicaSet' },
    errors,
  );
  return errors;
}
