/** Writes pod statuses to the API: the latest wins, nothing is written twice, and the API being away loses nothing but what is out of date. */
import { backoff, type Backoff } from '@naru/api/client/backoff';
import type { Client, ResourceClient } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import { isConflict, isNotFound } from '@naru/api/status';
import type { Pod } from '../pods/pod.ts';
import { podResource } from '../pods/pod.ts';
import type { PodStatus } from '../pods/pod-status.ts';
import { statusPatch } from './status-patch.ts';

/** Requests under way at once, for all pods together. */
const atOnce = 16;

interface Entry {
  pod: Pod;
  /** What the API holds, as far as is known. */
  reported: PodStatus;
  wanted: PodStatus | undefined;
  /** Everything is written, then the pod is removed from the API. */
  finish: { resolve(): void; done: Promise<void> } | undefined;
  busy: boolean;
  backoff: Backoff;
}

export interface StatusWriterOptions {
  client: Client;
  clock: Clock;
  onError(pod: Pod, error: unknown): void;
}

export class StatusWriter {
  readonly #pods: ResourceClient<Pod>;
  readonly #options: StatusWriterOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #queue = new Set<string>();
  #underWay = 0;
  #planned = false;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
    this.#pods = options.client.for<Pod>(podResource);
  }

  /** What the API holds now: what differs from what is wanted is written again. */
  observe(pod: Pod): void {
    const entry = this.#entryOf(pod);
    if (revisionOf(pod) < revisionOf(entry.pod)) return;
    entry.pod = pod;
    entry.reported = pod.status ?? {};
    if (entry.wanted) this.#enqueue(pod.metadata.uid ?? '');
  }

  write(pod: Pod, status: PodStatus): void {
    this.#entryOf(pod).wanted = status;
    this.#enqueue(pod.metadata.uid ?? '');
  }

  /** Writes what is left to write, then ends the pod in the API, where its deletion was asked for. Resolves when it is gone there. */
  finish(pod: Pod): Promise<void> {
    const entry = this.#entryOf(pod);
    if (!entry.finish) {
      let resolve = () => {};
      const done = new Promise<void>((resolved) => (resolve = resolved));
      entry.finish = { resolve, done };
    }
    this.#enqueue(pod.metadata.uid ?? '');
    return entry.finish.done;
  }

  /** The pod is gone from the API. */
  forget(uid: string): void {
    this.#entries.get(uid)?.finish?.resolve();
    this.#entries.delete(uid);
    this.#queue.delete(uid);
  }

  #entryOf(pod: Pod): Entry {
    const uid = pod.metadata.uid ?? '';
    const known = this.#entries.get(uid);
    if (known) return known;
    const entry: Entry = {
      pod,
      reported: pod.status ?? {},
      wanted: undefined,
      finish: undefined,
      busy: false,
      backoff: backoff(),
    };
    this.#entries.set(uid, entry);
    return entry;
  }

  #enqueue(uid: string): void {
    this.#queue.add(uid);
    if (this.#planned) return;
    this.#planned = true;
    // A pod that reaches its next state within this turn is written once.
    setImmediate(() => {
      this.#planned = false;
      this.#begin();
    });
  }

  #begin(): void {
    for (const uid of this.#queue) {
      if (this.#underWay >= atOnce) return;
      const entry = this.#entries.get(uid);
      if (entry?.busy) continue; // comes again when it is done
      this.#queue.delete(uid);
      if (entry) void this.#send(uid, entry);
    }
  }

  async #send(uid: string, entry: Entry): Promise<void> {
    this.#underWay++;
    entry.busy = true;
    try {
      await this.#writeStatus(entry);
      if (entry.finish && !this.#queue.has(uid)) await this.#remove(uid, entry);
      entry.backoff.reset();
    } catch (error) {
      if (isNotFound(error)) this.forget(uid);
      else this.#again(uid, entry, error);
    } finally {
      entry.busy = false;
      this.#underWay--;
      this.#begin();
    }
  }

  #again(uid: string, entry: Entry, error: unknown): void {
    this.#options.onError(entry.pod, error);
    this.#options.clock.after(entry.backoff.next(), () => {
      if (this.#entries.get(uid) === entry) this.#enqueue(uid);
    });
  }

  async #writeStatus(entry: Entry): Promise<void> {
    const { pod, reported, wanted } = entry;
    const patch = wanted && statusPatch(reported, wanted);
    if (!patch) return;
    const { name = '', namespace, uid } = pod.metadata;
    try {
      // A pod of the same name with another uid is another pod: the server refuses.
      const written = await this.#pods.patch(
        name,
        namespace,
        { metadata: { uid }, status: patch },
        { type: 'strategic', subresource: 'status' },
      );
      entry.reported = written.status ?? {};
      if (revisionOf(written) > revisionOf(entry.pod)) entry.pod = written;
    } catch (error) {
      if (!isConflict(error)) throw error;
      this.forget(uid ?? '');
    }
  }

  /** The pod's containers are gone: what is left of the grace is none. */
  async #remove(uid: string, { pod }: Entry): Promise<void> {
    const { name = '', namespace } = pod.metadata;
    try {
      await this.#pods.delete(name, namespace, { gracePeriodSeconds: 0, preconditions: { uid } });
    } catch (error) {
      if (!isConflict(error)) throw error;
    }
    this.#entries.get(uid)?.finish?.resolve();
  }
}

const revisionOf = (pod: Pod) => Number(pod.metadata.resourceVersion ?? 0);
