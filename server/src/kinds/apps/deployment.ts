/** Deployment: pods after a template, replaced step by step when the template changes. */
// Like pkg/registry/apps/deployment and ValidateDeployment.
import type { V1Deployment, V1DeploymentSpec, V1DeploymentStatus } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { setPodSpecDefaults } from '../core/pod/defaults.ts';
import { podNameWarnings, podTemplateWarnings } from '../core/pod/warnings.ts';
import { templateColumns, validateNonNegative, validateSelectedPods } from '../core/replicated-pods.ts';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { goStruct } from '../go-struct.ts';
import { formatLabelSelector, printedSelector } from '../label-selectors.ts';
import { isZeroAmount, validateAmount, validateAtMostAll } from './int-or-percent.ts';
import { validateReplicaCounts } from './replica-counts.ts';

type Spec = Fields<V1DeploymentSpec>;
const deploymentOf = (object: AnyObject) => fieldsOf<V1Deployment>(object);

export const deployment = defineKind({
  group: 'apps',
  kind: 'Deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  schema: 'k8s.io.api.apps.v1.Deployment',
  subresources: ['scale', 'status'],

  setDefaults(object) {
    const { spec } = deploymentOf(object);
    if (spec) setSpecDefaults(spec);
    else deploymentOf(object).spec = setSpecDefaults({});
  },

  prepareForCreate(object) {
    object['status'] = {};
  },

  prepareForUpdate(object, old, { subresource }) {
    const kept = subresource === 'status' ? 'spec' : 'status';
    object[kept] = old[kept];
    if (subresource === 'status') object.metadata.labels = old.metadata.labels ?? {};
  },

  validate: (object) => validateSpec(deploymentOf(object).spec ?? {}).list,

  validateUpdate(object, old, { subresource }) {
    const [changed, stored] = [deploymentOf(object), deploymentOf(old)];
    if (subresource === 'status') return validateStatus(changed.status ?? {}, stored.status ?? {}).list;
    const errors = validateSpec(changed.spec ?? {});
    if (!semanticallyEqual(changed.spec?.selector, stored.spec?.selector))
      errors.invalid('spec.selector', printedSelector(changed.spec?.selector), 'field is immutable');
    return errors.list;
  },

  warnings(object, old) {
    const { metadata, spec } = deploymentOf(object);
    if (old && semanticallyEqual(spec, deploymentOf(old).spec)) return [];
    return [
      ...(old ? [] : podNameWarnings(metadata.name)),
      ...podTemplateWarnings(spec?.template ?? {}, 'spec.template'),
    ];
  },

  columns: [
    {
      name: 'Ready',
      value(object) {
        const { spec, status } = deploymentOf(object);
        return `${status?.readyReplicas ?? 0}/${spec?.replicas ?? 0}`;
      },
    },
    { name: 'Up-to-date', value: (object) => deploymentOf(object).status?.updatedReplicas ?? 0 },
    { name: 'Available', value: (object) => deploymentOf(object).status?.availableReplicas ?? 0 },
    ...templateColumns(
      (object) => deploymentOf(object).spec?.template,
      (object) => formatLabelSelector(deploymentOf(object).spec?.selector),
    ),
  ],

  scale: {
    specReplicas: '.spec.replicas',
    statusReplicas: '.status.replicas',
    selector: (object) => formatLabelSelector(deploymentOf(object).spec?.selector),
  },

  example: {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'example' },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
    },
  },
});

// Like SetDefaults_Deployment.
function setSpecDefaults(spec: Spec): Spec {
  spec.replicas ??= 1;
  const strategy = (spec.strategy ??= {});
  strategy.type ||= 'RollingUpdate';
  if (strategy.type === 'RollingUpdate') {
    const rolling = (strategy.rollingUpdate ??= {});
    rolling.maxUnavailable ??= '25%';
    rolling.maxSurge ??= '25%';
  }
  spec.revisionHistoryLimit ??= 10;
  spec.progressDeadlineSeconds ??= 600;
  setPodSpecDefaults(((spec.template ??= {}).spec ??= {}));
  return spec;
}

function validateSpec(spec: Spec): FieldErrors {
  const errors = new FieldErrors();
  validateNonNegative(spec.replicas, 'spec.replicas', errors);
  validateSelectedPods(
    { selector: spec.selector, template: spec.template, emptySelectorOf: 'deployment', deadlineIn: 'ReplicaSet' },
    errors,
  );
  validateStrategy(spec, errors);
  validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors);
  validateNonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit', errors);
  const deadline = spec.progressDeadlineSeconds;
  validateNonNegative(deadline, 'spec.progressDeadlineSeconds', errors);
  if (deadline !== undefined && deadline <= (spec.minReadySeconds ?? 0))
    errors.invalid('spec.progressDeadlineSeconds', deadline, 'must be greater than minReadySeconds');
  return errors;
}

function validateStrategy({ strategy = {} }: Spec, errors: FieldErrors): void {
  const { type = '', rollingUpdate } = strategy;
  if (type === 'Recreate') {
    if (rollingUpdate)
      errors.forbidden('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'");
    return;
  }
  if (type !== 'RollingUpdate')
    return errors.notSupported('spec.strategy', goStruct(strategy, 'k8s.io.api.apps.v1.DeploymentStrategy'), [
      'Recreate',
      'RollingUpdate',
    ]);
  const { maxUnavailable = 0, maxSurge = 0 } = rollingUpdate ?? {};
  const path = 'spec.strategy.rollingUpdate';
  validateAmount(maxUnavailable, `${path}.maxUnavailable`, errors);
  validateAmount(maxSurge, `${path}.maxSurge`, errors);
  if (isZeroAmount(maxUnavailable) && isZeroAmount(maxSurge))
    errors.invalid(`${path}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0');
  validateAtMostAll(maxUnavailable, `${path}.maxUnavailable`, errors);
}

function validateStatus(status: Fields<V1DeploymentStatus>, old: Fields<V1DeploymentStatus>): FieldErrors {
  const errors = new FieldErrors();
  validateReplicaCounts(
    status,
    [
      'observedGeneration',
      'replicas',
      'updatedReplicas',
      'readyReplicas',
      'availableReplicas',
      'unavailableReplicas',
      'terminatingReplicas',
      'collisionCount',
    ],
    ['updatedReplicas', 'readyReplicas', 'availableReplicas'],
    errors,
  );
  const { collisionCount } = status;
  if (old.collisionCount !== undefined && (collisionCount ?? -1) < old.collisionCount)
    errors.invalid('status.collisionCount', collisionCount ?? null, 'cannot be decremented');
  return errors;
}
