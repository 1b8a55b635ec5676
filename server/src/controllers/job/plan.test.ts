/** Jobs reach their end with every pod counted once, and say so in upstream's words. */
import { expect, test } from '@jest/globals';
import type { Pod } from '../runtime/pod.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { formatIndexes, parseIndexes } from './index-intervals.ts';
import { isFinishedJob, trackingFinalizer, type Job } from './job.ts';
import { jobPod } from './job-pod.ts';
import { planJob } from './plan.ts';

const start = Date.UTC(2026, 0, 1);

const jobOf = (spec: Partial<Job['spec']>): Job => ({
  metadata: { name: 'j', namespace: 'a', uid: 'job' },
  spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c' }] } }, ...spec },
});

/** Plays server and kubelet until nothing happens any more. `outcome` decides how a pod ends; undefined: it goes on. */
function play(job: Job, outcome: (index: number, nth: number) => number | undefined) {
  let current = job;
  let pods: Pod[] = [];
  let now = start;
  let created = 0;
  const events: string[] = [];
  for (let step = 0; step < 200 && !isFinishedJob(current); step++) {
    const plan = planJob(current, pods, now);
    const before = JSON.stringify([current.status, pods]);
    pods = pods.filter((pod) => !plan.withdraw.includes(pod) && !plan.stop.includes(pod));
    pods.push(
      ...plan.create.map((wanted) => {
        const pod = jobPod(current, wanted);
        const exitCode = outcome(wanted.index ?? created, created);
        const name = `p${created++}`;
        const phase = exitCode === undefined ? 'Running' : exitCode === 0 ? 'Succeeded' : 'Failed';
        const state = { terminated: { exitCode: exitCode ?? 0, finishedAt: timestamp(now) } };
        return {
          ...pod,
          metadata: { ...pod.metadata, name, uid: name, creationTimestamp: timestamp(now) },
          status: { phase, ...(exitCode !== undefined && { containerStatuses: [{ name: 'c', state }] }) },
        };
      }),
    );
    current = { ...current, status: plan.status };
    events.push(...plan.events.map(({ reason }) => reason));
    const released = new Set(plan.release.map(({ metadata }) => metadata.uid));
    pods = pods.map((pod) =>
      released.has(pod.metadata.uid) ? { ...pod, metadata: { ...pod.metadata, finalizers: [] } } : pod,
    );
    if (plan.after) now += plan.after;
    else if (JSON.stringify([current.status, pods]) === before) break;
  }
  const { status } = current;
  return {
    status,
    events,
    created,
    pods,
    conditions: status?.conditions?.map(({ type, reason }) => `${type} ${reason}`),
  };
}

test('completes when enough pods have succeeded', () => {
  const { status, events, conditions, created, pods } = play(jobOf({ completions: 3, parallelism: 2 }), () => 0);
  expect(status).toMatchObject({ succeeded: 3, ready: 0, terminating: 0, uncountedTerminatedPods: {} });
  expect(conditions).toEqual(['SuccessCriteriaMet CompletionsReached', 'Complete CompletionsReached']);
  expect([created, events]).toEqual([3, ['Completed']]);
  expect(pods.every(({ metadata }) => !metadata.finalizers?.includes(trackingFinalizer))).toBe(true);
});

test('fails beyond its backoff limit, with a growing pause before each attempt', () => {
  const { status, conditions, created } = play(jobOf({ completions: 1, backoffLimit: 2 }), () => 1);
  expect([status?.failed, created]).toEqual([3, 3]);
  expect(conditions).toEqual(['FailureTarget BackoffLimitExceeded', 'Failed BackoffLimitExceeded']);
});

test('indexed jobs give every index one success, retrying those that fail', () => {
  const failing = new Set([2]);
  const job = jobOf({ completions: 4, parallelism: 4, completionMode: 'Indexed' });
  const { status, created } = play(job, (index) => (failing.delete(index) ? 1 : 0));
  expect(status).toMatchObject({ completedIndexes: '0-3', succeeded: 4, failed: 1 });
  expect(created).toBe(5);
});

test('a rule may fail the whole job, naming container, pod and exit code', () => {
  const rules = [{ action: 'FailJob', onExitCodes: { operator: 'In', values: [42] } }];
  const { status } = play(jobOf({ completions: 1, podFailurePolicy: { rules } }), () => 42);
  expect(status?.conditions?.[0]).toMatchObject({
    type: 'FailureTarget',
    reason: 'PodFailurePolicy',
    message: 'Container c for pod a/p0 failed with exit code 42 matching FailJob rule at index 0',
  });
});

test('failures per index end only that index', () => {
  const job = jobOf({ completions: 2, parallelism: 2, completionMode: 'Indexed', backoffLimitPerIndex: 1 });
  const { status, created, conditions } = play(job, (index) => (index === 0 ? 1 : 0));
  expect(status).toMatchObject({ completedIndexes: '1', failedIndexes: '0', failed: 2 });
  expect([created, conditions?.[1]]).toEqual([3, 'Failed FailedIndexes']);
});

test('a suspended job has no pods, and starts its time anew when it resumes', () => {
  const suspended = play(jobOf({ completions: 1, suspend: true }), () => undefined);
  expect([suspended.created, suspended.conditions, suspended.events]).toEqual([
    0,
    ['Suspended JobSuspended'],
    ['Suspended'],
  ]);
  const resumed = play(
    { ...jobOf({ completions: 1 }), ...(suspended.status && { status: suspended.status }) },
    () => undefined,
  );
  expect(resumed.conditions).toEqual(['Suspended JobResumed']);
  expect(resumed.status).toMatchObject({ active: 1, startTime: timestamp(start) });
});

test('indexes are written as upstream writes them', () => {
  expect(formatIndexes([7, 1, 3, 4, 5, 8])).toBe('1,3-5,7,8');
  expect([...parseIndexes('1,3-5,7', 6)]).toEqual([1, 3, 4, 5]);
});
