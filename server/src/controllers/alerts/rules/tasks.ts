/** Rules about tasks. */
import type { Rule } from '../rule.ts';
import { parseSchedule } from '../../cron-job/schedule.ts';
import { controllerOf } from '../../runtime/owners.ts';
import { podName, statusesOf, timeOf } from '../views/pod.ts';
import { lastEnd, type Job, type ScheduleFields, type TaskView } from '../views/task.ts';
import { readLogs } from './suggest.ts';

const remembered = 24 * 60 * 60_000;

export const taskFailed: Rule<TaskView> = {
  number: 14,
  name: 'TaskFailed',
  severity: 'warning',
  forSeconds: 0,
  keepSeconds: 0,
  condition: 'a task gave up; until it succeeds, or for 24 hours',
  message: {
    en: 'Task {task} failed after {tries} tries',
    ko: '작업 {task} {tries}회 시도 후 실패',
  },
  find(view, now) {
    const end = lastEnd(view);
    if (!end?.failed || now - end.at > remembered) return [];
    const { job, failed } = end;
    const witness = witnessOf(view, job);
    return [
      {
        params: {
          task: view.name,
          job: job.metadata.name ?? '',
          tries: String(job.status?.failed ?? 0),
          reason: failed.reason ?? '',
          detail: (failed.message ?? '').slice(0, 1024),
        },
        since: end.at,
        ...(witness && { witness }),
        fixes: [...readLogs(witness), { code: 'run-again', params: { job: job.metadata.name ?? '' } }],
      },
    ];
  },
};

/** The failed instance that came last, and its container that failed. */
function witnessOf({ failedPods }: TaskView, { metadata }: Job) {
  const ofJob = failedPods.filter((pod) => controllerOf(pod)?.uid === metadata.uid);
  const pod = ofJob.sort((a, b) =>
    (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1,
  )[0];
  const container = pod && statusesOf(pod).find(({ state }) => state?.terminated && state.terminated.exitCode !== 0);
  return pod && container ? { pod: podName(pod), container: container.name } : undefined;
}

const hour = 60 * 60_000;

export const taskTooLong: Rule<TaskView> = {
  number: 15,
  name: 'TaskTooLong',
  severity: 'info',
  forSeconds: 0,
  keepSeconds: 0,
  condition:
    'a task runs for more than 3 times the median of its last 5 runs, or, with fewer than 3 of them, for 12 hours',
  message: { en: 'Task {task} is unusually slow', ko: '작업 {task} 평소보다 오래 걸림' },
  find({ name, jobs }, now) {
    const started = (job: Job) => timeOf(job.status?.startTime);
    const active = jobs.filter((job) => (job.status?.active ?? 0) > 0 && started(job) !== undefined);
    const limit = usualTime(jobs);
    const slow = active.filter((job) => now - started(job)! > limit);
    const [first] = slow;
    if (!first) return [];
    return [{ params: { task: name, job: first.metadata.name ?? '', minutes: String(Math.round(limit / 60_000)) } }];
  },
};

/** Milliseconds after which a run is a long one. */
function usualTime(jobs: readonly Job[]): number {
  const times = jobs
    .map(({ status }) => ({ from: timeOf(status?.startTime), to: timeOf(status?.completionTime) }))
    .filter(({ from, to }) => from !== undefined && to !== undefined)
    .sort((a, b) => b.to! - a.to!)
    .slice(0, 5)
    .map(({ from, to }) => to! - from!)
    .sort((a, b) => a - b);
  return times.length < 3 ? 12 * hour : 3 * Math.max(times[Math.floor(times.length / 2)]!, 60_000);
}

/** A run may begin so late and not be missed. */
const lateness = 60_000;
const mostMissed = 100;

export const scheduleMissed: Rule<TaskView> = {
  number: 16,
  name: 'ScheduleMissed',
  severity: 'warning',
  forSeconds: 0,
  keepSeconds: 0,
  condition: 'a schedule that nobody suspended missed its last 2 runs',
  message: { en: 'Schedule {task} missed {runs} runs', ko: '예약 {task} {runs}회 누락' },
  find({ name, schedule, jobs }, now) {
    if (!schedule?.spec?.schedule || schedule.spec.suspend) return [];
    // A run that is not over yet may keep the next ones from beginning; that is what somebody asked for.
    if (jobs.some(({ status }) => (status?.active ?? 0) > 0)) return [];
    const missed = missedRuns(schedule, now);
    return missed < 2 ? [] : [{ params: { task: name, runs: String(missed) } }];
  },
};

function missedRuns({ metadata, spec = {}, status }: ScheduleFields, now: number): number {
  const since = timeOf(status?.lastScheduleTime) ?? timeOf(metadata.creationTimestamp) ?? now;
  const schedule = scheduleOf(spec.schedule ?? '', spec.timeZone);
  let runs = 0;
  for (let at = schedule?.next(since); at !== undefined && at <= now - lateness; at = schedule?.next(at))
    if (++runs >= mostMissed) break;
  return runs;
}

/** Undefined when it means nothing: the API said so when it was written. */
function scheduleOf(text: string, zone: string | undefined) {
  try {
    return parseSchedule(text, zone);
  } catch {
    return undefined;
  }
}
