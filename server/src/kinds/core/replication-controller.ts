/** ReplicationController: what ReplicaSet was before it had selectors with expressions. */
// Like pkg/registry/core/replicationcontroller and ValidateReplicationController.
import type { V1ReplicationController } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { declaredSubdomainName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { validateReplicaCounts } from '../apps/replica-counts.ts';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { ObjectFields } from '../fields.ts';
import { formatLabels, printedLabels } from '../label-selectors.ts';
import { keepTheOtherPart } from '../spec-and-status.ts';
import { setPodSpecDefaults } from './pod/defaults.ts';
import { validatePodTemplate } from './pod/validate-pod-spec.ts';
import { podNameWarnings, podTemplateWarnings } from './pod/warnings.ts';
import { templateColumns, validateLastingPods, validateNonNegative } from './replicated-pods.ts';

type Controller = ObjectFields<V1ReplicationController>;
const controllerOf = (object: AnyObject): Controller => fieldsOf<V1ReplicationController>(object);

export const replicationController = defineKind({
  kind: 'ReplicationController',
  shortNames: ['rc'],
  categories: ['all'],
  schema: 'k8s.io.api.core.v1.ReplicationController',
  storagePrefix: 'controllers',
  subresources: ['scale', 'status'],
  returnsDeletedObject: true,
  defaultPropagation: 'Orphan',
  validateName: declaredSubdomainName,

  setDefaults(object) {
    const controller = controllerOf(object);
    const spec = (controller.spec ??= {});
    const labels = spec.template?.metadata?.labels;
    if (labels) {
      if (!Object.keys(spec.selector ?? {}).length) spec.selector = { ...labels };
      if (!Object.keys(controller.metadata.labels ?? {}).length) controller.metadata.labels = { ...labels };
    }
    spec.replicas ??= 1;
    if (spec.template) setPodSpecDefaults((spec.template.spec ??= {}));
  },

  prepareForCreate(object) {
    object['status'] = { replicas: 0 };
  },
  prepareForUpdate: keepTheOtherPart,

  validate: (object) => validateSpec(controllerOf(object)).list,

  validateUpdate(object, _old, { subresource }) {
    if (subresource !== 'status') return validateSpec(controllerOf(object)).list;
    const errors = new FieldErrors();
    validateReplicaCounts(
      controllerOf(object).status ?? {},
      ['replicas', 'fullyLabeledReplicas', 'readyReplicas', 'availableReplicas', 'observedGeneration'],
      ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'],
      errors,
    );
    return errors.list;
  },

  warnings(object, old) {
    const { metadata, spec } = controllerOf(object);
    if (old && semanticallyEqual(spec, controllerOf(old).spec)) return [];
    return [
      ...(old ? [] : podNameWarnings(metadata.name)),
      ...(spec?.template ? podTemplateWarnings(spec.template, 'spec.template') : []),
    ];
  },

  selectableFields: { 'status.replicas': (object) => String(controllerOf(object).status?.replicas ?? 0) },

  columns: [
    { name: 'Desired', type: 'integer', value: (object) => controllerOf(object).spec?.replicas ?? 0 },
    { name: 'Current', type: 'integer', value: (object) => controllerOf(object).status?.replicas ?? 0 },
    { name: 'Ready', type: 'integer', value: (object) => controllerOf(object).status?.readyReplicas ?? 0 },
    ...templateColumns(
      (object) => controllerOf(object).spec?.template,
      (object) => formatLabels(controllerOf(object).spec?.selector),
    ),
  ],

  scale: {
    specReplicas: '.spec.replicas',
    statusReplicas: '.status.replicas',
    selector: (object) => formatLabels(controllerOf(object).spec?.selector),
  },

  example: {
    apiVersion: 'v1',
    kind: 'ReplicationController',
    metadata: { name: 'example' },
    spec: {
      replicas: 1,
      selector: { app: 'example' },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
    },
  },
});

function validateSpec({ spec = {} }: Controller): FieldErrors {
  const errors = new FieldErrors();
  const { selector = {}, template } = spec;
  validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors);
  if (!Object.keys(selector).length) errors.required('spec.selector');
  validateNonNegative(spec.replicas, 'spec.replicas', errors);
  if (!template) {
    errors.required('spec.template');
    return errors;
  }
  const labels = template.metadata?.labels;
  const isSelected = Object.entries(selector).every(([key, value]) => labels?.[key] === value);
  if (!isSelected)
    errors.invalid(
      'spec.template.metadata.labels',
      printedLabels(labels),
      '`selector` does not match template `labels`',
    );
  validatePodTemplate(template, 'spec.template', errors);
  validateLastingPods(template, 'ReplicationController', errors);
  return errors;
}
