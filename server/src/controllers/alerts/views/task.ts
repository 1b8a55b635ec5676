/** A task as rules see it: a Job, or the Jobs of a CronJob as one. */
import type { KubeObject } from '@naru/api/object';
import { conditionOf, type Condition } from '../../runtime/condition.ts';
import { timeOf, type Pod } from './pod.ts';

export interface Job extends KubeObject {
  spec?: { suspend?: boolean };
  status?: {
    active?: number;
    failed?: number;
    succeeded?: number;
    conditions?: Condition[];
    startTime?: string;
    completionTime?: string;
  };
}

export interface TaskView {
  readonly kind: 'Job' | 'CronJob';
  readonly namespace: string;
  readonly name: string;
  readonly jobs: readonly Job[];
  /** Instances of its jobs that failed. */
  readonly failedPods: readonly Pod[];
  /** Of a CronJob. */
  readonly schedule: ScheduleFields | undefined;
}

export interface ScheduleFields extends KubeObject {
  spec?: { schedule?: string; timeZone?: string; suspend?: boolean };
  status?: { lastScheduleTime?: string };
}

/** How the task last ended; undefined while it has not. */
export function lastEnd({ jobs }: TaskView): { job: Job; failed: Condition | undefined; at: number } | undefined {
  const ends = jobs.flatMap((job) => {
    const failed = trueCondition(job, 'Failed');
    const at = timeOf((failed ?? trueCondition(job, 'Complete'))?.lastTransitionTime);
    return at === undefined ? [] : [{ job, failed, at }];
  });
  return ends.sort((a, b) => b.at - a.at)[0];
}

function trueCondition({ status }: Job, type: string): Condition | undefined {
  const condition = conditionOf(status?.conditions, type);
  return condition?.status === 'True' ? condition : undefined;
}
