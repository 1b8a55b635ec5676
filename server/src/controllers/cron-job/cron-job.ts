/** A CronJob as the loop sees it, and the Jobs it makes. */
import type { KubeObject, ObjectMeta } from '@naru/api/object';
import type { ObjectReference } from '@naru/api/events/event';
import type { Job } from '../job/job.ts';
import { controllerReference } from '../runtime/owners.ts';
import { cronJobs } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';

export interface CronJob extends KubeObject {
  spec: {
    schedule: string;
    timeZone?: string;
    startingDeadlineSeconds?: number;
    concurrencyPolicy?: string;
    suspend?: boolean;
    jobTemplate: { metadata?: ObjectMeta; spec: Job['spec'] };
    successfulJobsHistoryLimit?: number;
    failedJobsHistoryLimit?: number;
  };
  status?: { active?: ObjectReference[]; lastScheduleTime?: string; lastSuccessfulTime?: string };
}

const scheduledAnnotation = 'batch.kubernetes.io/cronjob-scheduled-timestamp';

/** One name per scheduled minute, so that one time never makes two Jobs. */
export const jobName = ({ metadata }: CronJob, time: number): string => `${metadata.name}-${Math.floor(time / 60_000)}`;

/** RFC 3339 as read off a clock in the zone, with its offset. */
function inZone(time: number, timeZone: string | undefined): string {
  if (!timeZone) return timestamp(time);
  const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(time).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  const offset = name.replace('GMT', '') || 'Z';
  if (offset === 'Z') return timestamp(time);
  const [hours = 0, minutes = 0] = offset.slice(1).split(':').map(Number);
  const shift = (offset.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
  return timestamp(time + shift).replace('Z', offset);
}

/** Whether the Job was started for a due time, not by hand. */
export const isScheduled = ({ metadata }: Job): boolean => metadata.annotations?.[scheduledAnnotation] !== undefined;

export function jobFor(cronJob: CronJob, time: number): Job {
  const { metadata = {}, spec } = cronJob.spec.jobTemplate;
  const { namespace } = cronJob.metadata;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name: jobName(cronJob, time),
      ...(namespace && { namespace }),
      ...(metadata.labels && { labels: { ...metadata.labels } }),
      annotations: { ...metadata.annotations, [scheduledAnnotation]: inZone(time, cronJob.spec.timeZone) },
      ...(metadata.finalizers && { finalizers: [...metadata.finalizers] }),
      ownerReferences: [controllerReference(cronJob, cronJobs)],
    },
    spec: structuredClone(spec),
  };
}
