/** The parts of jobs as they come in. */
import type { V1CronJob, V1CronJobSpec, V1Job, V1JobSpec, V1JobStatus } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf } from '../fields.ts';
import type { Fields, ObjectFields } from '../fields.ts';

export type Job = ObjectFields<V1Job>;
export type JobSpec = Fields<V1JobSpec>;
export type JobStatus = Fields<V1JobStatus>;
export type CronJob = ObjectFields<V1CronJob>;
export type CronJobSpec = Fields<V1CronJobSpec>;

export const jobOf = (object: AnyObject): Job => fieldsOf<V1Job>(object);
export const cronJobOf = (object: AnyObject): CronJob => fieldsOf<V1CronJob>(object);
