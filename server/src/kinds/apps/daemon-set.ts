/** DaemonSet: a pod after a template on every node that fits. */
// Like pkg/registry/apps/daemonset and ValidateDaemonSet.
import type { V1DaemonSet, V1DaemonSetSpec, V1DaemonSetStatus } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { setPodSpecDefaults } from '../core/pod/defaults.ts';
import { validatePodTemplate } from '../core/pod/validate-pod-spec.ts';
import { podTemplateWarnings } from '../core/pod/warnings.ts';
import { isUsable, templateColumns, validateLastingPods, validateNonNegative } from '../core/replicated-pods.ts';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields } from '../fields.ts';
import {
  formatLabelSelector,
  formatLabels,
  isEmptySelector,
  printedLabels,
  printedSelector,
  selectorMatches,
  validateLabelSelector,
} from '../label-selectors.ts';
import { keep } from '../spec-and-status.ts';
import { validateUpdateStrategy } from './update-strategy.ts';

type Spec = Fields<V1DaemonSetSpec>;
type Status = Fields<V1DaemonSetStatus>;
const setOf = (object: AnyObject) => fieldsOf<V1DaemonSet>(object);

export const templateGenerationAnnotation = 'deprecated.daemonset.template.generation';

export const daemonSet = defineKind({
  group: 'apps',
  kind: 'DaemonSet',
  shortNames: ['ds'],
  categories: ['all'],
  schema: 'k8s.io.api.apps.v1.DaemonSet',
  subresources: ['status'],

  setDefaults(object) {
    const spec = (setOf(object).spec ??= {});
    const strategy = (spec.updateStrategy ??= {});
    strategy.type ||= 'RollingUpdate';
    if (strategy.type === 'RollingUpdate') {
      const rolling = (strategy.rollingUpdate ??= {});
      rolling.maxUnavailable ??= 1;
      rolling.maxSurge ??= 0;
    }
    spec.revisionHistoryLimit ??= 10;
    setPodSpecDefaults(((spec.template ??= {}).spec ??= {}));
    setTemplateGeneration(object, templateGeneration(object));
  },

  prepareForCreate(object) {
    object['status'] = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
    setTemplateGeneration(object, Math.max(1, templateGeneration(object)));
  },

  prepareForUpdate(object, old, { subresource }) {
    keep(object, old, subresource === 'status' ? 'spec' : 'status');
    const isChanged = !semanticallyEqual(setOf(object).spec?.template, setOf(old).spec?.template);
    setTemplateGeneration(object, templateGeneration(old) + (isChanged ? 1 : 0));
  },

  validate: (object) => validateSpec(setOf(object).spec ?? {}).list,

  validateUpdate(object, old, { subresource }) {
    const [changed, stored] = [setOf(object), setOf(old)];
    const errors = new FieldErrors();
    if (subresource === 'status') {
      validateStatus(changed.status ?? {}, stored.status ?? {}, errors);
      return errors.list;
    }
    if (!semanticallyEqual(changed.spec?.selector, stored.spec?.selector))
      errors.invalid('spec.selector', printedSelector(changed.spec?.selector), 'field is immutable');
    return [...errors.list, ...validateSpec(changed.spec ?? {}).list];
  },

  warnings(object, old) {
    const { spec } = setOf(object);
    if (old && semanticallyEqual(spec, setOf(old).spec)) return [];
    return podTemplateWarnings(spec?.template ?? {}, 'spec.template');
  },

  columns: [
    count('Desired', 'desiredNumberScheduled'),
    count('Current', 'currentNumberScheduled'),
    count('Ready', 'numberReady'),
    count('Up-to-date', 'updatedNumberScheduled'),
    count('Available', 'numberAvailable'),
    { name: 'Node Selector', value: (object) => formatLabels(setOf(object).spec?.template?.spec?.nodeSelector) },
    ...templateColumns(
      (object) => setOf(object).spec?.template,
      (object) => formatLabelSelector(setOf(object).spec?.selector),
    ),
  ],

  example: {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'example' },
    spec: {
      selector: { matchLabels: { app: 'example' } },
      template: { metadata: { labels: { app: 'example' } }, spec: { containers: [{ name: 'main', image: 'nginx' }] } },
    },
  },
});

function count(name: string, field: keyof Status & `${string}umber${string}`) {
  return { name, type: 'integer' as const, value: (object: AnyObject) => setOf(object).status?.[field] ?? 0 };
}

/** How often the template has changed, which the annotation tells since the field is gone. */
function templateGeneration({ metadata }: AnyObject): number {
  return Number.parseInt(metadata.annotations?.[templateGenerationAnnotation] ?? '', 10) || 0;
}

function setTemplateGeneration({ metadata }: AnyObject, generation: number): void {
  metadata.annotations = { ...metadata.annotations, [templateGenerationAnnotation]: String(generation) };
}

function validateSpec(spec: Spec): FieldErrors {
  const errors = new FieldErrors();
  const { selector, template = {} } = spec;
  validateLabelSelector(selector, 'spec.selector', errors);
  const labels = template.metadata?.labels;
  // No selector at all selects nothing; one with errors is not compared.
  if (!selector || (isUsable(selector) && !selectorMatches(selector, labels)))
    errors.invalid(
      'spec.template.metadata.labels',
      printedLabels(labels),
      '`selector` does not match template `labels`',
    );
  if (selector && isEmptySelector(selector))
    errors.invalid('spec.selector', printedSelector(selector), 'empty selector is invalid for daemonset');
  validatePodTemplate(template, 'spec.template', errors);
  validateLastingPods(template, 'DaemonSet', errors);
  validateNonNegative(spec.minReadySeconds, 'spec.minReadySeconds', errors);
  validateUpdateStrategy(spec.updateStrategy ?? {}, errors);
  validateNonNegative(spec.revisionHistoryLimit, 'spec.revisionHistoryLimit', errors);
  return errors;
}

const counts = [
  'currentNumberScheduled',
  'numberMisscheduled',
  'desiredNumberScheduled',
  'numberReady',
  'observedGeneration',
  'updatedNumberScheduled',
  'numberAvailable',
  'numberUnavailable',
  'collisionCount',
] as const;

function validateStatus(status: Status, old: Status, errors: FieldErrors): void {
  for (const field of counts) validateNonNegative(status[field], `status.${field}`, errors);
  const { collisionCount = 0 } = status;
  if (old.collisionCount !== undefined && collisionCount < old.collisionCount)
    errors.invalid('status.collisionCount', collisionCount, 'cannot be decremented');
}
