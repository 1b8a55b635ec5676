/** Decides what is to be done so that the runtime holds what a pod asks for. No I/O: from the same input, always the same plan. */
// Like kuberuntime's computePodActions and computeInitContainerActions.
import type { Container } from '../runtime/container-runtime.ts';
import type { ContainerDefinition } from './container-definition.ts';
import type { Pod } from './pod.ts';
import { PodView, type Member } from './pod-view.ts';
import type { PodInRuntime } from '../runtime/container-runtime.ts';
import { containerResources } from './qos.ts';
import { restarts } from './restart-rules.ts';
import { specHash } from './spec-hash.ts';
import { stoppedAnnotation } from './stopped-containers.ts';

export type Action =
  | {
      do: 'stopContainer';
      container: Container;
      member: Member;
      message: string;
      grace: 'pod' | 'liveness' | 'startup';
      /** Somebody wants it stopped, and may want it back. */
      byHand?: true;
    }
  | { do: 'removeSandbox'; id: string }
  | { do: 'createSandbox'; attempt: number; replaces: boolean }
  | { do: 'startContainer'; member: Member; attempt: number; after: Container | undefined }
  | { do: 'backOff'; member: Member; container: Container; until: number }
  | { do: 'holdContainer'; member: Member }
  | { do: 'resizeContainer'; member: Member; container: Container }
  | { do: 'removeContainer'; container: Container };

export interface Plan {
  actions: Action[];
  /** When to plan again even if nothing happens; milliseconds since 1970. */
  wakeAt?: number;
}

export interface PlanInput {
  pod: Pod;
  observed: PodInRuntime;
  now: number;
  /** The pod has an address, or needs none of its own. */
  hasNetwork: boolean;
  probes: {
    /** The probe that says the running container is to be restarted. */
    failed(containerId: string): 'liveness' | 'startup' | undefined;
    /** The startup probe has passed, or there is none. */
    started(containerId: string): boolean;
  };
  /** When a container that ended may be started again; milliseconds since 1970. */
  backsOffUntil(container: Container): number;
  /** The container ended because somebody stopped it by hand. */
  stoppedByHand(container: Container): boolean;
}

/** The instance that ended last is kept for its logs and its state. */
const keptInstances = 2;

export function plan(input: PlanInput): Plan {
  const view = new PodView(input.pod, input.observed);
  const usable = view.sandbox && input.hasNetwork;
  const actions = usable ? inSandbox(view, input) : withNewSandbox(view, input);
  const waits = actions.flatMap((action) => (action.do === 'backOff' ? action.until : []));
  return { actions, ...(waits.length > 0 && { wakeAt: Math.min(...waits) }) };
}

function withNewSandbox(view: PodView, input: PlanInput): Action[] {
  const { sandboxes, containers } = input.observed;
  const clear: Action[] = [
    ...stopAll(view, containers, 'Pod sandbox changed, it will be killed and re-created.'),
    ...sandboxes.map(({ id }) => ({ do: 'removeSandbox', id }) as const),
  ];
  // A pod that is not to be restarted does not come back because its sandbox went.
  const ran = containers.some(({ kind }) => kind === 'container');
  if (input.pod.spec.restartPolicy === 'Never' && ran && !view.restartsAll) return clear;
  const start = firstStarts(view, input);
  if (start.length === 0) return clear;
  const attempt = Math.max(-1, ...sandboxes.map((sandbox) => sandbox.attempt), ...sandboxAttemptsOf(containers)) + 1;
  return [...clear, { do: 'createSandbox', attempt, replaces: sandboxes.length > 0 || ran }, ...start];
}

// A sandbox that was removed still counts, through the containers that were in it.
const sandboxAttemptsOf = (containers: readonly Container[]) => (containers.length > 0 ? [0] : []);

function firstStarts(view: PodView, input: PlanInput): Action[] {
  const [first] = view.members;
  if (first && first.role !== 'container') return view.isHeld(first) ? [] : [start(view, first, input)];
  return view.members
    .filter((member) => member.role === 'container' && !view.isHeld(member))
    .flatMap((member) => {
      const newest = view.newest(member.definition.name);
      const again =
        !newest ||
        newest.state === 'created' ||
        input.stoppedByHand(newest) ||
        restarts(input.pod, member.definition, 'container', newest);
      return again ? [start(view, member, input)] : [];
    });
}

function inSandbox(view: PodView, input: PlanInput): Action[] {
  const over = input.observed.containers.filter((container) => container.state === 'running' && view.isOver(container));
  if (over.length > 0) return stopAll(view, over, 'Container is restarted together with all containers of the pod');
  const surplus = input.observed.sandboxes.filter(({ id }) => id !== view.sandbox?.id);
  const actions: Action[] = surplus.map(({ id }) => ({ do: 'removeSandbox', id }));
  const init = initActions(view, input);
  actions.push(...init.actions);
  if (init.done) {
    for (const member of view.members) {
      if (member.role === 'container') actions.push(...containerActions(view, member, input));
      else if (member.role === 'ephemeral' && !view.newest(member.definition.name))
        actions.push(start(view, member, input));
    }
  }
  return [...actions, ...removals(view)];
}

/** Init containers one after the other; sidecars are passed once they have started, and kept running for good. */
function initActions(view: PodView, input: PlanInput): { actions: Action[]; done: boolean } {
  const actions: Action[] = [];
  const initialized = view.members.some(
    ({ role, definition }) => role === 'container' && view.current(definition.name) !== undefined,
  );
  for (const member of view.members) {
    if (member.role !== 'init' && member.role !== 'sidecar') break;
    const current = view.current(member.definition.name);
    if (member.role === 'init') {
      if (initialized || hasSucceeded(current, input)) continue;
      if (view.isHeld(member) || current?.state !== 'running')
        actions.push(...startAgain(view, member, current, input));
      return { actions, done: false };
    }
    actions.push(...containerActions(view, member, input));
    const started = current?.state === 'running' && input.probes.started(current.id);
    if (!initialized && !started) return { actions, done: false };
  }
  return { actions, done: true };
}

const hasSucceeded = (container: Container | undefined, { stoppedByHand }: PlanInput) =>
  container?.state === 'exited' && container.exitCode === 0 && !stoppedByHand(container);

function containerActions(view: PodView, member: Member, input: PlanInput): Action[] {
  const current = view.current(member.definition.name);
  if (view.isHeld(member) || current?.state !== 'running') return startAgain(view, member, current, input);
  const stop = reasonToStop(member, current, input);
  if (stop) return [{ do: 'stopContainer', container: current, member, ...stop }];
  return needsResize(member.definition, current) ? [{ do: 'resizeContainer', member, container: current }] : [];
}

/** Starts what is not there, or has ended and is to be restarted, unless it backs off or is stopped by hand. */
function startAgain(view: PodView, member: Member, current: Container | undefined, input: PlanInput): Action[] {
  if (view.isHeld(member)) return [hold(member, current)];
  const ended = current && current.state !== 'created' ? current : undefined;
  // One that was stopped because its definition changed comes back whatever the policy says.
  const changed = ended && ended.specHash !== specHash(member.definition);
  const again = changed || (ended && input.stoppedByHand(ended));
  if (ended && !again && !restarts(input.pod, member.definition, member.role, ended)) return [];
  return [start(view, member, input)];
}

function hold(member: Member, current: Container | undefined): Action {
  if (current?.state !== 'running') return { do: 'holdContainer', member };
  const message = `Stopping container ${member.definition.name}: the pod's annotation ${stoppedAnnotation} names it`;
  return { do: 'stopContainer', container: current, member, message, grace: 'pod', byHand: true };
}

function start(view: PodView, member: Member, { backsOffUntil, stoppedByHand, now }: PlanInput): Action {
  const { name } = member.definition;
  const [after] = view.instances(name).filter(({ state }) => state === 'exited' || state === 'unknown');
  const until = after && !stoppedByHand(after) ? backsOffUntil(after) : 0;
  if (after && until > now) return { do: 'backOff', member, container: after, until };
  return { do: 'startContainer', member, attempt: view.nextAttempt(name), after };
}

function reasonToStop({ definition, role }: Member, container: Container, { pod, probes }: PlanInput) {
  const { name } = definition;
  if (container.specHash !== specHash(definition))
    return { message: `Container ${name} definition changed, will be restarted`, grace: 'pod' } as const;
  const failed = probes.failed(container.id);
  if (failed) {
    // As if it had failed by itself.
    const again = restarts(pod, definition, role, { state: 'exited', exitCode: 1 });
    return { message: `Container ${name} failed ${failed} probe${again ? ', will be restarted' : ''}`, grace: failed };
  }
  if (needsResize(definition, container) && resizeRestarts(definition, container))
    return { message: `Container ${name} resize requires restart, will be restarted`, grace: 'pod' } as const;
  return undefined;
}

function changedResources({ resources }: ContainerDefinition, { resources: actual }: Container): string[] {
  // Not every runtime can tell what a container has.
  if (!actual) return [];
  const wanted = containerResources(resources);
  const cpu = wanted.cpuShares !== actual.cpuShares || wanted.cpuQuotaMicros !== actual.cpuQuotaMicros;
  const memory = wanted.memoryBytes !== actual.memoryBytes;
  return [...(cpu ? ['cpu'] : []), ...(memory ? ['memory'] : [])];
}

const needsResize = (definition: ContainerDefinition, container: Container) =>
  changedResources(definition, container).length > 0;

const resizeRestarts = (definition: ContainerDefinition, container: Container) =>
  changedResources(definition, container).some((name) =>
    definition.resizePolicy?.some(
      ({ resourceName, restartPolicy }) => resourceName === name && restartPolicy === 'RestartContainer',
    ),
  );

function stopAll(view: PodView, containers: readonly Container[], message: string): Action[] {
  return containers
    .filter(({ state }) => state === 'running' || state === 'unknown')
    .flatMap((container) => {
      const member = view.members.find(({ definition }) => definition.name === container.name);
      return member ? [{ do: 'stopContainer', container, member, message, grace: 'pod' } as const] : [];
    });
}

function removals(view: PodView): Action[] {
  return view.members.flatMap(({ definition }) =>
    view
      .instances(definition.name)
      .slice(keptInstances)
      .filter(({ state }) => state !== 'running')
      .map((container) => ({ do: 'removeContainer', container }) as const),
  );
}
