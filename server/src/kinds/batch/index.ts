/** The kinds of batch, in the order discovery lists them. */
import type { Kind } from '../define-kind.ts';
import { cronJob } from './cron-job.ts';
import { job } from './job.ts';

export const batch: readonly Kind[] = [cronJob, job];
