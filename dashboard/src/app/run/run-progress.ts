/** The steps of a start, read from what the cluster says; pure. */
import type { App } from '../apps/app';
import type { Cause } from '../causes/cause';
import type { MessageKey } from '../i18n/message';
import { type Pod, conditionOf, isReady } from '../kinds/pod';

export type StepState = 'done' | 'now' | 'failed' | 'later';

export interface Step {
  readonly label: MessageKey;
  readonly state: StepState;
}

const labels: readonly MessageKey[] = [
  'progress.accepted',
  'progress.placed',
  'progress.image',
  'progress.started',
  'progress.ready',
];

/** A cause belongs to the step that has not been reached. */
export function stepsOf(app: App | undefined): {
  readonly steps: readonly Step[];
  readonly cause: Cause | undefined;
  readonly done: boolean;
} {
  const reached = app ? Math.max(1, ...app.pods.map(reachedBy)) : 0;
  const done = app !== undefined && app.ready >= app.desired && app.desired > 0;
  const count = done ? labels.length : Math.min(reached, labels.length - 1);
  const steps = labels.map((label, index): Step => {
    if (index < count) return { label, state: 'done' };
    if (index > count) return { label, state: 'later' };
    return { label, state: app?.cause ? 'failed' : 'now' };
  });
  return { steps, cause: done ? undefined : app?.cause, done };
}

/** How many steps an instance has behind it. */
function reachedBy(pod: Pod): number {
  if (isReady(pod)) return 5;
  const statuses = pod.status?.containerStatuses ?? [];
  const started =
    statuses.length > 0 &&
    statuses.every(({ state, restartCount }) => state?.running || restartCount > 0 || state?.terminated);
  if (started) return 4;
  const pulled = statuses.length > 0 && statuses.every(({ containerID, state }) => containerID || state?.running);
  if (pulled) return 3;
  return conditionOf(pod.status?.conditions, 'PodScheduled')?.status === 'True' || pod.spec.nodeName ? 2 : 1;
}
