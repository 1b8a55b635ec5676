/** What a pod has in the runtime, seen from its definition: which instance of a container counts. */
import type { Container, PodInRuntime, Sandbox } from '../runtime/container-runtime.ts';
import { compareTimes } from '../runtime/nano-time.ts';
import type { ContainerDefinition } from './container-definition.ts';
import { isSidecar, type Pod } from './pod.ts';
import { ruledAction, type ContainerRole } from './restart-rules.ts';
import { listedAsStopped } from './stopped-containers.ts';

export interface Member {
  definition: ContainerDefinition;
  role: ContainerRole;
}

/** Every container of the pod's definition, in the order in which they start. */
export function membersOf({ spec }: Pod): Member[] {
  const role = (definition: ContainerDefinition) => (isSidecar(definition) ? 'sidecar' : 'init');
  return [
    ...(spec.initContainers ?? []).map((definition) => ({ definition, role: role(definition) }) as const),
    ...spec.containers.map((definition) => ({ definition, role: 'container' }) as const),
    ...(spec.ephemeralContainers ?? []).map((definition) => ({ definition, role: 'ephemeral' }) as const),
  ];
}

export class PodView {
  readonly pod: Pod;
  readonly observed: PodInRuntime;
  readonly members: readonly Member[];
  /** Containers that are not to run, because somebody stopped them by hand. */
  readonly #held: ReadonlySet<string>;
  /** Instances made before this are over, because a container ended in a way that restarts all of them; empty: none. */
  readonly epoch: string;

  constructor(pod: Pod, observed: PodInRuntime) {
    this.pod = pod;
    this.observed = observed;
    this.members = membersOf(pod);
    this.#held = listedAsStopped(pod);
    this.epoch = this.#findEpoch();
  }

  /** The one that runs; the newest if, after a crash, several do. */
  get sandbox(): Sandbox | undefined {
    return this.observed.sandboxes.find(({ running }) => running);
  }

  /** Newest first. */
  instances(name: string): Container[] {
    return this.observed.containers.filter((container) => container.name === name);
  }

  newest(name: string): Container | undefined {
    return this.observed.containers.find((container) => container.name === name);
  }

  /** The newest instance that is not over: of the running sandbox, and not from before a restart of all. */
  current(name: string): Container | undefined {
    const newest = this.newest(name);
    return newest && newest.sandboxId === this.sandbox?.id && !this.isOver(newest) ? newest : undefined;
  }

  /** One that debugs cannot be started a second time, so that it is not stopped by hand either. */
  isHeld({ definition, role }: Member): boolean {
    return role !== 'ephemeral' && this.#held.has(definition.name);
  }

  isOver(container: Container): boolean {
    return this.epoch !== '' && compareTimes(container.createdAt, this.epoch) < 0;
  }

  /** A container that restarts all of them has ended, and not all are new yet. */
  get restartsAll(): boolean {
    if (!this.epoch) return false;
    return this.members.some(({ definition, role }) => {
      const newest = role === 'container' ? this.newest(definition.name) : undefined;
      return newest !== undefined && this.isOver(newest);
    });
  }

  /** The number of the next start. An instance that was created and never started is not counted. */
  nextAttempt(name: string): number {
    const newest = this.newest(name);
    if (newest) return newest.state === 'created' ? newest.attempt : newest.attempt + 1;
    // Somebody cleared the engine: what was reported goes on counting.
    const { containerStatuses = [], initContainerStatuses = [] } = this.pod.status ?? {};
    const reported = [...containerStatuses, ...initContainerStatuses].find((status) => status.name === name);
    return reported?.containerID ? reported.restartCount + 1 : 0;
  }

  #findEpoch(): string {
    let epoch = '';
    for (const { definition } of this.members) {
      if (!definition.restartPolicyRules) continue;
      for (const { state, exitCode, finishedAt } of this.instances(definition.name))
        if (state === 'exited' && ruledAction(definition, exitCode) === 'RestartAllContainers')
          if (compareTimes(finishedAt, epoch) > 0) epoch = finishedAt;
    }
    return epoch;
  }
}
