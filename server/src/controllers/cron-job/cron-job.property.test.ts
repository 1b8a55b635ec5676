/** Whatever happens on the way, a CronJob starts a Job when it is due, no due time twice, and with Forbid never two at once. */
import { expect, test } from '@jest/globals';
import { template } from '../../testing/simulation/fixtures.ts';
import { holds } from '../../testing/simulation/steps.ts';
import type { Simulation } from '../../testing/simulation/simulation.ts';
import { isFinishedJob, type Job } from '../job/job.ts';
import { cronJobs, jobs } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import type { CronJob } from './cron-job.ts';
import { cronJob } from './reconcile.ts';

const minute = 60_000;

async function finish({ client, clock }: Simulation, job: Job | undefined): Promise<void> {
  if (!job || isFinishedJob(job)) return;
  const now = timestamp(clock.now());
  const condition = { status: 'True', lastProbeTime: now, lastTransitionTime: now };
  const conditions = ['SuccessCriteriaMet', 'Complete'].map((type) => ({ ...condition, type }));
  const status = { ...job.status, startTime: now, completionTime: now, succeeded: 1, conditions };
  await client.for<Job>(jobs).updateStatus({ ...job, status } as Job);
}

test('a CronJob starts every due Job once', async () => {
  let forbids = false;
  await holds({
    controllers: () => [cronJob],
    async given({ client, namespace, random }) {
      forbids = random.chance(0.5);
      const { metadata, spec } = template();
      const jobTemplate = { spec: { template: { metadata, spec: { ...spec, restartPolicy: 'Never' } } } };
      const concurrencyPolicy = forbids ? 'Forbid' : 'Allow';
      const found = {
        metadata: { name: 'tick', namespace },
        spec: { schedule: '* * * * *', concurrencyPolicy, successfulJobsHistoryLimit: 1, jobTemplate },
      };
      await client.for<CronJob>(cronJobs).create(found as unknown as CronJob);
    },
    acts: {
      async finishJob(simulation, n) {
        const all = await simulation.list<Job>(jobs);
        await finish(simulation, all[n % Math.max(1, all.length)]);
      },
      minute: ({ clock }) => clock.advance(minute),
    },
    async always(simulation) {
      const made = simulation.written('create', jobs).map(({ name }) => name);
      expect(made).toHaveLength(new Set(made).size);
      const running = (await simulation.list<Job>(jobs)).filter((job) => !isFinishedJob(job));
      if (forbids) expect(running.length).toBeLessThanOrEqual(1);
    },
    settle: (simulation) =>
      simulation.settle(async () => {
        for (const job of await simulation.list<Job>(jobs)) await finish(simulation, job);
      }),
    async finally(simulation) {
      const { status } = await simulation.client.for<CronJob>(cronJobs).get('tick', simulation.namespace);
      const last = Math.floor(simulation.clock.now() / minute) * minute;
      expect(status?.lastScheduleTime).toBe(timestamp(last));
      expect(status?.active ?? []).toEqual([]);
      expect((await simulation.list<Job>(jobs)).map(({ metadata }) => metadata.name)).toEqual([
        `tick-${last / minute}`,
      ]);
      expect(simulation.complaints).toEqual([]);
    },
  });
}, 120_000);
