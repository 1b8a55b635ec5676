/** What a new pod must be, beyond its spec. */
// Like ValidatePodCreate and validatePodMetadataAndSpec of pkg/apis/core/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import { validatePodAnnotations, validateProfilesAgree } from './annotations.ts';
import { validateImageBlanks } from './containers.ts';
import { validatePodSpec } from './validate-pod-spec.ts';
import type { Pod, PodSpec } from './pod-fields.ts';

export function validateNewPod(pod: Pod, errors: FieldErrors): void {
  const spec: PodSpec = pod.spec ?? {};
  validateAnyPod(pod, errors);
  if (spec.ephemeralContainers?.length) errors.forbidden('spec.ephemeralContainers', 'cannot be set on create');
  if (spec.nodeName && spec.schedulingGates?.length)
    errors.forbidden('spec.nodeName', 'cannot be set until all schedulingGates have been cleared');
  validateProfilesAgree(pod.metadata, spec, 'spec', errors);
}

/** What holds for a pod at any time. */
export function validateAnyPod(pod: Pod, errors: FieldErrors): void {
  const { metadata } = pod;
  const spec: PodSpec = pod.spec ?? {};
  validatePodAnnotations(metadata.annotations, spec, 'metadata.annotations', errors);
  validatePodSpec(spec, { podName: metadata.name ?? '', isPod: true }, 'spec', errors);
  if (!spec.serviceAccountName)
    (spec.volumes ?? []).forEach(({ projected }, volume) =>
      (projected?.sources ?? []).forEach(({ serviceAccountToken }, source) => {
        if (serviceAccountToken)
          errors.forbidden(
            `spec.volumes[${volume}].projected.sources[${source}].serviceAccountToken`,
            'must not be specified when serviceAccountName is not set',
          );
      }),
    );
  for (const list of ['containers', 'initContainers'] as const)
    (spec[list] ?? []).forEach((container, index) => validateImageBlanks(container, `spec.${list}[${index}]`, errors));
}
