/** What may change in a running pod's resources. */
// Like ValidatePodResize of pkg/apis/core/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import { semanticallyEqual } from '../../equality.ts';
import { mirrorAnnotation } from './annotations.ts';
import { isSidecar } from './pod-fields.ts';
import type { Container, Pod, Resources } from './pod-fields.ts';
import { qosClass } from './qos-class.ts';
import { validateAnyPod } from './validate-pod.ts';

export function validatePodResize(pod: Pod, old: Pod, errors: FieldErrors): void {
  const { spec = {} } = pod;
  const { spec: oldSpec = {} } = old;
  if (Object.hasOwn(old.metadata.annotations ?? {}, mirrorAnnotation))
    return errors.forbidden('', 'static pods cannot be resized');
  if (oldSpec.os?.name === 'windows') return errors.forbidden('', 'windows pods cannot be resized');
  validateAnyPod(pod, errors);
  if ((old.status?.qosClass ?? qosClass(oldSpec)) !== qosClass(spec))
    errors.invalid('spec', pod.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing');
  if (old.status?.containerStatuses?.find(({ state }) => state?.running)?.resources === undefined && isRunning(old))
    errors.forbidden('spec', 'Pod running on node without support for resize');
  for (const list of ['initContainers', 'containers'] as const)
    (oldSpec[list] ?? []).forEach((before, index) => {
      const after = spec[list]?.[index];
      if (!after) return;
      const at = `spec.${list}[${index}].resources`;
      if (list === 'containers' || isSidecar(before)) validateRemovals(after, before, at, errors);
      validateOnlyComputeChanged(after, before, list, errors);
    });
}

const isRunning = ({ status }: Pod) => Boolean(status?.containerStatuses?.some(({ state }) => state?.running));

function validateRemovals(after: Container, before: Container, path: string, errors: FieldErrors): void {
  for (const [field, name] of [
    ['requests', 'requests'],
    ['limits', 'limits'],
  ] as const) {
    const had = Object.keys(before.resources?.[field] ?? {});
    if (had.some((resource) => !Object.hasOwn(after.resources?.[field] ?? {}, resource)))
      errors.forbidden(`${path}.${field}`, `resource ${name} cannot be removed`);
  }
}

function validateOnlyComputeChanged(
  after: Container,
  before: Container,
  list: 'containers' | 'initContainers',
  errors: FieldErrors,
): void {
  if (list === 'initContainers' && !isSidecar(after)) {
    if (!semanticallyEqual(after, before))
      errors.forbidden('spec', 'resources for non-sidecar init containers are immutable');
    return;
  }
  const others = (resources: Resources | undefined) =>
    (['requests', 'limits'] as const).map((field) =>
      Object.entries(resources?.[field] ?? {}).filter(([name]) => name !== 'cpu' && name !== 'memory'),
    );
  if (
    !semanticallyEqual(others(after.resources), others(before.resources)) ||
    !semanticallyEqual(after.resources?.claims, before.resources?.claims)
  )
    errors.forbidden(
      'spec',
      list === 'containers'
        ? 'only cpu and memory resources are mutable'
        : 'only cpu and memory resources for sidecar containers are mutable',
    );
}
