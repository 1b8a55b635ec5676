/** CronJob: a job again and again, at the times of a schedule. */
// Like pkg/registry/batch/cronjob, SetDefaults_CronJob and ValidateCronJob.
import { FieldErrors } from '@naru/api/field-errors';
import { maxLengthMessage } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { setPodSpecDefaults } from '../core/pod/defaults.ts';
import { podNameWarnings } from '../core/pod/warnings.ts';
import { templateColumns, validateNonNegative } from '../core/replicated-pods.ts';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { formatLabelSelector, printedSelector } from '../label-selectors.ts';
import { dropStatus, keepTheOtherPart } from '../spec-and-status.ts';
import { sinceOrUnknown } from '../table-columns.ts';
import { scheduleProblem } from './cron-syntax.ts';
import { cronJobOf } from './job-fields.ts';
import type { CronJobSpec } from './job-fields.ts';
import { validateTimeZone } from './time-zone.ts';
import { jobSpecWarnings, validateUnselectedJobSpec } from './validate-job-spec.ts';

/** Names of its jobs are eleven characters longer. */
const longestName = 52;

export const cronJob = defineKind({
  group: 'batch',
  kind: 'CronJob',
  shortNames: ['cj'],
  categories: ['all'],
  schema: 'k8s.io.api.batch.v1.CronJob',
  subresources: ['status'],

  setDefaults(object) {
    const spec = (cronJobOf(object).spec ??= {});
    spec.concurrencyPolicy ||= 'Allow';
    spec.suspend ??= false;
    spec.successfulJobsHistoryLimit ??= 3;
    spec.failedJobsHistoryLimit ??= 1;
    const jobSpec = ((spec.jobTemplate ??= {}).spec ??= {});
    setPodSpecDefaults(((jobSpec.template ??= {}).spec ??= {}));
  },

  prepareForCreate: dropStatus,
  prepareForUpdate: keepTheOtherPart,

  validate(object) {
    const { metadata, spec = {} } = cronJobOf(object);
    const errors = new FieldErrors();
    validateSpec(spec, undefined, errors);
    if (Buffer.byteLength(metadata.name ?? '') > longestName)
      errors.invalid('metadata.name', metadata.name, maxLengthMessage(longestName));
    return errors.list;
  },

  validateUpdate(object, old, { subresource }) {
    const errors = new FieldErrors();
    if (subresource !== 'status') validateSpec(cronJobOf(object).spec ?? {}, cronJobOf(old).spec ?? {}, errors);
    return errors.list;
  },

  warnings(object, old) {
    const { metadata, spec } = cronJobOf(object);
    if (old && semanticallyEqual(spec, cronJobOf(old).spec)) return [];
    return [
      ...(old ? [] : podNameWarnings(metadata.name)),
      ...jobSpecWarnings(spec?.jobTemplate?.spec ?? {}, 'spec.jobTemplate.spec'),
    ];
  },

  columns: [
    { name: 'Schedule', value: (object) => cronJobOf(object).spec?.schedule ?? '' },
    { name: 'Timezone', value: (object) => cronJobOf(object).spec?.timeZone ?? '<none>' },
    { name: 'Suspend', type: 'boolean', value: (object) => suspension(object) },
    { name: 'Active', type: 'integer', value: (object) => cronJobOf(object).status?.active?.length ?? 0 },
    { name: 'Last Schedule', value: lastSchedule },
    ...templateColumns(
      (object) => cronJobOf(object).spec?.jobTemplate?.spec?.template,
      (object) => formatLabelSelector(cronJobOf(object).spec?.jobTemplate?.spec?.selector),
    ),
  ],

  example: {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'example' },
    spec: {
      schedule: '*/5 * * * *',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'main', image: 'busybox' }] } } },
      },
    },
  },
});

const policies = ['Allow', 'Forbid', 'Replace'];

function validateSpec(spec: CronJobSpec, old: CronJobSpec | undefined, errors: FieldErrors): void {
  const { schedule = '', concurrencyPolicy = '', jobTemplate } = spec;
  if (schedule) validateSchedule(spec, old, errors);
  else errors.required('spec.schedule');
  validateNonNegative(spec.startingDeadlineSeconds, 'spec.startingDeadlineSeconds', errors);
  if (!old || old.timeZone !== spec.timeZone) validateTimeZone(spec.timeZone, 'spec.timeZone', errors);
  if (!concurrencyPolicy) errors.required('spec.concurrencyPolicy');
  else if (!policies.includes(concurrencyPolicy))
    errors.notSupported('spec.concurrencyPolicy', concurrencyPolicy, policies);
  const jobSpec = jobTemplate?.spec ?? {};
  const path = 'spec.jobTemplate.spec';
  validateUnselectedJobSpec(jobSpec, path, errors);
  if (jobSpec.selector)
    errors.invalid(`${path}.selector`, printedSelector(jobSpec.selector), '`selector` will be auto-generated');
  if (jobSpec.manualSelector) errors.notSupported(`${path}.manualSelector`, true, ['nil', 'false']);
  validateNonNegative(spec.successfulJobsHistoryLimit, 'spec.successfulJobsHistoryLimit', errors);
  validateNonNegative(spec.failedJobsHistoryLimit, 'spec.failedJobsHistoryLimit', errors);
}

// A zone in the schedule is only left where it was before there was a field for it.
function validateSchedule({ schedule = '', timeZone }: CronJobSpec, old: CronJobSpec | undefined, errors: FieldErrors) {
  const problem = scheduleProblem(schedule);
  if (problem !== undefined) errors.invalid('spec.schedule', schedule, problem);
  if (!schedule.includes('TZ')) return;
  if (!old?.schedule?.includes('TZ'))
    errors.invalid('spec.schedule', schedule, 'cannot use TZ or CRON_TZ in schedule, use timeZone field instead');
  else if (timeZone !== undefined)
    errors.invalid('spec.schedule', schedule, 'cannot use both timeZone field and TZ or CRON_TZ in schedule');
}

function suspension(object: AnyObject): string {
  const { suspend } = cronJobOf(object).spec ?? {};
  if (suspend === undefined) return '<unset>';
  return suspend ? 'True' : 'False';
}

function lastSchedule(object: AnyObject, now: number): string {
  const { lastScheduleTime } = cronJobOf(object).status ?? {};
  return lastScheduleTime === undefined ? '<none>' : sinceOrUnknown(lastScheduleTime, now);
}
