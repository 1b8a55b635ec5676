/** The phase of a pod, from the states of its containers. */
// Like kubelet_pods.getPhase.
import type { ContainerStatus, PodPhase } from '../pods/pod-status.ts';
import { isSidecar, type Pod } from '../pods/pod.ts';
import { stoppedReason } from '../pods/stopped-containers.ts';

export interface PhaseInput {
  pod: Pod;
  initStatuses: readonly ContainerStatus[];
  statuses: readonly ContainerStatus[];
  /** Nothing is started any more. */
  ending: boolean;
  /** All containers are on their way to being started once more. */
  restartsAll: boolean;
}

export function podPhase({ pod, initStatuses, statuses, ending, restartsAll }: PhaseInput): PodPhase {
  const policy = pod.spec.restartPolicy ?? 'Always';
  const init = initProgress(pod, initStatuses, statuses);
  if (init === 'failed' && policy === 'Never') return 'Failed';
  if (init !== 'done' && !ending) return 'Pending';
  if (restartsAll && !ending) return 'Running';
  const { waiting, running, stopped, succeeded } = count(statuses);
  if (waiting > 0) return 'Pending';
  if (running > 0) return 'Running';
  if (stopped === 0) return 'Pending';
  if (ending) return stopped === succeeded ? 'Succeeded' : 'Failed';
  if (anyRestarts(pod, statuses)) return 'Running';
  if (policy === 'Always') return 'Running';
  if (stopped === succeeded) return 'Succeeded';
  return policy === 'Never' ? 'Failed' : 'Running';
}

/** Containers with a restart policy of their own may outlive what the pod's says. */
function anyRestarts(pod: Pod, statuses: readonly ContainerStatus[]): boolean {
  return pod.spec.containers.some(({ name, restartPolicy }) => {
    if (!restartPolicy || restartPolicy === 'Never') return false;
    const exitCode = statuses.find((status) => status.name === name)?.state.terminated?.exitCode;
    return restartPolicy === 'Always' || exitCode !== 0;
  });
}

function initProgress(
  pod: Pod,
  initStatuses: readonly ContainerStatus[],
  statuses: readonly ContainerStatus[],
): 'done' | 'pending' | 'failed' {
  // Once a container has been started, its init containers are history.
  const initialized = statuses.some(({ containerID }) => containerID !== undefined);
  let pending = false;
  for (const definition of pod.spec.initContainers ?? []) {
    const status = initStatuses.find(({ name }) => name === definition.name);
    if (isSidecar(definition)) {
      if (!initialized && !status?.started) pending = true;
      continue;
    }
    if (status?.state.waiting?.reason === stoppedReason) {
      pending = true;
      continue;
    }
    const ended = status?.state.terminated ?? (status?.state.waiting && status.lastState.terminated);
    if (ended && ended.exitCode !== 0) return 'failed';
    if (!status?.state.terminated && !initialized) pending = true;
  }
  return pending ? 'pending' : 'done';
}

function count(statuses: readonly ContainerStatus[]) {
  const counted = { waiting: 0, running: 0, stopped: 0, succeeded: 0 };
  for (const { state, lastState } of statuses) {
    if (state.running) counted.running++;
    else if (state.terminated) {
      counted.stopped++;
      if (state.terminated.exitCode === 0) counted.succeeded++;
    }
    // One that was stopped by hand can be started again: the pod has not come to its end.
    else if (state.waiting?.reason === stoppedReason && lastState.terminated) counted.running++;
    else if (lastState.terminated) counted.stopped++;
    else counted.waiting++;
  }
  return counted;
}
