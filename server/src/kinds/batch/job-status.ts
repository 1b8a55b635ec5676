/** What whoever runs a job may say of it: its status must make sense, and not take back what was said. */
// Like ValidateJobStatusUpdate of pkg/apis/batch/validation, with the checks of what has changed.
import type { FieldErrors } from '@naru/api/field-errors';
import { validateNonNegative } from '../core/replicated-pods.ts';
import { semanticallyEqual } from '../equality.ts';
import { goStruct } from '../go-struct.ts';
import { commonIndex, parseIndexRanges } from './index-ranges.ts';
import type { Job, JobStatus } from './job-fields.ts';

/** A job's status, what it was before, and the questions both are asked. */
interface Change {
  job: Job;
  status: JobStatus;
  old: JobStatus;
  changed(...fields: readonly (keyof JobStatus)[]): boolean;
  changedCondition(...types: readonly string[]): boolean;
}

export function validateJobStatusUpdate(job: Job, oldJob: Job, errors: FieldErrors): void {
  const [status, old] = [job.status ?? {}, oldJob.status ?? {}];
  const change: Change = {
    job,
    status,
    old,
    changed: (...fields) => fields.some((field) => !semanticallyEqual(status[field], old[field])),
    changedCondition: (...types) => types.some((type) => isTrue(status, type) !== isTrue(old, type)),
  };
  for (const field of ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const)
    validateNonNegative(status[field], `status.${field}`, errors);
  validateUncounted(status, errors);
  validateEnd(change, errors);
  validateFinished(change, errors);
  validateIndexes(change, errors);
  validatePodCounts(change, errors);
  validateSuccess(change, errors);
  validateKept(change, errors);
}

const isTrue = ({ conditions = [] }: JobStatus, type: string): boolean =>
  conditions.some((condition) => condition.type === type && condition.status === 'True');

const isFinished = (status: JobStatus): boolean => isTrue(status, 'Complete') || isTrue(status, 'Failed');

function validateUncounted({ uncountedTerminatedPods }: JobStatus, errors: FieldErrors): void {
  const seen = new Set<string>();
  for (const field of ['succeeded', 'failed'] as const)
    (uncountedTerminatedPods?.[field] ?? []).forEach((uid, index) => {
      const at = `status.uncountedTerminatedPods.${field}[${index}]`;
      if (!uid) errors.invalid(at, uid, 'must not be empty');
      else if (seen.has(uid)) errors.duplicate(at, uid);
      seen.add(uid);
    });
}

function validateEnd({ status, changed, changedCondition }: Change, errors: FieldErrors): void {
  const { startTime, completionTime } = status;
  const [isComplete, hasFailed] = [isTrue(status, 'Complete'), isTrue(status, 'Failed')];
  if (changedCondition('Complete', 'Failed') && isComplete && hasFailed)
    errors.invalidUnsaid('status.conditions', 'cannot set Complete=True and Failed=true conditions');
  if (changedCondition('Complete', 'FailureTarget') && isComplete && isTrue(status, 'FailureTarget'))
    errors.invalidUnsaid('status.conditions', 'cannot set Complete=True and FailureTarget=true conditions');
  if (changedCondition('Complete') || changed('completionTime')) {
    if (completionTime !== undefined && !isComplete)
      errors.invalid(
        'status.completionTime',
        completionTime,
        'cannot set completionTime when there is no Complete=True condition',
      );
    if (completionTime === undefined && isComplete)
      errors.required('status.completionTime', 'completionTime is required for Complete jobs');
  }
  if (changed('startTime', 'completionTime') && isBefore(completionTime, startTime))
    errors.invalid('status.completionTime', completionTime, 'completionTime cannot be set before startTime');
  if (changedCondition('Failed', 'FailureTarget') && hasFailed && !isTrue(status, 'FailureTarget'))
    errors.invalidUnsaid(
      'status.conditions',
      'cannot set Failed=True condition without the FailureTarget=true condition',
    );
  if (changedCondition('Complete', 'SuccessCriteriaMet') && isComplete && !isTrue(status, 'SuccessCriteriaMet'))
    errors.invalidUnsaid(
      'status.conditions',
      'cannot set Complete=True condition without the SuccessCriteriaMet=true condition',
    );
}

const isBefore = (time: string | undefined, other: string | undefined): boolean =>
  time !== undefined && other !== undefined && Date.parse(time) < Date.parse(other);

function validateFinished({ job, status, changed, changedCondition }: Change, errors: FieldErrors): void {
  if (!isFinished(status)) return;
  const hasJustFinished = changedCondition('Complete', 'Failed');
  const { active = 0, uncountedTerminatedPods: uncounted } = status;
  if ((hasJustFinished || changed('active')) && active > 0)
    errors.invalid('status.active', active, 'active>0 is invalid for finished job');
  const neverStarts = job.spec?.suspend === true && job.spec.completions === 0;
  if ((hasJustFinished || changed('startTime')) && !neverStarts && status.startTime === undefined)
    errors.required('status.startTime', 'startTime is required for finished job');
  if (!hasJustFinished && !changed('uncountedTerminatedPods')) return;
  if (uncounted?.succeeded?.length || uncounted?.failed?.length)
    errors.invalid(
      'status.uncountedTerminatedPods',
      goStruct(uncounted, 'k8s.io.api.batch.v1.UncountedTerminatedPods'),
      'must be empty for finished job',
    );
}

function validateIndexes({ job, status, changed }: Change, errors: FieldErrors): void {
  const { completions, backoffLimitPerIndex, completionMode } = job.spec ?? {};
  const { completedIndexes = '', failedIndexes } = status;
  const completed = completions === undefined ? [] : parseIndexRanges(completedIndexes, completions);
  const failed = completions === undefined ? [] : parseIndexRanges(failedIndexes ?? '', completions);
  if (changed('completedIndexes') && typeof completed === 'string')
    errors.invalid('status.completedIndexes', completedIndexes, `error parsing completedIndexes: ${completed}`);
  if (changed('failedIndexes') && backoffLimitPerIndex !== undefined && typeof failed === 'string')
    errors.invalid('status.failedIndexes', failedIndexes, `error parsing failedIndexes: ${failed}`);
  if (changed('completedIndexes') && completedIndexes && completionMode !== 'Indexed')
    errors.invalid(
      'status.completedIndexes',
      completedIndexes,
      'cannot set non-empty completedIndexes when non-indexed completion mode',
    );
  if (changed('failedIndexes') && backoffLimitPerIndex === undefined && failedIndexes !== undefined)
    errors.invalid(
      'status.failedIndexes',
      failedIndexes,
      'cannot set non-null failedIndexes when backoffLimitPerIndex is null',
    );
  if (!changed('failedIndexes', 'completedIndexes') || failedIndexes === undefined) return;
  if (typeof completed === 'string' || typeof failed === 'string') return;
  const both = commonIndex(completed, failed);
  if (both !== undefined)
    errors.invalid(
      'status.failedIndexes',
      failedIndexes,
      `failedIndexes and completedIndexes overlap at index: ${both}`,
    );
}

function validatePodCounts({ status, changed, changedCondition }: Change, errors: FieldErrors): void {
  const { active = 0, ready, terminating = 0 } = status;
  const mayTerminate = !changedCondition('Complete', 'Failed') && !changed('terminating');
  if (!mayTerminate && terminating > 0 && isFinished(status))
    errors.invalid('status.terminating', terminating, 'terminating>0 is invalid for finished job');
  if (changed('ready', 'active') && ready !== undefined && ready > active)
    errors.invalid('status.ready', ready, 'cannot set more ready pods than active');
}

function validateSuccess({ status, changedCondition }: Change, errors: FieldErrors): void {
  if (!isTrue(status, 'SuccessCriteriaMet')) return;
  for (const type of ['Failed', 'FailureTarget'])
    if (changedCondition('SuccessCriteriaMet', type) && isTrue(status, type))
      errors.invalidUnsaid('status.conditions', `cannot set ${type}=True and SuccessCriteriaMet=true conditions`);
}

/** What was said must stay said. */
function validateKept({ job, status, old, changed }: Change, errors: FieldErrors): void {
  for (const type of ['Failed', 'Complete', 'FailureTarget'])
    if (isTrue(old, type) && !isTrue(status, type))
      errors.invalidUnsaid('status.conditions', `cannot disable the terminal ${type}=True condition`);
  const { completionMode, completions, parallelism, suspend } = job.spec ?? {};
  const { failed = 0, succeeded = 0, startTime, completionTime } = status;
  if (failed < (old.failed ?? 0)) errors.invalid('status.failed', failed, 'cannot decrease the failed counter');
  // A job that is scaled down forgets the indexes it no longer has.
  const mayShrink = completionMode === 'Indexed' && completions === parallelism;
  if (!mayShrink && succeeded < (old.succeeded ?? 0))
    errors.invalid('status.succeeded', succeeded, 'cannot decrease the succeeded counter');
  const resumes = isTrue(old, 'Suspended') && !isTrue(status, 'Suspended');
  if (changed('startTime') && old.startTime !== undefined && !suspend && !resumes)
    errors.invalid('status.startTime', startTime ?? null, 'field is immutable for unsuspended job once set');
  if (isTrue(old, 'SuccessCriteriaMet') && !isTrue(status, 'SuccessCriteriaMet'))
    errors.invalidUnsaid('status.conditions', 'cannot disable the SuccessCriteriaMet=True condition');
  if (changed('completionTime') && old.completionTime !== undefined && completionTime !== undefined)
    errors.invalid('status.completionTime', completionTime, 'field is immutable');
}
