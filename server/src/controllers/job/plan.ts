/** What a Job does next, seeing its pods: which to create and delete, which to count, and its status. Pure. */
// Like pkg/controller/job syncJob, manageJob and trackJobStatusAndRemoveFinalizers.
import { conditionOf, withoutCondition, type Condition } from '../runtime/condition.ts';
import { isActive, isFinished, isReady, isTerminating, restarts, type Pod } from '../runtime/pod.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { formatIndexes, parseIndexes } from './index-intervals.ts';
import { failureCountKey, indexOf, isFailedPod, isIndexed, isTracked, type Job, type JobStatus } from './job.ts';
import { judgeFailure } from './pod-failure-policy.ts';

export interface NewPod {
  index?: number;
  /** How often the index has failed, where failures are counted per index. */
  failures?: number;
}

export interface JobPlan {
  create: NewPod[];
  /** Pods that are taken away without counting as failures. */
  withdraw: Pod[];
  /** Pods that are stopped because the Job is over; what becomes of them counts. */
  stop: Pod[];
  /** Pods whose outcome is in the status once that is written. */
  release: Pod[];
  status: JobStatus;
  events: { type: 'Normal' | 'Warning'; reason: string; message: string }[];
  /** Milliseconds until something is due. */
  after?: number;
}

const firstPause = 10_000;
const longestPause = 600_000;

interface Tally {
  succeeded: number;
  failed: number;
  uncounted: { succeeded: string[]; failed: string[] };
  completed: Set<number>;
  failedIndexes: Set<number>;
  release: Pod[];
  failJob?: string | undefined;
  perIndexFailures: Map<number, number>;
}

/** Counts what ended. A pod is first noted as uncounted; when its finalizer is gone it moves into the sums. */
function tally(job: Job, pods: readonly Pod[]): Tally {
  const { status = {}, spec } = job;
  const limit = spec.completions ?? 0;
  const tracked = new Map(pods.filter(isTracked).map((pod) => [pod.metadata.uid ?? '', pod]));
  const noted = status.uncountedTerminatedPods ?? {};
  const still = (uids: readonly string[] = []) => uids.filter((uid) => tracked.has(uid));
  const gone = (uids: readonly string[] = []) => uids.length - still(uids).length;
  const completed = parseIndexes(status.completedIndexes, limit);
  const indexed = isIndexed(job);
  const result: Tally = {
    succeeded: indexed ? completed.size : (status.succeeded ?? 0) + gone(noted.succeeded),
    failed: (status.failed ?? 0) + gone(noted.failed),
    uncounted: { succeeded: indexed ? [] : still(noted.succeeded), failed: still(noted.failed) },
    completed,
    failedIndexes: parseIndexes(status.failedIndexes, limit),
    release: [],
    perIndexFailures: new Map(),
  };
  const known = new Set([...still(noted.succeeded), ...still(noted.failed)]);
  for (const pod of pods) noteFailuresPerIndex(job, pod, result);
  for (const [uid, pod] of tracked) {
    const succeeded = pod.status?.phase === 'Succeeded';
    if (!succeeded && !isFailedPod(job, pod)) continue;
    result.release.push(pod);
    if (succeeded) noteSuccess(job, uid, pod, known, result);
    else if (!known.has(uid)) noteFailure(job, uid, pod, result);
  }
  return result;
}

function noteSuccess(job: Job, uid: string, pod: Pod, known: ReadonlySet<string>, result: Tally): void {
  const index = indexOf(pod);
  if (!isIndexed(job)) {
    if (!known.has(uid)) result.uncounted.succeeded.push(uid);
  } else if (index !== undefined && index < (job.spec.completions ?? 0)) {
    result.completed.add(index);
    result.succeeded = result.completed.size;
  }
}

function noteFailure(job: Job, uid: string, pod: Pod, result: Tally): void {
  const verdict = judgeFailure(job, pod);
  if (verdict.action === 'FailJob') result.failJob ??= verdict.message;
  if (verdict.action === 'Ignore') return;
  result.uncounted.failed.push(uid);
  const index = indexOf(pod);
  const limit = job.spec.backoffLimitPerIndex;
  if (limit === undefined || index === undefined) return;
  const before = Number(pod.metadata.annotations?.[failureCountKey] ?? 0);
  if (verdict.action === 'FailIndex' || before >= limit) result.failedIndexes.add(index);
}

function noteFailuresPerIndex(job: Job, pod: Pod, { perIndexFailures }: Tally): void {
  const index = indexOf(pod);
  if (index === undefined || !isFailedPod(job, pod) || judgeFailure(job, pod).action === 'Ignore') return;
  const failures = Number(pod.metadata.annotations?.[failureCountKey] ?? 0) + 1;
  perIndexFailures.set(index, Math.max(perIndexFailures.get(index) ?? 0, failures));
}

const sumOfFailures = ({ failed, uncounted }: Tally) => failed + uncounted.failed.length;
const sumOfSuccesses = ({ succeeded, uncounted }: Tally) => succeeded + uncounted.succeeded.length;

interface End {
  type: 'Complete' | 'Failed';
  reason: string;
  message: string;
}

/** Why the Job is over, if it is; what was decided once stands. */
function endOf(job: Job, counted: Tally, active: readonly Pod[], now: number): End | undefined {
  const target = (type: string) => conditionOf(job.status?.conditions, type);
  const [failing, met] = [target('FailureTarget'), target('SuccessCriteriaMet')];
  if (failing) return { type: 'Failed', reason: failing.reason ?? '', message: failing.message ?? '' };
  if (met) return { type: 'Complete', reason: met.reason ?? '', message: met.message ?? '' };
  return failureOf(job, counted, active, now) ?? successOf(job, counted, active);
}

function failureOf({ spec, status }: Job, counted: Tally, active: readonly Pod[], now: number): End | undefined {
  const failed = (reason: string, message: string): End => ({ type: 'Failed', reason, message });
  if (counted.failJob) return failed('PodFailurePolicy', counted.failJob);
  const limit = spec.backoffLimit ?? 6;
  const restarted =
    spec.template.spec.restartPolicy === 'OnFailure' ? active.reduce((sum, pod) => sum + restarts(pod), 0) : 0;
  if (sumOfFailures(counted) > limit || (limit === 0 ? restarted > 0 : restarted >= limit)) {
    return failed('BackoffLimitExceeded', 'Job has reached the specified backoff limit');
  }
  if (untilDeadline({ spec, status }, now) === 0) {
    return failed('DeadlineExceeded', 'Job was active longer than specified deadline');
  }
  if (spec.maxFailedIndexes !== undefined && counted.failedIndexes.size > spec.maxFailedIndexes) {
    return failed('MaxFailedIndexesExceeded', 'Job has exceeded the specified maximal number of failed indexes');
  }
  const over = counted.failedIndexes.size + counted.completed.size >= (spec.completions ?? 0);
  return counted.failedIndexes.size > 0 && over ? failed('FailedIndexes', 'Job has failed indexes') : undefined;
}

/** Milliseconds, 0 when it is over; undefined without one. */
function untilDeadline(
  { spec, status }: Pick<Job, 'spec'> & { status?: JobStatus | undefined },
  now: number,
): number | undefined {
  if (spec.activeDeadlineSeconds === undefined || spec.suspend || !status?.startTime) return undefined;
  return Math.max(0, Date.parse(status.startTime) + spec.activeDeadlineSeconds * 1000 - now);
}

function successOf({ spec }: Job, counted: Tally, active: readonly Pod[]): End | undefined {
  const met = (reason: string, message: string): End => ({ type: 'Complete', reason, message });
  for (const [index, { succeededIndexes, succeededCount }] of (spec.successPolicy?.rules ?? []).entries()) {
    const wanted = succeededIndexes === undefined ? undefined : parseIndexes(succeededIndexes, spec.completions ?? 0);
    const matching = wanted ? [...wanted].filter((one) => counted.completed.has(one)).length : counted.completed.size;
    if (matching >= (succeededCount ?? wanted?.size ?? 1))
      return met('SuccessPolicy', `Matched rules at index ${index}`);
  }
  const succeeded = sumOfSuccesses(counted);
  const complete =
    spec.completions === undefined ? succeeded > 0 && active.length === 0 : succeeded >= spec.completions;
  return complete ? met('CompletionsReached', 'Reached expected number of succeeded pods') : undefined;
}

export function planJob(job: Job, pods: readonly Pod[], now: number): JobPlan {
  const active = pods.filter(isActive);
  const terminating = pods.filter((pod) => isTerminating(pod) && !isFinished(pod));
  const counted = tally(job, pods);
  const time = timestamp(now);
  const status: JobStatus = { ...job.status };
  if (!status.startTime && !job.spec.suspend) status.startTime = time;
  const plan: JobPlan = { create: [], withdraw: [], stop: [], release: counted.release, status, events: [] };
  const end = endOf({ ...job, status }, counted, active, now);
  if (end) plan.stop = active;
  else manage(job, active, terminating, counted, pods, now, plan);

  const left = active.filter((pod) => !plan.withdraw.includes(pod) && !plan.stop.includes(pod));
  Object.assign(status, numbers(job, counted, left, terminating.length + plan.stop.length));
  if (!left.length) delete status.active;
  noteSuspension(job, status, plan, time, !!end);
  if (end) noteEnd(status, end, { done: isOver(plan, counted, terminating) }, time, plan);
  const deadline = end ? undefined : untilDeadline({ ...job, status }, now);
  const waits = [plan.after, deadline].filter((wait) => wait !== undefined);
  if (waits.length) plan.after = Math.min(...waits);
  return plan;
}

const isOver = ({ stop }: JobPlan, { uncounted, release }: Tally, terminating: readonly Pod[]): boolean =>
  stop.length + terminating.length + release.length + uncounted.failed.length + uncounted.succeeded.length === 0;

function numbers(job: Job, counted: Tally, active: readonly Pod[], terminating: number): JobStatus {
  const { succeeded, failed } = counted.uncounted;
  return {
    ...(active.length && { active: active.length }),
    ready: active.filter(isReady).length,
    terminating,
    ...(counted.succeeded && { succeeded: counted.succeeded }),
    ...(counted.failed && { failed: counted.failed }),
    ...(isIndexed(job) && counted.completed.size && { completedIndexes: formatIndexes(counted.completed) }),
    ...(counted.failedIndexes.size && { failedIndexes: formatIndexes(counted.failedIndexes) }),
    uncountedTerminatedPods: { ...(succeeded.length && { succeeded }), ...(failed.length && { failed }) },
  };
}

/** Brings the number of active pods to what is wanted. */
function manage(
  job: Job,
  active: readonly Pod[],
  terminating: readonly Pod[],
  counted: Tally,
  pods: readonly Pod[],
  now: number,
  plan: JobPlan,
): void {
  const { spec } = job;
  const parallelism = spec.parallelism ?? 1;
  const open =
    spec.completions === undefined
      ? undefined
      : spec.completions - sumOfSuccesses(counted) - counted.failedIndexes.size;
  const wanted = spec.suspend
    ? 0
    : open === undefined
      ? sumOfSuccesses(counted) > 0
        ? Math.min(active.length, parallelism)
        : parallelism
      : Math.max(0, Math.min(parallelism, open));
  if (active.length > wanted) {
    plan.withdraw = [...active].sort(leastFirst).slice(0, active.length - wanted);
    return;
  }
  const waiting = waitsForEnd(job) ? terminating.length : 0;
  const missing = wanted - active.length - waiting;
  if (missing <= 0) return;
  const pause = pauseAfterFailures(job, pods, now);
  if (pause > 0) {
    plan.after = pause;
    return;
  }
  plan.create = isIndexed(job)
    ? freeIndexes(job, waiting ? [...active, ...terminating] : active, counted, missing)
    : Array.from({ length: missing }, () => ({}));
}

const waitsForEnd = ({ spec }: Job) =>
  (spec.podReplacementPolicy ?? (spec.podFailurePolicy ? 'Failed' : '')) === 'Failed';

const leastFirst = (a: Pod, b: Pod): number =>
  Number(!!a.spec.nodeName) - Number(!!b.spec.nodeName) ||
  Number(isReady(a)) - Number(isReady(b)) ||
  ((a.metadata.creationTimestamp ?? '') > (b.metadata.creationTimestamp ?? '') ? -1 : 1);

function freeIndexes(job: Job, occupied: readonly Pod[], counted: Tally, count: number): NewPod[] {
  const taken = new Set(occupied.map(indexOf));
  const free: NewPod[] = [];
  for (let index = 0; index < (job.spec.completions ?? 0) && free.length < count; index++) {
    if (taken.has(index) || counted.completed.has(index) || counted.failedIndexes.has(index)) continue;
    const failures =
      job.spec.backoffLimitPerIndex === undefined ? undefined : (counted.perIndexFailures.get(index) ?? 0);
    free.push({ index, ...(failures !== undefined && { failures }) });
  }
  return free;
}

/** Ten seconds after a failure, doubled with every one since the last success. */
// Like backoffStore.
function pauseAfterFailures(job: Job, pods: readonly Pod[], now: number): number {
  const ended = pods
    .filter((pod) => pod.status?.phase === 'Succeeded' || isFailedPod(job, pod))
    .map((pod) => ({ at: endTime(pod), failed: pod.status?.phase !== 'Succeeded' && !isIgnored(job, pod) }))
    .sort((a, b) => b.at - a.at);
  const failures = ended.findIndex(({ failed }) => !failed);
  const count = failures === -1 ? ended.length : failures;
  if (count === 0 || job.spec.backoffLimitPerIndex !== undefined) return 0;
  return Math.max(0, (ended[0]?.at ?? now) + Math.min(firstPause * 2 ** (count - 1), longestPause) - now);
}

const isIgnored = (job: Job, pod: Pod) => judgeFailure(job, pod).action === 'Ignore';

function endTime({ metadata, status }: Pod): number {
  const finished = (status?.containerStatuses ?? []).map(
    ({ state }) => Date.parse(state?.terminated?.finishedAt ?? '') || 0,
  );
  return Math.max(0, ...finished) || Date.parse(metadata.deletionTimestamp ?? metadata.creationTimestamp ?? '') || 0;
}

function noteSuspension(job: Job, status: JobStatus, plan: JobPlan, time: string, over: boolean): void {
  if (over) return;
  const known = conditionOf(status.conditions, 'Suspended');
  const wanted = job.spec.suspend ? 'True' : 'False';
  if (known ? known.status === wanted : wanted === 'False') return;
  const [reason, message, event] = job.spec.suspend
    ? ['JobSuspended', 'Job suspended', 'Suspended']
    : ['JobResumed', 'Job resumed', 'Resumed'];
  const condition: Condition = {
    type: 'Suspended',
    status: wanted,
    reason,
    message,
    lastProbeTime: time,
    lastTransitionTime: time,
  };
  status.conditions = known
    ? (status.conditions ?? []).map((one) => (one === known ? condition : one))
    : [...(status.conditions ?? []), condition];
  // Time while suspended is not held against the deadline.
  if (wanted === 'False') status.startTime = time;
  else delete status.startTime;
  plan.events.push({ type: 'Normal', reason: event, message });
}

/** First what the Job is heading for; the end itself when no pod is left and all are counted. */
function noteEnd(status: JobStatus, end: End, { done }: { done: boolean }, time: string, plan: JobPlan): void {
  const { type, reason, message } = end;
  const condition = (of: string): Condition => ({
    type: of,
    status: 'True',
    reason,
    message,
    lastProbeTime: time,
    lastTransitionTime: time,
  });
  const target = type === 'Failed' ? 'FailureTarget' : 'SuccessCriteriaMet';
  if (!conditionOf(status.conditions, target)) status.conditions = [...(status.conditions ?? []), condition(target)];
  if (!done) return;
  status.conditions = [...withoutCondition(status.conditions, type), condition(type)];
  if (type === 'Complete') {
    status.completionTime = time;
    plan.events.push({ type: 'Normal', reason: 'Completed', message: 'Job completed' });
  } else plan.events.push({ type: 'Warning', reason, message });
}
