/** One worker for each pod: its syncs follow one another, and at most one more is waiting. */
// Like pkg/kubelet/pod_workers.go in its first, short form.
import { equalJson } from '@naru/api/json-object';
import { ownConditions } from '../status/pod-conditions.ts';
import type { PodFailure } from '../status/status-input.ts';
import { refusePod } from './admit-pod.ts';
import { GracePeriod, graceSeconds } from './grace-period.ts';
import type { PodContext } from './pod-context.ts';
import { newPodMemory, type PodMemory } from './pod-memory.ts';
import type { PodSync, SyncOutcome } from './pod-sync.ts';
import { isTerminalPhase, uidOf, type Pod } from './pod.ts';

interface Worker {
  pod: Pod;
  memory: PodMemory;
  /** No longer in the API. */
  gone: boolean;
  /** Its deletion had been asked for before this agent knew it. */
  foundEnding: boolean;
  busy: boolean;
  /** Something happened since the running sync began. */
  pending: boolean;
  state: SyncOutcome['state'];
  cancelWake: () => void;
  /** Ends what the running sync waits for, once the pod's end is decided. */
  abort: AbortController;
  grace: GracePeriod | undefined;
  failures: number;
  /** After a failure nothing is tried before this; milliseconds since 1970. */
  notBefore: number;
}

export interface PodWorkersOptions {
  context: PodContext;
  sync: (sync: PodSync) => Promise<SyncOutcome>;
  onError(pod: Pod, error: unknown): void;
}

/** Every pod is looked at this often even if nothing happens; what was missed is found then. */
const resyncEvery = 60_000;
const firstRetry = 1000;
const longestRetry = 10_000;

export class PodWorkers {
  readonly #options: PodWorkersOptions;
  readonly #workers = new Map<string, Worker>();
  #closed = false;

  constructor(options: PodWorkersOptions) {
    this.#options = options;
  }

  /** A pod that has come or changed. */
  update(pod: Pod): void {
    const worker = this.#workers.get(uidOf(pod)) ?? this.#begin(pod);
    if (worker.gone) return;
    const before = worker.pod;
    worker.pod = pod;
    this.#options.context.statuses.observe(pod);
    if (before !== pod && !needsSync(before, pod)) return;
    worker.notBefore = 0;
    if (pod.metadata.deletionTimestamp) this.#decideEnd(worker);
    this.#wake(worker);
  }

  /** A pod that is no longer in the API: what it has on the node goes too. */
  remove(pod: Pod): void {
    const worker = this.#workers.get(uidOf(pod)) ?? this.#begin(pod);
    worker.pod = { ...pod, ...(worker.pod.metadata.deletionTimestamp && { metadata: worker.pod.metadata }) };
    worker.gone = true;
    worker.notBefore = 0;
    this.#options.context.statuses.forget(uidOf(pod));
    this.#decideEnd(worker);
    this.#wake(worker);
  }

  /** Something happened that concerns the pod. */
  wake(uid: string): void {
    const worker = this.#workers.get(uid);
    if (worker) this.#wake(worker);
  }

  has(uid: string): boolean {
    return this.#workers.has(uid);
  }

  /** Pods in the API that this node runs or ran, as last seen. */
  pods(): Pod[] {
    return [...this.#workers.values()].flatMap(({ pod, gone }) => (gone ? [] : pod));
  }

  find(namespace: string, name: string): Pod | undefined {
    return this.pods().find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  }

  /** Begins no more syncs; those that run go on. */
  close(): void {
    this.#closed = true;
    for (const { cancelWake } of this.#workers.values()) cancelWake();
  }

  #begin(pod: Pod): Worker {
    const { clock } = this.#options.context;
    const worker: Worker = {
      pod,
      memory: newPodMemory(clock.now()),
      gone: false,
      foundEnding: pod.metadata.deletionTimestamp !== undefined,
      busy: false,
      pending: false,
      state: 'running',
      cancelWake: () => {},
      abort: new AbortController(),
      grace: undefined,
      failures: 0,
      notBefore: 0,
    };
    this.#workers.set(uidOf(pod), worker);
    return worker;
  }

  #decideEnd(worker: Worker): void {
    worker.abort.abort();
    worker.grace?.shorten(graceSeconds(worker.pod));
  }

  #wake(worker: Worker): void {
    worker.pending = true;
    if (worker.busy || this.#closed) return;
    const { clock } = this.#options.context;
    const pause = worker.notBefore - clock.now();
    if (pause > 0) {
      worker.cancelWake();
      worker.cancelWake = clock.after(pause, () => this.#wake(worker));
      return;
    }
    worker.busy = true;
    // In a turn of its own: whoever wakes many pods is done with all of them first.
    queueMicrotask(() => void this.#run(worker));
  }

  async #run(worker: Worker): Promise<void> {
    const { clock } = this.#options.context;
    let wakeAt: number | undefined;
    while (worker.pending && !this.#closed && worker.notBefore <= clock.now()) {
      worker.pending = false;
      worker.cancelWake();
      wakeAt = await this.#syncOnce(worker);
    }
    worker.busy = false;
    if (worker.gone && worker.state === 'removed') return this.#end(worker);
    // A pod that has ended needs nothing until somebody changes it.
    if (worker.state !== 'running' && wakeAt === undefined) return;
    if (worker.pending) wakeAt = Math.min(wakeAt ?? Infinity, worker.notBefore);
    const wait = Math.min(resyncEvery, Math.max(0, (wakeAt ?? Infinity) - clock.now()));
    worker.cancelWake = clock.after(wait, () => this.#wake(worker));
  }

  async #syncOnce(worker: Worker): Promise<number | undefined> {
    const { context, sync, onError } = this.#options;
    const { clock } = context;
    if (worker.abort.signal.aborted && !isEnding(worker)) worker.abort = new AbortController();
    try {
      const outcome = await sync({
        pod: worker.pod,
        memory: worker.memory,
        context,
        grace: () => (worker.grace ??= new GracePeriod(clock, this.#graceOf(worker))),
        signal: worker.abort.signal,
        gone: worker.gone,
        refuse: () => this.#refuse(worker),
      });
      worker.state = outcome.state;
      worker.failures = 0;
      worker.notBefore = outcome.failed ? clock.now() + firstRetry : 0;
      return outcome.wakeAt;
    } catch (error) {
      onError(worker.pod, error);
      worker.notBefore = clock.now() + firstRetry;
      return clock.now() + Math.min(firstRetry * 2 ** worker.failures++, longestRetry);
    }
  }

  /** Seconds. A pod that was being ended before this agent began has used up part of its time. */
  #graceOf({ pod, foundEnding }: Worker): number {
    const whole = graceSeconds(pod);
    const { deletionTimestamp } = pod.metadata;
    if (!foundEnding || !deletionTimestamp) return whole;
    const left = (Date.parse(deletionTimestamp) - this.#options.context.clock.now()) / 1000;
    return Math.min(whole, Math.max(1, left));
  }

  #refuse({ pod }: Worker): PodFailure | undefined {
    const others = [...this.#workers.values()].filter(
      (other) =>
        !other.gone && other.pod !== pod && other.state === 'running' && !isTerminalPhase(other.pod.status?.phase),
    );
    // Of two that do not fit together, the one that was there first stays.
    const before = others.filter((other) => other.memory.status !== undefined).map((other) => other.pod);
    return refusePod(pod, before, this.#options.context.node);
  }

  #end(worker: Worker): void {
    const { context } = this.#options;
    const uid = uidOf(worker.pod);
    if (this.#workers.get(uid) === worker) this.#workers.delete(uid);
    context.restarts.forget(`${uid}/`);
    context.images.forget(uid);
    context.probes.remove(uid);
  }
}

/** Whether a change is one to act on: the status that this node itself writes is none. */
function needsSync(before: Pod, after: Pod): boolean {
  const relevant = ({ metadata, status }: Pod) => [
    metadata.generation,
    metadata.deletionTimestamp,
    metadata.deletionGracePeriodSeconds,
    metadata.labels,
    metadata.annotations,
    metadata.finalizers,
    isTerminalPhase(status?.phase),
    (status?.conditions ?? []).filter(({ type }) => !ownConditions.includes(type)),
  ];
  return !equalJson(relevant(before), relevant(after));
}

const isEnding = ({ pod, gone }: Worker) => gone || pod.metadata.deletionTimestamp !== undefined;
