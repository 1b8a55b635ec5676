/** Job: pods that run until enough of them have succeeded. */
// Like pkg/registry/batch/job, SetDefaults_Job and ValidateJob.
import { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Label } from '@naru/api/names';
import { setPodSpecDefaults } from '../core/pod/defaults.ts';
import { podNameWarnings } from '../core/pod/warnings.ts';
import { templateColumns } from '../core/replicated-pods.ts';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { formatLabelSelector } from '../label-selectors.ts';
import { keepTheOtherPart } from '../spec-and-status.ts';
import { humanDuration } from '../table-columns.ts';
import { jobOf } from './job-fields.ts';
import type { Job, JobSpec } from './job-fields.ts';
import { hasPrefixedLabels, setSelector, validateGeneratedSelector } from './job-selector.ts';
import { validateJobStatusUpdate } from './job-status.ts';
import { validateJobUpdate } from './job-update.ts';
import { jobSpecWarnings, validateJobSpec } from './validate-job-spec.ts';

export const job = defineKind({
  group: 'batch',
  kind: 'Job',
  categories: ['all'],
  schema: 'k8s.io.api.batch.v1.Job',
  subresources: ['status'],
  defaultPropagation: 'Orphan',
  propagationWarning:
    'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  metadataRechecks: 1,

  setDefaults(object) {
    const given = jobOf(object);
    setSpecDefaults((given.spec ??= {}));
    labelLikeTemplate(given);
  },

  prepareForCreate(object) {
    object['status'] = {};
    setSelector(jobOf(object));
    labelLikeTemplate(jobOf(object));
  },
  prepareForUpdate: keepTheOtherPart,

  validate: (object) => validateWhole(jobOf(object), { needsPrefixedLabels: true }).list,

  validateUpdate(object, old, { subresource }) {
    const [changed, stored] = [jobOf(object), jobOf(old)];
    const errors = new FieldErrors();
    if (subresource === 'status') {
      validateJobStatusUpdate(changed, stored, errors);
      return errors.list;
    }
    // The object is checked as a new one, and once more as an update.
    validateJobUpdate(changed, stored, errors);
    return [...validateWhole(changed, { needsPrefixedLabels: hasPrefixedLabels(stored) }).list, ...errors.list];
  },

  warnings(object, old) {
    const { metadata, spec = {} } = jobOf(object);
    if (old && semanticallyEqual(spec, jobOf(old).spec)) return [];
    return [...(old ? [] : podNameWarnings(metadata.name)), ...jobSpecWarnings(spec, 'spec')];
  },

  selectableFields: { 'status.successful': (object) => String(jobOf(object).status?.succeeded ?? 0) },

  columns: [
    { name: 'Status', value: (object) => stateOf(jobOf(object)) },
    { name: 'Completions', value: (object) => completionsOf(jobOf(object)) },
    { name: 'Duration', value: (object, now) => durationOf(jobOf(object), now) },
    ...templateColumns(
      (object) => jobOf(object).spec?.template,
      (object) => formatLabelSelector(jobOf(object).spec?.selector),
    ),
  ],

  example: {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'example' },
    spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } } },
  },
});

const endlessBackoff = 0x7fffffff;

function setSpecDefaults(spec: JobSpec): void {
  // A job with workers only has no number of completions of its own.
  if (spec.completions === undefined && spec.parallelism === undefined) spec.completions = 1;
  spec.parallelism ??= 1;
  spec.backoffLimit ??= spec.backoffLimitPerIndex === undefined ? 6 : endlessBackoff;
  spec.completionMode ??= 'NonIndexed';
  spec.suspend ??= false;
  for (const rule of spec.podFailurePolicy?.rules ?? [])
    for (const pattern of rule.onPodConditions ?? []) pattern.status ||= 'True';
  spec.manualSelector ??= false;
  spec.podReplacementPolicy ??= spec.podFailurePolicy ? 'Failed' : 'TerminatingOrFailed';
  setPodSpecDefaults(((spec.template ??= {}).spec ??= {}));
}

function labelLikeTemplate({ metadata, spec }: Job): void {
  const labels = spec?.template?.metadata?.labels;
  if (labels && !Object.keys(metadata.labels ?? {}).length) metadata.labels = { ...labels };
}

function validateWhole(given: Job, options: { needsPrefixedLabels: boolean }): FieldErrors {
  const errors = new FieldErrors();
  const { metadata, spec = {} } = given;
  validateGeneratedSelector(given, options, errors);
  validateJobSpec(spec, errors);
  if (spec.completionMode !== 'Indexed' || !spec.completions || spec.completions < 0) return errors;
  const lastHostname = `${metadata.name ?? ''}-${spec.completions - 1}`;
  if (checkDNS1123Label(lastHostname).length)
    errors.invalid(
      'metadata.name',
      metadata.name ?? '',
      `will not able to create pod with invalid DNS label: ${lastHostname}`,
    );
  return errors;
}

const statesInOrder = ['Suspended', 'FailureTarget', 'SuccessCriteriaMet'];

function stateOf({ metadata, status }: Job): string {
  const has = (type: string) => status?.conditions?.some((each) => each.type === type && each.status === 'True');
  if (has('Complete')) return 'Complete';
  if (has('Failed')) return 'Failed';
  if (metadata.deletionTimestamp) return 'Terminating';
  return statesInOrder.find(has) ?? 'Running';
}

function completionsOf({ spec = {}, status = {} }: Job): string {
  const { completions, parallelism = 0 } = spec;
  const { succeeded = 0 } = status;
  if (completions !== undefined) return `${succeeded}/${completions}`;
  return parallelism > 1 ? `${succeeded}/1 of ${parallelism}` : `${succeeded}/1`;
}

function durationOf({ status = {} }: Job, now: number): string {
  const { startTime, completionTime } = status;
  if (startTime === undefined) return '';
  return humanDuration((completionTime === undefined ? now : Date.parse(completionTime)) - Date.parse(startTime));
}
