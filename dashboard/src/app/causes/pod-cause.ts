/** Why an instance does not run or does not serve. */
import { message } from '../i18n/message';
import { type Pod, conditionOf, stoppedContainersOf } from '../kinds/pod';
import { type Cause, worstCause } from './cause';
import { containerCause } from './container-cause';
import { placementCause } from './placement-cause';

/** An instance may take this long to start or to end before it is worth a word, in milliseconds. */
const startingFor = 3 * 60_000;
const endingFor = 2 * 60_000;
const notReadyFor = 30_000;

/** Undefined when it runs, is done, or is only on its way. `now` in milliseconds. */
export function podCause(pod: Pod, now: number): Cause | undefined {
  if (pod.metadata.deletionTimestamp) return endingCause(pod, now);
  const { status } = pod;
  if (status?.phase === 'Succeeded') return undefined;
  if (status?.reason === 'Evicted') return evictedCause(pod);
  const scheduled = conditionOf(status?.conditions, 'PodScheduled');
  if (scheduled?.status === 'False') return placementCause(pod, scheduled.message ?? '');
  return worstCause([...containerCauses(pod), startingCause(pod, now), healthCause(pod, now)]);
}

function containerCauses(pod: Pod): (Cause | undefined)[] {
  const stopped = stoppedContainersOf(pod);
  const specs = [...(pod.spec.initContainers ?? []), ...pod.spec.containers];
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  return statuses
    .filter(({ name }) => !stopped.includes(name))
    .map((status) =>
      containerCause(
        status,
        specs.find(({ name }) => name === status.name),
      ),
    );
}

function startingCause(pod: Pod, now: number): Cause | undefined {
  const waiting = pod.status?.containerStatuses?.some(
    ({ state }) => state?.waiting && ['ContainerCreating', 'PodInitializing'].includes(state.waiting.reason ?? ''),
  );
  const since = Date.parse(pod.status?.startTime ?? pod.metadata.creationTimestamp ?? '');
  if (!waiting || !(now - since > startingFor)) return undefined;
  return {
    term: 'ContainerCreating',
    severity: 'warning',
    what: message('cause.starting.what', { minutes: Math.floor((now - since) / 60_000) }),
    why: message('cause.starting.why'),
    next: message('cause.starting.next'),
    remedy: { kind: 'events' },
  };
}

/** Everything runs, but its health check does not pass. */
function healthCause(pod: Pod, now: number): Cause | undefined {
  const ready = conditionOf(pod.status?.conditions, 'Ready');
  if (pod.status?.phase !== 'Running' || ready?.status !== 'False') return undefined;
  const stopped = stoppedContainersOf(pod);
  const failing = pod.status.containerStatuses?.find(
    ({ name, ready: passes, state }) => !passes && state?.running && !stopped.includes(name),
  );
  if (!failing || !(now - Date.parse(ready.lastTransitionTime ?? '') > notReadyFor)) return undefined;
  return {
    term: ready.reason ?? 'NotReady',
    severity: 'warning',
    what: message('cause.health.what', { container: failing.name }),
    why: message('cause.health.why'),
    next: message('cause.health.next'),
    remedy: { kind: 'logs', previous: false, container: failing.name },
    ...(ready.message ? { detail: ready.message } : {}),
  };
}

function endingCause(pod: Pod, now: number): Cause | undefined {
  const since = Date.parse(pod.metadata.deletionTimestamp ?? '');
  if (!(now - since > endingFor)) return undefined;
  return {
    term: 'Terminating',
    severity: 'warning',
    what: message('cause.ending.what'),
    why: message('cause.ending.why'),
    next: message('cause.ending.next'),
    remedy: { kind: 'force-delete' },
  };
}

function evictedCause(pod: Pod): Cause {
  return {
    term: 'Evicted',
    severity: 'warning',
    what: message('cause.evicted.what'),
    why: message('cause.evicted.why'),
    next: message('cause.evicted.next'),
    remedy: { kind: 'machines' },
    ...(pod.status?.message ? { detail: pod.status.message } : {}),
  };
}
