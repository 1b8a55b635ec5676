/** What may change in a pod once it stands: images, deadline, more tolerations, fewer gates, and little else. */
// Like ValidatePodUpdate, ValidatePodEphemeralContainersUpdate and ValidatePodResize of pkg/apis/core/validation.
import type { V1Toleration } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { rangeMessage } from '@naru/api/names';
import { goQuote } from '@naru/api/go-values';
import { semanticallyEqual } from '../../equality.ts';
import type { Fields } from '../../fields.ts';
import { goDifference } from '../../go-difference.ts';
import { appArmorPrefix, mirrorAnnotation, validatePodAnnotations } from './annotations.ts';
import type { Annotations } from './annotations.ts';
import { validateGatedChanges } from './gated-pod.ts';
import { validateTolerations } from './tolerations.ts';
import { validateAnyPod } from './validate-pod.ts';
import type { Container, Pod, PodSpec } from './pod-fields.ts';

const changeable = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',');

const maxInt32 = 2 ** 31 - 1;

export function validatePodUpdate(pod: Pod, old: Pod, errors: FieldErrors): void {
  const { spec = {} } = pod;
  const { spec: oldSpec = {} } = old;
  validateAnyPod(pod, errors);
  validateAnnotationChanges(pod, old, errors);
  for (const list of ['containers', 'initContainers'] as const)
    if (!validateContainerChanges(spec[list] ?? [], oldSpec[list] ?? [], `spec.${list}`, errors)) return;
  if (!validateDeadlineChange(spec, oldSpec, errors)) return;
  validateTolerationChanges(spec.tolerations ?? [], oldSpec.tolerations ?? [], errors);
  validateGateChanges(spec, oldSpec, errors);
  if (semanticallyEqual(spec, oldSpec)) return;

  const comparable = withChangesUndone(spec, oldSpec);
  if (oldSpec.schedulingGates?.length) validateGatedChanges(comparable, oldSpec, errors);
  if (!semanticallyEqual(comparable, oldSpec))
    errors.forbidden(
      'spec',
      `pod updates may not change fields other than ${changeable}\n${goDifference(oldSpec, comparable, 'k8s.io.api.core.v1.PodSpec')}`,
    );
}

/** The new spec with everything that may change as it was. */
function withChangesUndone(spec: PodSpec, old: PodSpec): PodSpec {
  const undone: PodSpec = structuredClone(spec);
  for (const list of ['containers', 'initContainers'] as const)
    (undone[list] ?? []).forEach((container, index) => {
      const image = old[list]?.[index]?.image;
      if (image !== undefined) container.image = image;
    });
  keep(undone, old, 'activeDeadlineSeconds');
  keep(undone, old, 'schedulingGates');
  keep(undone, old, 'tolerations');
  if ((old.terminationGracePeriodSeconds ?? 0) < 0 && undone.terminationGracePeriodSeconds === 1)
    keep(undone, old, 'terminationGracePeriodSeconds');
  return undone;
}

function keep<Key extends keyof PodSpec>(spec: PodSpec, old: PodSpec, key: Key): void {
  const value = old[key];
  if (value === undefined) delete spec[key];
  else spec[key] = value;
}

function validateAnnotationChanges(pod: Pod, old: Pod, errors: FieldErrors): void {
  const annotations: Annotations = pod.metadata.annotations;
  const before = new Map(Object.entries(old.metadata.annotations ?? {}));
  const after = new Map(Object.entries(annotations ?? {}));
  const refuse = (key: string, what: 'may not remove or update' | 'may not add') => {
    if (key.startsWith(appArmorPrefix))
      errors.forbidden(`metadata.annotations[${key}]`, `${what} AppArmor annotations`);
    if (key === mirrorAnnotation) errors.forbidden(`metadata.annotations[${key}]`, `${what} mirror pod annotation`);
  };
  for (const [key, value] of before) if (after.get(key) !== value) refuse(key, 'may not remove or update');
  for (const key of after.keys()) if (!before.has(key)) refuse(key, 'may not add');
  validatePodAnnotations(annotations, pod.spec ?? {}, 'metadata.annotations', errors);
}

/** False when what follows would make no sense. */
function validateContainerChanges(
  containers: readonly Container[],
  old: readonly Container[],
  path: string,
  errors: FieldErrors,
): boolean {
  if (containers.length !== old.length) {
    errors.forbidden(path, 'pod updates may not add or remove containers');
    return false;
  }
  containers.forEach(({ image = '' }, index) => {
    if (!image) errors.required(`${path}[${index}].image`);
    if (image.trim() !== image)
      errors.invalid(`${path}[${index}].image`, image, 'must not have leading or trailing whitespace');
  });
  return true;
}

function validateDeadlineChange(spec: PodSpec, old: PodSpec, errors: FieldErrors): boolean {
  const path = 'spec.activeDeadlineSeconds';
  const { activeDeadlineSeconds: deadline } = spec;
  const { activeDeadlineSeconds: before } = old;
  if (deadline === undefined) {
    if (before !== undefined) errors.invalid(path, null, 'must not update from a positive integer to nil value');
    return true;
  }
  if (deadline < 0 || deadline > maxInt32) {
    errors.invalid(path, deadline, rangeMessage(0, maxInt32));
    return false;
  }
  if (before !== undefined && before < deadline) {
    errors.invalid(path, deadline, 'must be less than or equal to previous value');
    return false;
  }
  return true;
}

type Toleration = Fields<V1Toleration>;

function validateTolerationChanges(
  tolerations: readonly Toleration[],
  old: readonly Toleration[],
  errors: FieldErrors,
): void {
  const isKept = ({ tolerationSeconds: _seconds, ...before }: Toleration) =>
    tolerations.some(({ tolerationSeconds: _now, ...after }) => semanticallyEqual(before, after));
  if (!old.every(isKept))
    errors.forbidden('spec.tolerations', 'existing toleration can not be modified except its tolerationSeconds');
  else validateTolerations(tolerations, 'spec.tolerations', errors);
}

function validateGateChanges({ schedulingGates = [] }: PodSpec, old: PodSpec, errors: FieldErrors): void {
  const before = new Set((old.schedulingGates ?? []).map(({ name }) => name));
  schedulingGates.forEach(({ name = '' }, index) => {
    if (!before.has(name))
      errors.forbidden(
        `spec.schedulingGates[${index}].name`,
        `only deletion is allowed, but found new scheduling gate '${name}'`,
      );
  });
}

/** Debugging containers may be added, never changed. */
export function validateEphemeralContainersUpdate(pod: Pod, old: Pod, errors: FieldErrors): void {
  validateAnyPod(pod, errors);
  validateAnnotationChanges(pod, old, errors);
  const now = pod.spec?.ephemeralContainers ?? [];
  for (const before of old.spec?.ephemeralContainers ?? []) {
    const after = now.find(({ name }) => name === before.name);
    const name = goQuote(before.name ?? '');
    if (!after)
      errors.forbidden('spec.ephemeralContainers', `existing ephemeral containers ${name} may not be removed\n`);
    else if (!semanticallyEqual(before, after))
      errors.forbidden(
        'spec.ephemeralContainers',
        `existing ephemeral containers ${name} may not be changed\n${goDifference(before, after, 'k8s.io.api.core.v1.EphemeralContainer')}`,
      );
  }
}
