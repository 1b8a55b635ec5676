/** A container runtime that runs nothing: for tests, for lessons without Docker, and for thousands of nodes in one process. */
import { createHash, randomBytes } from 'node:crypto';
import { PassThrough, Readable, type Duplex } from 'node:stream';
import type { Clock } from '@naru/api/clock';
import type {
  AttachOptions,
  Container,
  ContainerResources,
  ContainerRuntime,
  ContainerSpec,
  ExecOptions,
  Image,
  LogLine,
  LogOptions,
  PodIdentity,
  PodInRuntime,
  ProcessStreams,
  RuntimeVersion,
  Sandbox,
  SandboxSpec,
} from './container-runtime.ts';
import { RuntimeError } from './container-runtime.ts';

/** What becomes of a container that has been started; `afterMilliseconds` absent: it runs until it is stopped. */
export interface Behaviour {
  exitCode: number;
  afterMilliseconds?: number;
}

export interface FakeRuntimeOptions {
  clock: Clock;
  behaviour?: (spec: ContainerSpec) => Behaviour;
  /** Whether an image is on the node without a pull. */
  hasImage?: (reference: string) => boolean;
  /** Throws for an image that cannot be pulled. */
  pull?: (reference: string) => void;
}

interface Entry {
  spec: ContainerSpec;
  container: Container;
  cancelExit: () => void;
}

/** What is to end by itself ends soon; the rest runs. */
const usualBehaviour = ({ runsToCompletion }: ContainerSpec): Behaviour =>
  runsToCompletion ? { exitCode: 0, afterMilliseconds: 1000 } : { exitCode: 0 };

const killed = 137;
const terminated = 143;

export class FakeRuntime implements ContainerRuntime {
  readonly #options: FakeRuntimeOptions;
  readonly #sandboxes = new Map<string, Map<string, Sandbox>>();
  readonly #containers = new Map<string, Entry>();
  readonly #byPod = new Map<string, Set<string>>();
  readonly #pulled = new Set<string>();
  readonly #listeners = new Set<(pod: PodIdentity) => void>();
  #nextPid = 2;

  constructor(options: FakeRuntimeOptions) {
    this.#options = options;
  }

  version(): Promise<RuntimeVersion> {
    return Promise.resolve({ name: 'fake', version: '1.0', recursiveReadOnlyMounts: true });
  }

  list(): Promise<PodInRuntime> {
    const sandboxes = [...this.#sandboxes.values()].flatMap((pod) => [...pod.values()]);
    return Promise.resolve({ sandboxes, containers: [...this.#containers.values()].map(({ container }) => container) });
  }

  pod(uid: string): Promise<PodInRuntime> {
    const sandboxes = [...(this.#sandboxes.get(uid)?.values() ?? [])].sort((a, b) => b.attempt - a.attempt);
    const ids = [...(this.#byPod.get(uid) ?? [])];
    const containers = ids.flatMap((id) => this.#containers.get(id)?.container ?? []);
    return Promise.resolve({ sandboxes, containers: containers.sort((a, b) => b.attempt - a.attempt) });
  }

  runSandbox({ pod, attempt, labels = {} }: SandboxSpec): Promise<Sandbox> {
    const known = this.#sandboxes.get(pod.uid) ?? new Map<string, Sandbox>();
    const same = [...known.values()].find((sandbox) => sandbox.attempt === attempt);
    if (same) return Promise.resolve(same);
    const id = newId();
    const sandbox = { id, pod, attempt, running: true, createdAt: this.#now(), pid: this.#nextPid++, labels };
    this.#sandboxes.set(pod.uid, known.set(id, sandbox));
    this.#tell(pod);
    return Promise.resolve(sandbox);
  }

  removeSandbox(id: string): Promise<void> {
    for (const [uid, known] of this.#sandboxes) {
      const sandbox = known.get(id);
      if (!sandbox) continue;
      known.delete(id);
      if (known.size === 0) this.#sandboxes.delete(uid);
      this.#tell(sandbox.pod);
    }
    return Promise.resolve();
  }

  async createContainer(spec: ContainerSpec): Promise<string> {
    const { pod, name, attempt, kind, sandboxId, specHash, labels, resources } = spec;
    for (const id of this.#byPod.get(pod.uid) ?? []) {
      const entry = this.#containers.get(id);
      if (entry?.container.name !== name || entry.container.attempt !== attempt) continue;
      if (entry.container.state === 'created' || entry.container.state === 'running') return id;
      await this.removeContainer(id);
    }
    if (!(await this.image(spec.image))) throw new RuntimeError('CreateContainerError', `No such image: ${spec.image}`);
    const id = newId();
    const container: Container = {
      ...{ id, pod, sandboxId, name, kind, attempt, specHash, labels, resources },
      image: spec.image,
      imageId: imageId(spec.image),
      state: 'created',
      exitCode: 0,
      oomKilled: false,
      error: '',
      createdAt: this.#now(),
      startedAt: '',
      finishedAt: '',
      pid: 0,
    };
    this.#containers.set(id, { spec, container, cancelExit: () => {} });
    const ids = this.#byPod.get(pod.uid) ?? new Set();
    this.#byPod.set(pod.uid, ids.add(id));
    return id;
  }

  startContainer(id: string): Promise<void> {
    const entry = this.#entry(id);
    if (entry.container.state === 'running') return Promise.resolve();
    this.#change(entry, { state: 'running', startedAt: this.#now(), pid: this.#nextPid++ });
    const { exitCode, afterMilliseconds } = (this.#options.behaviour ?? usualBehaviour)(entry.spec);
    if (afterMilliseconds !== undefined)
      entry.cancelExit = this.#options.clock.after(afterMilliseconds, () => this.#exit(entry, exitCode));
    return Promise.resolve();
  }

  stopContainer(id: string, graceSeconds: number): Promise<void> {
    const entry = this.#containers.get(id);
    if (entry?.container.state === 'running') this.#exit(entry, graceSeconds > 0 ? terminated : killed);
    return Promise.resolve();
  }

  removeContainer(id: string): Promise<void> {
    const entry = this.#containers.get(id);
    if (!entry) return Promise.resolve();
    entry.cancelExit();
    const { pod } = entry.container;
    this.#containers.delete(id);
    const ids = this.#byPod.get(pod.uid);
    ids?.delete(id);
    if (ids?.size === 0) this.#byPod.delete(pod.uid);
    this.#tell(pod);
    return Promise.resolve();
  }

  updateResources(id: string, resources: ContainerResources): Promise<void> {
    const entry = this.#entry(id);
    this.#change(entry, { resources: { ...entry.container.resources, ...resources } });
    return Promise.resolve();
  }

  image(reference: string): Promise<Image | undefined> {
    const there = this.#pulled.has(reference) || (this.#options.hasImage ?? (() => true))(reference);
    return Promise.resolve(there ? imageOf(reference) : undefined);
  }

  images(): Promise<Image[]> {
    const used = [...this.#containers.values()].map(({ container }) => container.image);
    return Promise.resolve([...new Set([...this.#pulled, ...used])].map(imageOf));
  }

  pullImage(reference: string): Promise<Image> {
    try {
      this.#options.pull?.(reference);
    } catch (error) {
      return Promise.reject(new RuntimeError('ErrImagePull', (error as Error).message, { cause: error }));
    }
    this.#pulled.add(reference);
    return Promise.resolve(imageOf(reference));
  }

  removeImage(id: string): Promise<void> {
    for (const reference of this.#pulled) if (imageId(reference) === id) this.#pulled.delete(reference);
    return Promise.resolve();
  }

  exec(containerId: string, { command, tty }: ExecOptions): Promise<ProcessStreams> {
    const { container } = this.#entry(containerId);
    if (container.state !== 'running') return Promise.reject(new RuntimeError('NotRunning', 'container not running'));
    return Promise.resolve(saying(`nothing runs on this node; asked for: ${command.join(' ')}\n`, tty));
  }

  attach(containerId: string, { tty }: AttachOptions): Promise<ProcessStreams> {
    const { container } = this.#entry(containerId);
    if (container.state !== 'running') return Promise.reject(new RuntimeError('NotRunning', 'container not running'));
    return Promise.resolve(saying('nothing runs on this node\n', tty));
  }

  async *logs(containerId: string, { tailLines }: LogOptions): AsyncGenerator<LogLine> {
    const { container } = this.#entry(containerId);
    if (tailLines === 0 || !container.startedAt) return;
    const line = Buffer.from(`container ${container.name} was started, as far as a node that runs nothing can\n`);
    yield { stream: 'stdout', time: container.startedAt, line };
  }

  dial(_sandboxId: string, port: number): Promise<Duplex> {
    const message = `failed to connect to localhost:${port} inside the pod: nothing runs on this node`;
    return Promise.reject(new RuntimeError('DialError', message));
  }

  onChange(listener: (pod: PodIdentity) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    for (const { cancelExit } of this.#containers.values()) cancelExit();
    return Promise.resolve();
  }

  /** Ends a running container, as if it had ended by itself. */
  exit(id: string, exitCode: number): void {
    this.#exit(this.#entry(id), exitCode);
  }

  /** Ends a sandbox behind the agent's back. */
  loseSandbox(id: string): void {
    for (const known of this.#sandboxes.values()) {
      const sandbox = known.get(id);
      if (sandbox) known.set(id, { ...sandbox, running: false, pid: 0 });
      if (sandbox) this.#tell(sandbox.pod);
    }
  }

  #entry(id: string): Entry {
    const entry = this.#containers.get(id);
    if (!entry) throw new RuntimeError('NotFound', `No such container: ${id}`);
    return entry;
  }

  #exit(entry: Entry, exitCode: number): void {
    entry.cancelExit();
    this.#change(entry, { state: 'exited', exitCode, finishedAt: this.#now(), pid: 0 });
  }

  #change(entry: Entry, change: Partial<Container>): void {
    entry.container = { ...entry.container, ...change };
    this.#tell(entry.container.pod);
  }

  #now(): string {
    return new Date(this.#options.clock.now()).toISOString();
  }

  /** Later, as an engine's events come: never while the caller still changes things. */
  #tell(pod: PodIdentity): void {
    queueMicrotask(() => {
      for (const listener of this.#listeners) listener(pod);
    });
  }
}

const newId = () => randomBytes(32).toString('hex');
const imageId = (reference: string) => `fake://sha256:${createHash('sha256').update(reference).digest('hex')}`;

const imageOf = (reference: string): Image => ({
  id: imageId(reference),
  tags: [reference],
  digests: [],
  sizeBytes: 1_000_000,
  user: '',
});

function saying(text: string, tty: boolean): ProcessStreams {
  return {
    stdin: new PassThrough().resume(),
    stdout: Readable.from([Buffer.from(text)]),
    stderr: tty ? null : Readable.from([]),
    resize: () => Promise.resolve(),
    exited: Promise.resolve(0),
    close: () => {},
  };
}
