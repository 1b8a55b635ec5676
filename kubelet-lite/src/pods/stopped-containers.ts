/** Containers that somebody stopped by hand: the pod's annotation `naru.dev/stopped-containers` names them. */
import type { Container } from '../runtime/container-runtime.ts';
import type { PodStatus } from './pod-status.ts';
import type { Pod } from './pod.ts';

export const stoppedAnnotation = 'naru.dev/stopped-containers';

/** Why such a container waits. It is not shown as terminated: the API lets no container of a pod that never restarts leave that state. */
export const stoppedReason = 'Stopped';

/** Names between commas; a JSON list of names is read too. Names that the pod does not know stop nothing. */
export function listedAsStopped({ metadata }: Pod): ReadonlySet<string> {
  const text = metadata.annotations?.[stoppedAnnotation] ?? '';
  return new Set(text.split(/[\s,"[\]]+/).filter((name) => name !== ''));
}

/** Whether this instance ended by hand rather than by itself, as far as was reported: that outlives the agent and the annotation. */
export function reportedAsStopped({ id }: Pick<Container, 'id'>, status: PodStatus): boolean {
  return reportOf(id, status)?.state.waiting?.reason === stoppedReason;
}

/** Whether it was reported that this instance ended, and nothing else was to come. */
export function reportedAsEnded({ id }: Pick<Container, 'id'>, status: PodStatus): boolean {
  return reportOf(id, status)?.state.terminated !== undefined;
}

function reportOf(id: string, { containerStatuses = [], initContainerStatuses = [] }: PodStatus) {
  return [...containerStatuses, ...initContainerStatuses].find(({ containerID }) => containerID?.endsWith(`://${id}`));
}
