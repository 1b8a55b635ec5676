/** Makes a Job whenever a CronJob is due, follows those it made, and forgets old ones. */
// Like pkg/controller/cronjob/cronjob_controllerv2.go.
import { isAlreadyExists, isNotFound } from '@naru/api/status';
import { referenceTo } from '@naru/api/events/event';
import { isFinishedJob, type Job } from '../job/job.ts';
import { conditionOf } from '../runtime/condition.ts';
import { defineController, type ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { isControlledBy } from '../runtime/owners.ts';
import { isNamespaceTerminating } from '../runtime/pod-control.ts';
import { controlledBy, indexByController } from '../runtime/pods-by-controller.ts';
import { cronJobs, jobs } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { isScheduled, jobFor, jobName, type CronJob } from './cron-job.ts';
import { lastDue, parseSchedule, type Schedule } from './schedule.ts';

/** Milliseconds after the due time at which to look, so as not to be early. */
const late = 100;

export const cronJob = defineController({
  name: 'cronjob-controller',
  for: cronJobs,
  owns: [jobs],
  prepare: ({ informers }) => indexByController(informers.for<Job>(jobs)),
  reconcile,
});

type Tell = (type: 'Normal' | 'Warning', reason: string, message: string) => void;

async function reconcile(key: string, context: ControllerContext): Promise<{ after: number } | void> {
  const { client, informers, events } = context;
  const found = informers.for<CronJob>(cronJobs).get(key);
  if (!found) return;
  const tell: Tell = (type, reason, message) => events.event(found, cronJobs, type, reason, message);
  const children = controlledBy(informers.for<Job>(jobs), found.metadata.uid);
  await forgetOld(found, children, tell, context);
  let status = await followJobs(found, children, tell, context);
  let after: number | undefined;
  try {
    const outcome = found.metadata.deletionTimestamp ? undefined : await startDue(found, status, tell, context);
    status = outcome?.status ?? status;
    after = outcome?.after;
  } finally {
    if (!equalJson(status, found.status ?? {})) {
      await client.for<CronJob>(cronJobs).updateStatus({ ...found, status });
    }
  }
  return after === undefined ? undefined : { after };
}

const conditionName = (job: Job): 'Complete' | 'Failed' | undefined =>
  (['Complete', 'Failed'] as const).find((type) => conditionOf(job.status?.conditions, type)?.status === 'True');

/** Takes finished and vanished Jobs off the list of active ones. */
async function followJobs(
  found: CronJob,
  children: readonly Job[],
  tell: Tell,
  { client }: ControllerContext,
): Promise<NonNullable<CronJob['status']>> {
  let active = found.status?.active ?? [];
  let { lastSuccessfulTime } = found.status ?? {};
  for (const child of children) {
    const { name, uid } = child.metadata;
    const isListed = active.some((reference) => reference.uid === uid);
    const end = conditionName(child);
    if (!isListed && !end && isScheduled(child)) {
      // Made just before an end that came before the status was written: what upstream forgets, Forbid would not hold for.
      active = [...active, referenceTo(child, jobs)];
    } else if (!isListed && !end) {
      tell('Warning', 'UnexpectedJob', `Saw a job that the controller did not create or forgot: ${name}`);
    } else if (isListed && end) {
      active = active.filter((reference) => reference.uid !== uid);
      tell('Normal', 'SawCompletedJob', `Saw completed job: ${name}, condition: ${end}`);
    }
    const completed = child.status?.completionTime;
    if (end === 'Complete' && completed && (!lastSuccessfulTime || lastSuccessfulTime < completed)) {
      lastSuccessfulTime = completed;
    }
  }
  for (const { name = '', uid } of active) {
    if (children.some((child) => child.metadata.uid === uid)) continue;
    const live = await client
      .for<Job>(jobs)
      .get(name, found.metadata.namespace)
      .catch((error: unknown) => {
        if (isNotFound(error)) return undefined;
        throw error;
      });
    if (live?.metadata.uid === uid) continue;
    active = active.filter((reference) => reference.uid !== uid);
    tell('Normal', 'MissingJob', `Active job went missing: ${name}`);
  }
  const { lastScheduleTime } = found.status ?? {};
  return {
    ...(active.length && { active }),
    ...(lastScheduleTime && { lastScheduleTime }),
    ...(lastSuccessfulTime && { lastSuccessfulTime }),
  };
}

function scheduleOf({ spec }: CronJob, tell: Tell): Schedule | undefined {
  if (spec.timeZone) {
    try {
      new Intl.DateTimeFormat('en-US', { timeZone: spec.timeZone });
    } catch (error) {
      tell(
        'Warning',
        'UnknownTimeZone',
        `invalid timeZone: ${JSON.stringify(spec.timeZone)}: ${(error as Error).message}`,
      );
      return undefined;
    }
  }
  try {
    return parseSchedule(spec.schedule, spec.timeZone);
  } catch (error) {
    const message = `unparseable schedule: ${JSON.stringify(spec.schedule)} : ${(error as Error).message}`;
    tell('Warning', 'UnparseableSchedule', message);
    return undefined;
  }
}

interface Outcome {
  status: NonNullable<CronJob['status']>;
  after: number | undefined;
}

async function startDue(
  found: CronJob,
  status: NonNullable<CronJob['status']>,
  tell: Tell,
  context: ControllerContext,
): Promise<Outcome | undefined> {
  const { spec, metadata } = found;
  if (spec.suspend) return undefined;
  const schedule = scheduleOf(found, tell);
  if (!schedule) return undefined;
  const now = context.clock.now();
  const next = schedule.next(now);
  const outcome = { status, after: next === undefined ? undefined : next - now + late };
  const deadline = spec.startingDeadlineSeconds === undefined ? undefined : spec.startingDeadlineSeconds * 1000;
  const last = Date.parse(status.lastScheduleTime ?? metadata.creationTimestamp ?? '');
  const { due, tooMany } = lastDue(schedule, deadline === undefined ? last : Math.max(last, now - deadline), now);
  if (tooMany) {
    const advice = 'Set or decrease .spec.startingDeadlineSeconds or check clock skew';
    tell('Warning', 'TooManyMissedTimes', `too many missed start times. ${advice}`);
  }
  if (due === undefined) return outcome;
  if (deadline !== undefined && due + deadline < now) {
    tell(
      'Warning',
      'MissSchedule',
      `Missed scheduled time to start a job: ${new Date(due).toUTCString().replace('GMT', '+0000')}`,
    );
    return outcome;
  }
  const name = jobName(found, due);
  if (status.active?.some((reference) => reference.name === name) || status.lastScheduleTime === timestamp(due))
    return outcome;
  if (spec.concurrencyPolicy === 'Forbid' && status.active?.length) {
    const why = 'prior execution is running and concurrency policy is Forbid';
    tell('Normal', 'JobAlreadyActive', `Not starting job because ${why}`);
    return outcome;
  }
  if (spec.concurrencyPolicy === 'Replace') {
    for (const reference of status.active ?? []) await remove(found, reference.name ?? '', tell, context);
    delete status.active;
  }
  const job = await start(found, due, tell, context);
  if (!job) return outcome;
  status.active = [...(status.active ?? []), referenceTo(job, jobs)];
  status.lastScheduleTime = timestamp(due);
  return outcome;
}

async function start(found: CronJob, due: number, tell: Tell, { client }: ControllerContext): Promise<Job | undefined> {
  const all = client.for<Job>(jobs);
  try {
    const created = await all.create(jobFor(found, due));
    tell('Normal', 'SuccessfulCreate', `Created job ${created.metadata.name}`);
    return created;
  } catch (error) {
    if (isNamespaceTerminating(error)) return undefined;
    if (!isAlreadyExists(error)) {
      tell('Warning', 'FailedCreate', `Error creating job: ${(error as Error).message}`);
      throw error;
    }
    const there = await all.get(jobName(found, due), found.metadata.namespace);
    if (!isControlledBy(there, found)) throw error;
    return isFinishedJob(there) ? undefined : there;
  }
}

async function remove(found: CronJob, name: string, tell: Tell, { client }: ControllerContext): Promise<void> {
  try {
    await client.for<Job>(jobs).delete(name, found.metadata.namespace, { propagationPolicy: 'Background' });
    tell('Normal', 'SuccessfulDelete', `Deleted job ${name}`);
  } catch (error) {
    if (isNotFound(error)) return;
    tell('Warning', 'FailedDelete', `Deleted job: ${(error as Error).message}`);
    throw error;
  }
}

/** Deletes the oldest finished Jobs beyond what is kept of each sort. */
async function forgetOld(
  found: CronJob,
  children: readonly Job[],
  tell: Tell,
  context: ControllerContext,
): Promise<void> {
  const started = ({ status, metadata }: Job) => status?.startTime ?? metadata.creationTimestamp ?? '';
  const limits = { Complete: found.spec.successfulJobsHistoryLimit, Failed: found.spec.failedJobsHistoryLimit };
  for (const [type, limit] of Object.entries(limits)) {
    if (limit === undefined) continue;
    const ended = children
      .filter((child) => conditionName(child) === type && !child.metadata.deletionTimestamp)
      .sort((a, b) =>
        started(a) < started(b)
          ? -1
          : started(a) > started(b)
            ? 1
            : (a.metadata.name ?? '') < (b.metadata.name ?? '')
              ? -1
              : 1,
      );
    for (const { metadata } of ended.slice(0, Math.max(0, ended.length - limit))) {
      await remove(found, metadata.name ?? '', tell, context);
    }
  }
}
