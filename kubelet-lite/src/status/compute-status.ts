/** Computes the status of a pod. No I/O: from the same input, always the same status. */
// Like kubelet_pods.generateAPIPodStatus.
import type { ContainerStatus, PodStatus } from '../pods/pod-status.ts';
import { isTerminalPhase } from '../pods/pod.ts';
import type { ContainerRole } from '../pods/restart-rules.ts';
import { containerStatus } from './container-status.ts';
import { podConditions } from './pod-conditions.ts';
import { podPhase } from './pod-phase.ts';
import type { StatusInput } from './status-input.ts';

export function computeStatus(input: StatusInput): PodStatus {
  const { pod, view, previous, failure, stage, hostIp, now } = input;
  const ending = stage !== 'living';
  const hasInit = (pod.spec.initContainers ?? []).length > 0;
  const first = hasInit ? 'PodInitializing' : 'ContainerCreating';
  const of = (...roles: ContainerRole[]): ContainerStatus[] =>
    view.members
      .filter(({ role }) => roles.includes(role))
      .map((member) => containerStatus(member, input, member.role === 'ephemeral' ? 'ContainerCreating' : first));
  const [initStatuses, statuses, ephemeralStatuses] = [of('init', 'sidecar'), of('container'), of('ephemeral')];
  const { restartsAll } = view;
  const phase = settledPhase(input, podPhase({ pod, initStatuses, statuses, ending, restartsAll }));
  const podIp = input.podIp ?? input.lastPodIp ?? previous.podIP;
  const generation = pod.metadata.generation;
  const told = failure ?? (isTerminalPhase(previous.phase) ? previous : undefined);
  return {
    ...(generation !== undefined && { observedGeneration: generation }),
    phase,
    conditions: podConditions({
      pod,
      phase,
      statuses,
      initStatuses,
      sandboxReady: view.sandbox !== undefined && input.podIp !== undefined,
      previous: previous.conditions ?? [],
      now,
    }),
    ...(told?.reason && { reason: told.reason }),
    ...(told?.message && { message: told.message }),
    hostIP: hostIp,
    hostIPs: [{ ip: hostIp }],
    ...(podIp && { podIP: podIp, podIPs: [{ ip: podIp }] }),
    startTime: previous.startTime ?? now,
    ...(initStatuses.length > 0 && { initContainerStatuses: initStatuses }),
    containerStatuses: statuses,
    ...(ephemeralStatuses.length > 0 && { ephemeralContainerStatuses: ephemeralStatuses }),
    ...(previous.qosClass && { qosClass: previous.qosClass }),
  };
}

/** What has ended stays ended, and what the node ended has failed. */
function settledPhase(
  { previous, failure, stage }: StatusInput,
  phase: PodStatus['phase'] & string,
): PodStatus['phase'] & string {
  if (previous.phase && isTerminalPhase(previous.phase)) return previous.phase;
  // A pod that was ended before it got anywhere has failed too.
  return failure || (stage === 'ended' && !isTerminalPhase(phase)) ? 'Failed' : phase;
}
