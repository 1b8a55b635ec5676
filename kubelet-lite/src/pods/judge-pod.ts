/** Computes what there is to report of a pod, and reports it. */
import { formatTime } from '@naru/api/time';
import { computeStatus } from '../status/compute-status.ts';
import { ownConditions } from '../status/pod-conditions.ts';
import type { PodFailure } from '../status/status-input.ts';
import { podIpOf, type PodSync } from './pod-sync.ts';
import type { PodStatus } from './pod-status.ts';
import { isTerminalPhase } from './pod.ts';
import type { PodView } from './pod-view.ts';
import { readTerminationMessages } from './termination-message.ts';

const deadlineExceeded: PodFailure = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
};

/** `ending`: nothing is started any more; `ended`: and nothing runs. */
export type Stage = 'living' | 'ending' | 'ended';

export async function judge(sync: PodSync, view: PodView, stage: Stage): Promise<PodStatus> {
  const { pod, memory, context } = sync;
  const previous = previousStatus(sync);
  const podIp = podIpOf(sync, view);
  if (podIp) memory.podIp = podIp;
  await readTerminationMessages(view, memory, previous, context);
  return computeStatus({
    pod,
    view,
    previous,
    runtimeName: context.runtimeName,
    hostIp: context.node.ip,
    podIp,
    lastPodIp: memory.podIp,
    waiting: memory.waiting,
    stoppedByHand: memory.stoppedByHand,
    terminationMessages: memory.messages,
    probes: {
      ready: ({ id }) => context.probes.ready(id),
      started: ({ id }) => context.probes.started(id),
    },
    stage,
    ...(memory.failure && { failure: memory.failure }),
    now: formatTime(context.clock.now()),
  });
}

export function report({ pod, memory, context, gone }: PodSync, status: PodStatus): void {
  memory.status = status;
  if (!gone) context.statuses.write(pod, status);
}

/** What was last reported, with the conditions of others as the API has them now. */
export function previousStatus({ pod, memory }: PodSync): PodStatus {
  const reported = pod.status ?? {};
  if (!memory.status) return reported;
  const foreign = (reported.conditions ?? []).filter(({ type }) => !ownConditions.includes(type));
  const own = (memory.status.conditions ?? []).filter(({ type }) => ownConditions.includes(type));
  return { ...memory.status, conditions: [...foreign, ...own] };
}

/** When the pod's time is over, in milliseconds since 1970; notes its failure once it is. */
export function checkDeadline({ pod, memory, context }: PodSync): number | undefined {
  const seconds = pod.spec.activeDeadlineSeconds;
  const startTime = memory.status?.startTime ?? pod.status?.startTime;
  if (seconds === undefined || !startTime || memory.failure || isTerminalPhase(pod.status?.phase)) return undefined;
  const deadline = Date.parse(startTime) + seconds * 1000;
  if (context.clock.now() < deadline) return deadline;
  memory.failure = deadlineExceeded;
  context.events.pod(pod, 'Normal', deadlineExceeded.reason, deadlineExceeded.message);
  return undefined;
}

/** True for a pod that the node refuses: it fails without ever having started. */
export function isRefused(sync: PodSync, { observed }: PodView): boolean {
  const { pod, memory, context, gone } = sync;
  const untouched = observed.sandboxes.length === 0 && observed.containers.length === 0;
  if (gone || !untouched || pod.status?.startTime || memory.status || pod.metadata.deletionTimestamp) return false;
  if (isTerminalPhase(pod.status?.phase)) return false;
  const refusal = sync.refuse();
  if (!refusal) return false;
  context.events.pod(pod, 'Warning', refusal.reason, refusal.message);
  const generation = pod.metadata.generation;
  const message = `Pod was rejected: ${refusal.message}`;
  memory.failure = { reason: refusal.reason, message };
  report(sync, {
    ...pod.status,
    ...(generation !== undefined && { observedGeneration: generation }),
    phase: 'Failed',
    reason: refusal.reason,
    message,
  });
  return true;
}
