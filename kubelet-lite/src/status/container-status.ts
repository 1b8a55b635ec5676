/** The status of one container: what runs, what ran before, and why it waits. */
// Like kubelet_pods.convertToAPIContainerStatuses.
import { canonicalQuantity, formatQuantity, quantityFromInteger } from '@naru/api/quantity';
import type { ContainerDefinition, ResourceList } from '../pods/container-definition.ts';
import type { ContainerState, ContainerStatus, TerminatedState, VolumeMountStatus } from '../pods/pod-status.ts';
import type { Member } from '../pods/pod-view.ts';
import { containerResources } from '../pods/qos.ts';
import { restarts } from '../pods/restart-rules.ts';
import { reportedAsEnded, reportedAsStopped, stoppedReason } from '../pods/stopped-containers.ts';
import type { Container } from '../runtime/container-runtime.ts';
import { toSeconds } from '../runtime/nano-time.ts';
import type { StatusInput } from './status-input.ts';

const neverStarted = '1970-01-01T00:00:00Z';
const killedExitCode = 137;

export function containerStatus(member: Member, input: StatusInput, waitingFirst: string): ContainerStatus {
  const { definition, role } = member;
  const [newest, before] = input.view.instances(definition.name);
  const previous = previousStatus(member, input);
  const started = role === 'ephemeral' ? {} : { started: false };
  if (!newest) return withoutInstance(member, input, previous, waitingFirst);
  const state = currentState(member, newest, input);
  const last = 'waiting' in state && newest.state !== 'created' ? newest : before;
  const status: ContainerStatus = {
    name: definition.name,
    state,
    lastState: last && last.state !== 'running' && last.state !== 'created' ? stateOf(last, input) : {},
    ready: false,
    restartCount: newest.attempt,
    image: newest.image,
    imageID: newest.imageId,
    containerID: idOf(newest, input),
    ...started,
    ...resourcesOf(definition, newest),
    ...volumeMountsOf(definition),
    ...(newest.user && { user: { linux: newest.user } }),
  };
  return { ...status, ...(state.waiting?.reason !== stoppedReason && readiness(member, newest, input)) };
}

function previousStatus({ definition, role }: Member, { previous }: StatusInput): ContainerStatus | undefined {
  const { containerStatuses, initContainerStatuses, ephemeralContainerStatuses } = previous;
  const list =
    role === 'container'
      ? containerStatuses
      : role === 'ephemeral'
        ? ephemeralContainerStatuses
        : initContainerStatuses;
  return list?.find(({ name }) => name === definition.name);
}

const idOf = ({ id }: Container, { runtimeName }: StatusInput) => `${runtimeName}://${id}`;

/** Nothing in the runtime: not there yet, or cleared away. What was reported of an end is kept. */
function withoutInstance(
  member: Member,
  input: StatusInput,
  previous: ContainerStatus | undefined,
  waitingFirst: string,
): ContainerStatus {
  const { definition, role } = member;
  if (previous?.state.terminated) return previous;
  const held = input.view.isHeld(member) && input.stage === 'living';
  const reason = held ? { reason: stoppedReason } : (input.waiting.get(definition.name) ?? { reason: waitingFirst });
  const status: ContainerStatus = {
    name: definition.name,
    state: { waiting: { ...reason } },
    lastState: previous?.lastState ?? {},
    ready: false,
    restartCount: previous?.restartCount ?? 0,
    image: definition.image,
    imageID: '',
    ...(role !== 'ephemeral' && { started: false }),
  };
  return previous?.state.running ? lost(status, previous, input) : status;
}

/** It ran when it was last seen. */
function lost(status: ContainerStatus, previous: ContainerStatus, { stage }: StatusInput): ContainerStatus {
  const ending = stage !== 'living';
  const terminated: TerminatedState = {
    exitCode: killedExitCode,
    reason: 'ContainerStatusUnknown',
    message: ending
      ? 'The container could not be located when the pod was terminated'
      : 'The container could not be located when the pod was deleted.  The container used to be Running',
    startedAt: null,
    finishedAt: null,
  };
  if (ending) return { ...status, state: { terminated }, restartCount: previous.restartCount };
  return { ...status, lastState: { terminated }, restartCount: previous.restartCount + 1 };
}

function stateOf(container: Container, input: StatusInput): ContainerState {
  switch (container.state) {
    case 'created':
      return { waiting: { reason: 'ContainerCreating' } };
    case 'running':
      return { running: { startedAt: toSeconds(container.startedAt || container.createdAt) } };
    case 'exited':
    case 'unknown':
      return { terminated: terminatedState(container, input) };
  }
}

function terminatedState(container: Container, input: StatusInput): TerminatedState {
  const { error, exitCode, startedAt, finishedAt, createdAt, oomKilled, state } = container;
  const containerID = idOf(container, input);
  if (state === 'unknown')
    return {
      exitCode: killedExitCode,
      reason: 'ContainerStatusUnknown',
      startedAt: null,
      finishedAt: null,
      containerID,
    };
  if (!startedAt)
    return {
      exitCode,
      reason: 'StartError',
      message: error,
      startedAt: neverStarted,
      finishedAt: toSeconds(createdAt),
      containerID,
    };
  const message = input.terminationMessages.get(container.id);
  return {
    exitCode,
    reason: oomKilled ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error',
    ...(message && { message }),
    startedAt: toSeconds(startedAt),
    finishedAt: toSeconds(finishedAt || startedAt),
    containerID,
  };
}

function currentState(member: Member, newest: Container, input: StatusInput): ContainerState {
  if (isStopped(member, newest, input)) return { waiting: { reason: stoppedReason } };
  return withWaiting(member, stateOf(newest, input), newest, input);
}

/** One that is to be stopped and has ended is, unless it had done so by itself and for good before. */
function isStopped(member: Member, newest: Container, input: StatusInput): boolean {
  const { view, previous, pod, stage, stoppedByHand } = input;
  if (newest.state === 'running' || stage !== 'living') return false;
  const held = view.isHeld(member);
  if (newest.state === 'created') return held;
  if (stoppedByHand.has(newest.id) || reportedAsStopped(newest, previous)) return true;
  return held && (!reportedAsEnded(newest, previous) || restarts(pod, member.definition, member.role, newest));
}

/** A container that will be started again but could not be yet waits, and what it did is its last state. */
function withWaiting(
  { definition, role }: Member,
  state: ContainerState,
  newest: Container,
  { waiting, pod, stage }: StatusInput,
): ContainerState {
  const reason = waiting.get(definition.name);
  if (!reason || newest.state === 'running' || stage !== 'living') return state;
  const comesBack = newest.state === 'created' || restarts(pod, definition, role, newest);
  return comesBack ? { waiting: { ...reason } } : state;
}

function readiness({ role }: Member, container: Container, input: StatusInput): Partial<ContainerStatus> {
  if (role === 'init')
    return { ready: container.state === 'exited' && container.exitCode === 0, started: container.state === 'running' };
  if (container.state !== 'running') return {};
  if (role === 'ephemeral') return { ready: false };
  const started = input.probes.started(container);
  return { started, ready: started && input.probes.ready(container) };
}

/** What the spec asks, or what the container has while a resize is on its way. */
function resourcesOf(definition: ContainerDefinition, container: Container): Partial<ContainerStatus> {
  const { requests = {}, limits = {} } = definition.resources ?? {};
  const canonical = (list: ResourceList) =>
    Object.fromEntries(Object.entries(list).map(([name, amount]) => [name, canonicalQuantity(amount)]));
  const wanted = containerResources(definition.resources);
  const actual = container.resources ?? wanted;
  const memory = actual.memoryBytes;
  const stale = memory !== wanted.memoryBytes && memory !== undefined;
  const allocated = canonical(requests);
  return {
    ...(Object.keys(allocated).length > 0 && { allocatedResources: allocated }),
    resources: {
      ...(Object.keys(requests).length > 0 && { requests: allocated }),
      ...(Object.keys(limits).length > 0 && {
        limits: {
          ...canonical(limits),
          ...(stale && { memory: formatQuantity(quantityFromInteger(memory, 'BinarySI')) }),
        },
      }),
    },
  };
}

function volumeMountsOf({ volumeMounts = [] }: ContainerDefinition): { volumeMounts?: VolumeMountStatus[] } {
  if (volumeMounts.length === 0) return {};
  return {
    volumeMounts: volumeMounts.map(({ name, mountPath, readOnly, recursiveReadOnly }) => ({
      mountPath,
      name,
      ...(readOnly && {
        readOnly,
        recursiveReadOnly: recursiveReadOnly === 'Enabled' ? ('Enabled' as const) : ('Disabled' as const),
      }),
    })),
  };
}
