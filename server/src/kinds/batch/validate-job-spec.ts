/** What a job's spec must be, alone or as a CronJob's template. */
// Like ValidateJobSpec of pkg/apis/batch/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import { validatePodTemplate } from '../core/pod/validate-pod-spec.ts';
import { podTemplateWarnings } from '../core/pod/warnings.ts';
import { isUsable, validateNonNegative } from '../core/replicated-pods.ts';
import { validateDomainPrefixedPath } from '../domain-prefixed-path.ts';
import { goStruct } from '../go-struct.ts';
import { printedLabels, selectorMatches, validateLabelSelector } from '../label-selectors.ts';
import type { JobSpec } from './job-fields.ts';
import { validatePodFailurePolicy } from './pod-failure-policy.ts';
import { validateSuccessPolicy } from './success-policy.ts';

const longestManager = 63;
const mostParallelIndexes = 100_000;
const mostFailedIndexes = 100_000;
const manyCompletions = 100_000;
const mostWithManyCompletions = 10_000;
const needsIndexes = 'requires indexed completion mode';

/** For a job itself, which must have a selector. */
export function validateJobSpec(spec: JobSpec, errors: FieldErrors): void {
  validateUnselectedJobSpec(spec, 'spec', errors);
  const { selector, template } = spec;
  if (selector) validateLabelSelector(selector, 'spec.selector', errors);
  else errors.required('spec.selector');
  const labels = template?.metadata?.labels;
  if (!selector || (isUsable(selector) && !selectorMatches(selector, labels)))
    errors.invalid(
      'spec.template.metadata.labels',
      printedLabels(labels),
      '`selector` does not match template `labels`',
    );
}

/** For a template too, whose jobs will get their selectors. */
export function validateUnselectedJobSpec(spec: JobSpec, path: string, errors: FieldErrors): void {
  for (const field of [
    'parallelism',
    'completions',
    'activeDeadlineSeconds',
    'backoffLimit',
    'ttlSecondsAfterFinished',
    'backoffLimitPerIndex',
    'maxFailedIndexes',
  ] as const)
    validateNonNegative(spec[field], `${path}.${field}`, errors);
  if (spec.maxFailedIndexes !== undefined && spec.backoffLimitPerIndex === undefined)
    errors.required(`${path}.backoffLimitPerIndex`, 'when maxFailedIndexes is specified');
  validateManager(spec, `${path}.managedBy`, errors);
  validateCompletionMode(spec, path, errors);
  if (spec.podFailurePolicy) validatePodFailurePolicy(spec, `${path}.podFailurePolicy`, errors);
  if (spec.successPolicy) {
    if (spec.completionMode === 'Indexed') validateSuccessPolicy(spec, `${path}.successPolicy`, errors);
    else
      errors.invalid(
        `${path}.successPolicy`,
        goStruct(spec.successPolicy, 'k8s.io.api.batch.v1.SuccessPolicy'),
        needsIndexes,
      );
  }
  validateReplacement(spec, `${path}.podReplacementPolicy`, errors);
  validatePodTemplate(spec.template ?? {}, `${path}.template`, errors);
  validateRestartPolicy(spec, `${path}.template.spec.restartPolicy`, errors);
}

function validateManager({ managedBy }: JobSpec, path: string, errors: FieldErrors): void {
  if (managedBy === undefined) return;
  validateDomainPrefixedPath(managedBy, path, errors);
  if (Buffer.byteLength(managedBy) > longestManager) errors.tooLong(path, longestManager);
}

function validateCompletionMode(spec: JobSpec, path: string, errors: FieldErrors): void {
  const { completionMode, backoffLimitPerIndex, maxFailedIndexes } = spec;
  if (completionMode !== undefined && completionMode !== 'NonIndexed' && completionMode !== 'Indexed')
    errors.notSupported(`${path}.completionMode`, completionMode, ['NonIndexed', 'Indexed']);
  if (completionMode === 'Indexed') validateIndexedJob(spec, path, errors);
  if (completionMode !== undefined && completionMode !== 'NonIndexed') return;
  if (backoffLimitPerIndex !== undefined)
    errors.invalid(`${path}.backoffLimitPerIndex`, backoffLimitPerIndex, needsIndexes);
  if (maxFailedIndexes !== undefined) errors.invalid(`${path}.maxFailedIndexes`, maxFailedIndexes, needsIndexes);
}

function validateIndexedJob(spec: JobSpec, path: string, errors: FieldErrors): void {
  const { completions, parallelism = 0, maxFailedIndexes, backoffLimitPerIndex } = spec;
  if (completions === undefined) errors.required(`${path}.completions`, 'when completion mode is Indexed');
  if (parallelism > mostParallelIndexes)
    errors.invalid(
      `${path}.parallelism`,
      parallelism,
      `must be less than or equal to ${mostParallelIndexes} when completion mode is Indexed`,
    );
  const failed = maxFailedIndexes ?? 0;
  if (completions !== undefined && failed > completions)
    errors.invalid(`${path}.maxFailedIndexes`, failed, 'must be less than or equal to completions');
  if (failed > mostFailedIndexes)
    errors.invalid(`${path}.maxFailedIndexes`, failed, `must be less than or equal to ${mostFailedIndexes}`);
  if (completions === undefined || completions <= manyCompletions || backoffLimitPerIndex === undefined) return;
  const limit = `must be less than or equal to ${mostWithManyCompletions} when completions are above ${manyCompletions} and used with backoff limit per index`;
  if (maxFailedIndexes === undefined)
    errors.required(`${path}.maxFailedIndexes`, `must be specified when completions is above ${manyCompletions}`);
  if (parallelism > mostWithManyCompletions) errors.invalid(`${path}.parallelism`, parallelism, limit);
  if (failed > mostWithManyCompletions) errors.invalid(`${path}.maxFailedIndexes`, failed, limit);
}

function validateReplacement({ podReplacementPolicy, podFailurePolicy }: JobSpec, path: string, errors: FieldErrors) {
  if (podReplacementPolicy === undefined) return;
  const policies = podFailurePolicy ? ['Failed'] : ['Failed', 'TerminatingOrFailed'];
  if (!policies.includes(podReplacementPolicy)) errors.notSupported(path, podReplacementPolicy, policies);
}

// A policy that is not given has become Always.
function validateRestartPolicy({ template, podFailurePolicy }: JobSpec, path: string, errors: FieldErrors): void {
  const { restartPolicy = 'Always' } = template?.spec ?? {};
  if (restartPolicy === 'Always' || restartPolicy === '') errors.required(path, 'valid values: "OnFailure", "Never"');
  else if (restartPolicy !== 'OnFailure' && restartPolicy !== 'Never')
    errors.notSupported(path, restartPolicy, ['OnFailure', 'Never']);
  else if (podFailurePolicy && restartPolicy !== 'Never')
    errors.invalid(path, restartPolicy, 'only "Never" is supported when podFailurePolicy is specified');
}

// Like WarningsForJobSpec.
export function jobSpecWarnings(spec: JobSpec, path: string): string[] {
  const { completionMode, completions = 0, parallelism = 0, template = {} } = spec;
  const isLarge =
    completionMode === 'Indexed' && completions > manyCompletions && parallelism > mostWithManyCompletions;
  return [
    ...(isLarge
      ? [
          `${path}: In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`,
        ]
      : []),
    ...podTemplateWarnings(template, `${path}.template`),
  ];
}
