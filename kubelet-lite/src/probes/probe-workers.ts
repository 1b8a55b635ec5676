/** The probes of all containers on the node, and what they have found. */
// Like pkg/kubelet/prober/prober_manager.go.
import type { Clock } from '@naru/api/clock';
import type { ContainerDefinition, Probe } from '../pods/container-definition.ts';
import type { Pod } from '../pods/pod.ts';
import { uidOf } from '../pods/pod.ts';
import type { PodStatus } from '../pods/pod-status.ts';
import type { Member, PodView } from '../pods/pod-view.ts';
import type { Container } from '../runtime/container-runtime.ts';
import { toMilliseconds } from '../runtime/nano-time.ts';
import { ProbeWorker, type ProbeKind } from './probe-worker.ts';
import type { ProbeResult } from './probe-result.ts';
import type { Prober } from './prober.ts';

export interface ProbeWorkersOptions {
  clock: Clock;
  prober: Prober;
  random: () => number;
  /** Something was found that concerns the pod's next sync. */
  onChange(uid: string): void;
  onEvent(pod: Pod, container: ContainerDefinition, reason: 'Unhealthy' | 'ProbeWarning', message: string): void;
}

interface Probed {
  uid: string;
  started: boolean;
  ready: boolean;
  failed: 'liveness' | 'startup' | undefined;
  workers: Map<ProbeKind, ProbeWorker>;
  /** As of the last sync: a probe asks the pod as it is now. */
  pod: Pod;
  podIp: string;
}

export interface ProbedPod {
  pod: Pod;
  view: PodView;
  podIp: string | undefined;
  /** What was reported before: an agent that starts anew does not make ready containers unready. */
  previous: PodStatus;
  /** Nothing is restarted any more, so only readiness matters. */
  ending: boolean;
}

const words: Record<ProbeKind, string> = { startup: 'Startup', liveness: 'Liveness', readiness: 'Readiness' };

export class ProbeWorkers {
  readonly #options: ProbeWorkersOptions;
  readonly #probed = new Map<string, Probed>();
  readonly #byPod = new Map<string, Set<string>>();
  readonly #startedAt: number;

  constructor(options: ProbeWorkersOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** Begins to probe what runs and ends it for what does not. */
  sync(probed: ProbedPod): void {
    const { pod, view, podIp, ending } = probed;
    const uid = uidOf(pod);
    const running = new Set<string>();
    for (const member of view.members) {
      const { role, definition } = member;
      const container = view.newest(definition.name);
      if (container?.state !== 'running' || role === 'init' || role === 'ephemeral') continue;
      running.add(container.id);
      const known = this.#probed.get(container.id) ?? this.#begin(probed, member, container);
      known.pod = pod;
      known.podIp = podIp ?? '';
      if (ending) this.#stop(known, ['startup', 'liveness']);
    }
    for (const id of this.#byPod.get(uid) ?? []) if (!running.has(id)) this.#forget(uid, id);
  }

  remove(uid: string): void {
    for (const id of [...(this.#byPod.get(uid) ?? [])]) this.#forget(uid, id);
  }

  /** A container that has not been synced yet is neither. */
  started(id: string): boolean {
    return this.#probed.get(id)?.started ?? false;
  }

  ready(id: string): boolean {
    return this.#probed.get(id)?.ready ?? false;
  }

  failed(id: string): 'liveness' | 'startup' | undefined {
    return this.#probed.get(id)?.failed;
  }

  #begin({ pod, podIp, previous }: ProbedPod, { definition }: Member, container: Container): Probed {
    const { startupProbe, readinessProbe } = definition;
    const before = [...(previous.containerStatuses ?? []), ...(previous.initContainerStatuses ?? [])].find(
      ({ containerID }) => containerID?.endsWith(`://${container.id}`),
    );
    const probed: Probed = {
      uid: uidOf(pod),
      started: !startupProbe || before?.started === true,
      ready: !readinessProbe || before?.ready === true,
      failed: undefined,
      workers: new Map(),
      pod,
      podIp: podIp ?? '',
    };
    this.#probed.set(container.id, probed);
    const ids = this.#byPod.get(probed.uid) ?? new Set();
    this.#byPod.set(probed.uid, ids.add(container.id));
    if (probed.started) this.#probeStarted(probed, definition, container);
    else if (startupProbe) this.#work(probed, 'startup', startupProbe, { definition, container });
    return probed;
  }

  #probeStarted(probed: Probed, definition: ContainerDefinition, container: Container): void {
    const { livenessProbe, readinessProbe } = definition;
    if (livenessProbe) this.#work(probed, 'liveness', livenessProbe, { definition, container });
    if (readinessProbe) this.#work(probed, 'readiness', readinessProbe, { definition, container });
  }

  #work(
    probed: Probed,
    kind: ProbeKind,
    probe: Probe,
    { definition, container }: { definition: ContainerDefinition; container: Container },
  ): void {
    const { clock, prober, random } = this.#options;
    const period = (probe.periodSeconds ?? 10) * 1000;
    const justStarted = clock.now() - this.#startedAt < period;
    const worker = new ProbeWorker({
      clock,
      probe,
      containerStartedAt: toMilliseconds(container.startedAt || container.createdAt),
      // Containers that ran before the agent did are probed spread over a period.
      spread: justStarted && toMilliseconds(container.createdAt) < this.#startedAt ? random() * period : 0,
      run: () => {
        const target = { podIp: probed.podIp, container: definition, containerId: container.id };
        return prober.probe(probe, target, probe.timeoutSeconds ?? 1);
      },
      onResult: (result) => this.#tell(probed, kind, definition, result),
      onVerdict: (passed) => this.#judge(probed, kind, passed, { definition, container }),
    });
    probed.workers.set(kind, worker);
  }

  #tell({ pod }: Probed, kind: ProbeKind, definition: ContainerDefinition, { result, output }: ProbeResult): void {
    const word = words[kind];
    const { onEvent } = this.#options;
    if (result === 'failure') onEvent(pod, definition, 'Unhealthy', `${word} probe failed: ${output}`);
    else if (result === 'warning') onEvent(pod, definition, 'ProbeWarning', `${word} probe warning: ${output}`);
    else if (result === 'unknown')
      onEvent(pod, definition, 'Unhealthy', `${word} probe errored and resulted in unknown state: ${output}`);
  }

  #judge(
    probed: Probed,
    kind: ProbeKind,
    passed: boolean,
    { definition, container }: { definition: ContainerDefinition; container: Container },
  ): 'continue' | 'stop' {
    if (kind === 'readiness') {
      if (probed.ready !== passed) {
        probed.ready = passed;
        this.#options.onChange(probed.uid);
      }
      return 'continue';
    }
    if (!passed) {
      // The container is about to be restarted; it is not asked again.
      probed.failed = kind;
      this.#stop(probed, ['startup', 'liveness']);
      this.#options.onChange(probed.uid);
      return 'stop';
    }
    if (kind === 'liveness') return 'continue';
    probed.started = true;
    this.#probeStarted(probed, definition, container);
    this.#options.onChange(probed.uid);
    return 'stop';
  }

  #stop({ workers }: Probed, kinds: readonly ProbeKind[]): void {
    for (const kind of kinds) {
      workers.get(kind)?.stop();
      workers.delete(kind);
    }
  }

  #forget(uid: string, id: string): void {
    const probed = this.#probed.get(id);
    if (probed) this.#stop(probed, ['startup', 'liveness', 'readiness']);
    this.#probed.delete(id);
    const ids = this.#byPod.get(uid);
    ids?.delete(id);
    if (ids?.size === 0) this.#byPod.delete(uid);
  }
}
