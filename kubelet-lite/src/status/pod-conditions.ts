/** The conditions of a pod that its node answers for. */
// Like pkg/kubelet/status/generate.go.
import type { ContainerStatus, PodCondition, PodPhase } from '../pods/pod-status.ts';
import { isSidecar, type Pod } from '../pods/pod.ts';

export interface ConditionsInput {
  pod: Pod;
  phase: PodPhase;
  statuses: readonly ContainerStatus[];
  initStatuses: readonly ContainerStatus[];
  /** The sandbox runs and is on the network. */
  sandboxReady: boolean;
  previous: readonly PodCondition[];
  now: string;
}

type Judgement = Pick<PodCondition, 'status' | 'reason' | 'message'>;

/** Types of the conditions that the node answers for. */
export const ownConditions = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled'];

/** Those of others first, as they are; then the node's own in upstream's order. */
export function podConditions(input: ConditionsInput): PodCondition[] {
  const containersReady = judgeContainers(input);
  const judgements: [string, Judgement][] = [
    ['PodReadyToStartContainers', { status: input.sandboxReady ? 'True' : 'False' }],
    ['Initialized', judgeInitialized(input)],
    ['Ready', judgeReady(input, containersReady)],
    ['ContainersReady', containersReady],
    ['PodScheduled', { status: 'True' }],
  ];
  const foreign = input.previous.filter(({ type }) => !ownConditions.includes(type));
  return [...foreign, ...judgements.map(([type, judgement]) => condition(type, judgement, input))];
}

function condition(type: string, { status, reason, message }: Judgement, input: ConditionsInput): PodCondition {
  const before = input.previous.find((each) => each.type === type);
  const generation = input.pod.metadata.generation;
  return {
    type,
    ...(generation !== undefined && { observedGeneration: generation }),
    status,
    lastProbeTime: null,
    lastTransitionTime: before?.status === status ? (before.lastTransitionTime ?? input.now) : input.now,
    ...(reason && { reason }),
    ...(message && { message }),
  };
}

function judgeInitialized({ pod, phase, statuses, initStatuses }: ConditionsInput): Judgement {
  if (phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' };
  // Once a container has been started, all init containers have done their part.
  if (statuses.some(({ containerID }) => containerID !== undefined)) return { status: 'True' };
  const incomplete = (pod.spec.initContainers ?? [])
    .filter((definition) => {
      const status = initStatuses.find(({ name }) => name === definition.name);
      return isSidecar(definition) ? !status?.started : !status?.ready;
    })
    .map(({ name }) => name);
  if (incomplete.length === 0) return { status: 'True' };
  const message = `containers with incomplete status: [${incomplete.join(' ')}]`;
  return { status: 'False', reason: 'ContainersNotInitialized', message };
}

function judgeContainers({ pod, phase, statuses, initStatuses }: ConditionsInput): Judgement {
  if (phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' };
  if (phase === 'Failed') return { status: 'False', reason: 'PodFailed' };
  const unready = (names: readonly string[], of: readonly ContainerStatus[]) =>
    names.filter((name) => !of.find((status) => status.name === name)?.ready);
  const sidecars = (pod.spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name);
  const names = [
    ...unready(sidecars, initStatuses),
    ...unready(
      pod.spec.containers.map(({ name }) => name),
      statuses,
    ),
  ];
  if (names.length === 0) return { status: 'True' };
  return {
    status: 'False',
    reason: 'ContainersNotReady',
    message: `containers with unready status: [${names.join(' ')}]`,
  };
}

function judgeReady({ pod, previous }: ConditionsInput, containersReady: Judgement): Judgement {
  if (containersReady.status !== 'True') return containersReady;
  const messages = (pod.spec.readinessGates ?? []).flatMap(({ conditionType }) => {
    const gate = previous.find(({ type }) => type === conditionType);
    if (!gate) return `corresponding condition of pod readiness gate "${conditionType}" does not exist.`;
    if (gate.status === 'True') return [];
    return `the status of pod readiness gate "${conditionType}" is not "True", but ${gate.status}`;
  });
  if (messages.length === 0) return { status: 'True' };
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: messages.join(', ') };
}
