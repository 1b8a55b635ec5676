/** What a StatefulSet's spec must be. */
// Like ValidateStatefulSetSpec of pkg/apis/apps/validation.
import type { V1StatefulSet, V1StatefulSetSpec, V1StatefulSetStatus } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { validateClaimSpec } from '../core/claim-spec.ts';
import type { PodTemplate } from '../core/pod/pod-fields.ts';
import { validatePodTemplate } from '../core/pod/validate-pod-spec.ts';
import { isUsable, validateLastingPods, validateNonNegative } from '../core/replicated-pods.ts';
import type { Fields, ObjectFields } from '../fields.ts';
import { goStruct } from '../go-struct.ts';
import {
  isEmptySelector,
  printedLabels,
  printedSelector,
  selectorMatches,
  validateLabelSelector,
} from '../label-selectors.ts';
import { validateAmount, validateAtMostAll } from './int-or-percent.ts';

export type StatefulSet = ObjectFields<V1StatefulSet>;
export type StatefulSetSpec = Fields<V1StatefulSetSpec>;
export type StatefulSetStatus = Fields<V1StatefulSetStatus>;

export function validateStatefulSetSpec(spec: StatefulSetSpec, errors: FieldErrors): void {
  const { podManagementPolicy = '', ordinals, minReadySeconds, template = {} } = spec;
  if (!podManagementPolicy) errors.required('spec.podManagementPolicy');
  else if (!['OrderedReady', 'Parallel'].includes(podManagementPolicy))
    errors.invalid('spec.podManagementPolicy', podManagementPolicy, "must be 'OrderedReady' or 'Parallel'");
  validateUpdateStrategy(spec, errors);
  validateRetention(spec, errors);
  validateNonNegative(spec.replicas, 'spec.replicas', errors);
  validateNonNegative(minReadySeconds, 'spec.minReadySeconds', errors);
  validateNonNegative(ordinals?.start, 'spec.ordinals.start', errors);
  (spec.volumeClaimTemplates ?? []).forEach((claim, index) => {
    validateClaimSpec(claim.spec ?? {}, `spec.volumeClaimTemplates[${index}].spec`, errors);
  });
  validateSelectorAndTemplate(spec, errors);
  validateLastingPods(template, 'StatefulSet', errors);
}

function validateUpdateStrategy({ updateStrategy = {} }: StatefulSetSpec, errors: FieldErrors): void {
  const path = 'spec.updateStrategy';
  const { type = '', rollingUpdate } = updateStrategy;
  if (!type) return errors.required(path);
  if (type === 'OnDelete') {
    if (rollingUpdate)
      errors.invalid(
        `${path}.rollingUpdate`,
        goStruct(rollingUpdate, 'k8s.io.api.apps.v1.RollingUpdateStatefulSetStrategy'),
        "only allowed for updateStrategy 'RollingUpdate'",
      );
    return;
  }
  if (type !== 'RollingUpdate')
    return errors.invalid(
      path,
      goStruct(updateStrategy, 'k8s.io.api.apps.v1.StatefulSetUpdateStrategy'),
      "must be 'RollingUpdate' or 'OnDelete'",
    );
  const { partition, maxUnavailable } = rollingUpdate ?? {};
  validateNonNegative(partition, `${path}.rollingUpdate.partition`, errors);
  if (maxUnavailable === undefined) return;
  validateAmount(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`, errors);
  validateAtMostAll(maxUnavailable, `${path}.rollingUpdate.maxUnavailable`, errors);
}

const retentions = ['Retain', 'Delete'];

function validateRetention(
  { persistentVolumeClaimRetentionPolicy: retention }: StatefulSetSpec,
  errors: FieldErrors,
): void {
  if (!retention) return;
  const path = 'spec.persistentVolumeClaimRetentionPolicy';
  const { whenDeleted = '', whenScaled = '' } = retention;
  if (!retentions.includes(whenDeleted)) errors.notSupported(`${path}.whenDeleted`, whenDeleted, retentions);
  if (!retentions.includes(whenScaled)) errors.notSupported(`${path}.whenScaled`, whenScaled, retentions);
}

function validateSelectorAndTemplate(spec: StatefulSetSpec, errors: FieldErrors): void {
  const { selector, template = {} } = spec;
  if (!selector) errors.required('spec.selector');
  else {
    validateLabelSelector(selector, 'spec.selector', errors);
    if (isEmptySelector(selector))
      errors.invalid('spec.selector', printedSelector(selector), 'empty selector is invalid for statefulset');
    if (!isUsable(selector)) return errors.invalid('spec.selector', printedSelector(selector));
  }
  const labels = template.metadata?.labels;
  if (!selector || (!isEmptySelector(selector) && !selectorMatches(selector, labels)))
    errors.invalid(
      'spec.template.metadata.labels',
      printedLabels(labels),
      '`selector` does not match template `labels`',
    );
  validatePodTemplate(withClaimVolumes(template, spec), 'spec.template', errors);
}

/** The template as pods get it: each claim template makes a volume, in the place of one of the same name. */
function withClaimVolumes(template: PodTemplate, { volumeClaimTemplates = [] }: StatefulSetSpec): PodTemplate {
  if (!volumeClaimTemplates.length) return template;
  const names = volumeClaimTemplates.map(({ metadata }) => metadata?.name ?? '');
  const volumes = (template.spec?.volumes ?? []).filter(({ name = '' }) => !names.includes(name));
  return {
    ...template,
    spec: {
      ...template.spec,
      volumes: [...names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } })), ...volumes],
    },
  };
}
