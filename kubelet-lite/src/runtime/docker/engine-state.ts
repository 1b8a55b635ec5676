/** What the engine holds of this node's, kept current by events and a periodic look at everything, so that a sync asks nothing twice. */
import { readFile } from 'node:fs/promises';
import type { Container, PodIdentity, PodInRuntime, Sandbox } from '../container-runtime.ts';
import type { Engine } from './engine.ts';
import { isMissing } from './engine.ts';
import { toContainer, toSandbox, type Inspection } from './inspect.ts';
import { isOwn, kindOf, ownFilter, podOf, type Owner } from './labels.ts';

interface Known {
  /** The engine's word for it when it was last inspected. */
  status: string;
  pod: PodIdentity;
  stopSignal: string;
  sandbox?: Sandbox;
  container?: Container;
}

interface Listed {
  Id: string;
  State: string;
}

export class EngineState {
  readonly #engine: Engine;
  readonly #owner: Owner;
  readonly #known = new Map<string, Known>();
  readonly #byPod = new Map<string, Set<string>>();
  /** Inspections under way; a second caller while one runs waits for one more, begun after its call. */
  readonly #inspecting = new Map<string, { current: Promise<void>; next: Promise<void> | undefined }>();

  constructor(engine: Engine, owner: Owner) {
    this.#engine = engine;
    this.#owner = owner;
  }

  get(id: string): Known | undefined {
    return this.#known.get(id);
  }

  /** Newest first. */
  pod(uid: string): PodInRuntime {
    const known = [...(this.#byPod.get(uid) ?? [])].flatMap((id) => this.#known.get(id) ?? []);
    return {
      sandboxes: known.flatMap(({ sandbox }) => sandbox ?? []).sort((a, b) => b.attempt - a.attempt),
      containers: known
        .flatMap(({ container }) => container ?? [])
        .sort((a, b) => b.attempt - a.attempt || (a.createdAt < b.createdAt ? 1 : -1)),
    };
  }

  all(): PodInRuntime {
    const known = [...this.#known.values()];
    return {
      sandboxes: known.flatMap(({ sandbox }) => sandbox ?? []),
      containers: known.flatMap(({ container }) => container ?? []),
    };
  }

  /** Inspects one container; when this resolves, what is known of it is from after the call. */
  refresh(id: string): Promise<void> {
    const running = this.#inspecting.get(id);
    if (running) {
      running.next ??= running.current.catch(() => {}).then(() => this.#begin(id));
      return running.next;
    }
    return this.#begin(id);
  }

  forget(id: string): void {
    const known = this.#known.get(id);
    if (!known) return;
    this.#known.delete(id);
    const ids = this.#byPod.get(known.pod.uid);
    ids?.delete(id);
    if (ids?.size === 0) this.#byPod.delete(known.pod.uid);
  }

  /** Looks at everything; inspects what is new or has another state. Answers the pods of which something changed. */
  async relist(): Promise<PodIdentity[]> {
    const listed = await this.#engine.call<Listed[]>({
      what: 'list containers',
      method: 'GET',
      path: '/containers/json',
      query: { all: '1', filters: JSON.stringify({ label: ownFilter(this.#owner) }) },
    });
    const changed = new Map<string, PodIdentity>();
    const there = new Set(listed.map(({ Id }) => Id));
    for (const [id, { pod }] of this.#known) {
      if (there.has(id)) continue;
      this.forget(id);
      changed.set(pod.uid, pod);
    }
    for (const { Id, State } of listed) {
      if (this.#known.get(Id)?.status === State) continue;
      await this.refresh(Id);
      const pod = this.#known.get(Id)?.pod;
      if (pod) changed.set(pod.uid, pod);
    }
    return [...changed.values()];
  }

  #begin(id: string): Promise<void> {
    const current = this.#inspect(id).finally(() => {
      if (this.#inspecting.get(id)?.current === current) this.#inspecting.delete(id);
    });
    this.#inspecting.set(id, { current, next: undefined });
    return current;
  }

  async #inspect(id: string): Promise<void> {
    try {
      const inspection = await this.#engine.call<Inspection>({
        what: `inspect container ${id}`,
        method: 'GET',
        path: `/containers/${id}/json`,
      });
      await this.#take(inspection);
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.forget(id);
    }
  }

  async #take(inspection: Inspection): Promise<void> {
    const { Id, State, Config } = inspection;
    const labels = Config.Labels ?? {};
    if (!isOwn(labels, this.#owner)) return;
    const pod = podOf(labels);
    const known: Known = { status: State.Status, pod, stopSignal: Config.StopSignal ?? '' };
    if (kindOf(labels) === 'sandbox') known.sandbox = toSandbox(inspection);
    else known.container = await this.#withUser(toContainer(inspection));
    this.#known.set(Id, known);
    const ids = this.#byPod.get(pod.uid) ?? new Set();
    this.#byPod.set(pod.uid, ids.add(Id));
  }

  /** The engine does not say whom a container runs as; its first process does. */
  async #withUser(container: Container): Promise<Container> {
    const before = this.#known.get(container.id)?.container?.user;
    const user = before ?? (container.pid ? await userOf(container.pid) : undefined);
    return user ? { ...container, user } : container;
  }
}

async function userOf(pid: number): Promise<Container['user']> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  const numbers = (field: string) => {
    const line = status.split('\n').find((text) => text.startsWith(`${field}:`));
    return (line?.slice(field.length + 1).match(/\d+/g) ?? []).map(Number);
  };
  const [uid] = numbers('Uid');
  const [gid] = numbers('Gid');
  if (uid === undefined || gid === undefined) return undefined;
  const supplementalGroups = [...new Set([gid, ...numbers('Groups')])].sort((a, b) => a - b);
  return { uid, gid, supplementalGroups };
}
