/** What of a job may change once it is there: little, and more while it is suspended. */
// Like ValidateJobSpecUpdate of pkg/apis/batch/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import type { Container, PodTemplate } from '../core/pod/pod-fields.ts';
import { semanticallyEqual } from '../equality.ts';
import { goStruct } from '../go-struct.ts';
import type { Job, JobSpec } from './job-fields.ts';
import { validateJobSpec } from './validate-job-spec.ts';
import { printedSelector } from '../label-selectors.ts';

const immutable = 'field is immutable';

export function validateJobUpdate(job: Job, old: Job, errors: FieldErrors): void {
  const [spec, oldSpec] = [job.spec ?? {}, old.spec ?? {}];
  validateJobSpec(spec, errors);
  validateCompletions(spec, oldSpec, errors);
  if (!semanticallyEqual(spec.selector, oldSpec.selector))
    errors.invalid('spec.selector', printedSelector(spec.selector), immutable);
  const allowed = isSettled(old) ? withSchedulingOf(oldSpec.template ?? {}, spec.template ?? {}) : oldSpec.template;
  if (!semanticallyEqual(spec.template, allowed))
    errors.invalid('spec.template', goStruct(spec.template, 'k8s.io.api.core.v1.PodTemplateSpec'), immutable);
  validateFixed(spec, oldSpec, 'completionMode', errors);
  validateFixed(spec, oldSpec, 'podFailurePolicy', errors, 'PodFailurePolicy');
  validateFixed(spec, oldSpec, 'backoffLimitPerIndex', errors);
  validateFixed(spec, oldSpec, 'managedBy', errors);
  validateFixed(spec, oldSpec, 'successPolicy', errors, 'SuccessPolicy');
}

function validateFixed(
  spec: JobSpec,
  old: JobSpec,
  field: 'completionMode' | 'podFailurePolicy' | 'backoffLimitPerIndex' | 'managedBy' | 'successPolicy',
  errors: FieldErrors,
  type?: string,
): void {
  const value = spec[field];
  // A policy without rules is not the same as none.
  const isThere = value !== undefined;
  if (isThere === (old[field] !== undefined) && semanticallyEqual(value, old[field])) return;
  const printed = type && isThere ? goStruct(value, `k8s.io.api.batch.v1.${type}`) : (value ?? null);
  errors.invalid(`spec.${field}`, printed, immutable);
}

// An indexed job grows and shrinks with its parallelism.
function validateCompletions(spec: JobSpec, old: JobSpec, errors: FieldErrors): void {
  const { completions, parallelism, completionMode } = spec;
  if (completions === old.completions) return;
  if (completionMode !== 'Indexed') return errors.invalid('spec.completions', completions ?? null, immutable);
  if (completions !== undefined && completions !== parallelism)
    errors.invalid('spec.completions', completions, 'can only be modified in tandem with spec.parallelism');
}

/** Suspended, and nothing of it runs. */
function isSettled({ spec = {}, status = {} }: Job): boolean {
  if (!spec.suspend) return false;
  const isSuspended = status.conditions?.some(({ type, status: value }) => type === 'Suspended' && value === 'True');
  return status.startTime === undefined || (isSuspended === true && !status.active);
}

/** The old template with what of the new one only tells where pods run and what they are given; to be compared. */
function withSchedulingOf(old: PodTemplate, changed: PodTemplate): object {
  const [spec, oldSpec] = [changed.spec ?? {}, old.spec ?? {}];
  return {
    ...old,
    metadata: { ...old.metadata, labels: changed.metadata?.labels, annotations: changed.metadata?.annotations },
    spec: {
      ...oldSpec,
      nodeSelector: spec.nodeSelector,
      tolerations: spec.tolerations,
      schedulingGates: spec.schedulingGates,
      affinity: { ...oldSpec.affinity, nodeAffinity: spec.affinity?.nodeAffinity },
      containers: withResourcesOf(oldSpec.containers, spec.containers),
      initContainers: withResourcesOf(oldSpec.initContainers, spec.initContainers),
    },
  };
}

function withResourcesOf(old: Container[] = [], changed: Container[] = []): object[] {
  if (old.length !== changed.length) return old;
  return old.map((container, index) => ({ ...container, resources: changed[index]?.resources }));
}
