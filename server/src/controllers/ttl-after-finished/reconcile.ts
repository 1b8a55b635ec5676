/** Deletes finished Jobs whose time to live is over. */
// Like pkg/controller/ttlafterfinished.
import { isNotFound } from '@naru/api/status';
import { isFinishedJob, type Job } from '../job/job.ts';
import { defineController } from '../runtime/define-controller.ts';
import { jobs } from '../runtime/resources.ts';

/** When the Job's time is over, in milliseconds since 1970; undefined while it has not finished or has no limit. */
export function expiry(job: Job): number | undefined {
  const { ttlSecondsAfterFinished } = job.spec;
  if (ttlSecondsAfterFinished === undefined || !isFinishedJob(job) || job.metadata.deletionTimestamp) return undefined;
  const end = job.status?.conditions?.find(({ type, status }) => {
    return (type === 'Complete' || type === 'Failed') && status === 'True';
  });
  const time = Date.parse(end?.lastTransitionTime ?? '');
  return Number.isNaN(time) ? undefined : time + ttlSecondsAfterFinished * 1000;
}

export const ttlAfterFinished = defineController({
  name: 'ttl-after-finished-controller',
  for: jobs,
  async reconcile(key, { client, informers, clock }) {
    const job = informers.for<Job>(jobs).get(key);
    const end = job && expiry(job);
    if (!job || end === undefined) return undefined;
    if (end > clock.now()) return { after: end - clock.now() };
    const { name = '', namespace, uid, resourceVersion } = job.metadata;
    const preconditions = { ...(uid && { uid }), ...(resourceVersion && { resourceVersion }) };
    try {
      await client.for<Job>(jobs).delete(name, namespace, { propagationPolicy: 'Foreground', preconditions });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return undefined;
  },
});
