/** The container runtime on a Docker engine. */
import type { Duplex } from 'node:stream';
import type { Clock } from '@naru/api/clock';
import type {
  AttachOptions,
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
  RegistryCredentials,
  RuntimeVersion,
  Sandbox,
  SandboxSpec,
} from '../container-runtime.ts';
import { RuntimeError } from '../container-runtime.ts';
import { createOnce, removeForced } from './create-container.ts';
import { Engine, engineStatus, isMissing } from './engine.ts';
import { EngineState } from './engine-state.ts';
import { followEvents, type EngineEvent } from './events.ts';
import { GracefulStop } from './graceful-stop.ts';
import { findImage, listImages, pullImage, removeImage } from './images.ts';
import type { Inspection } from './inspect.ts';
import type { Owner } from './labels.ts';
import { readLogs } from './logs.ts';
import { containerName, sandboxName } from './names.ts';
import { containerOptions, resourceOptions, sandboxOptions } from './pod-to-container.ts';
import { SandboxDialers } from './sandbox-dial.ts';
import { ensureSandboxImage } from './sandbox-image.ts';
import { attachToContainer, execInContainer, type Kill } from './streams.ts';
import { Turns } from './turns.ts';

export interface DockerRuntimeOptions {
  socketPath: string;
  owner: Owner;
  clock: Clock;
  /** Never mounted into a container, whoever asks. */
  protectedPaths: readonly string[];
  kill: Kill;
  /** The engine could not be looked at. */
  onError(error: unknown): void;
}

// How often everything is looked at, whatever the events said.
const relistEvery = 10_000;
const recursiveMountsSince = '1.44'; // version of the engine's API
/** Creations and starts at once: an engine that is asked for fifty together is slower than one asked for ten. */
const startsAtOnce = 10;

export class DockerRuntime implements ContainerRuntime {
  readonly #options: DockerRuntimeOptions;
  readonly #engine: Engine;
  readonly #state: EngineState;
  readonly #stops: GracefulStop;
  readonly #dialers: SandboxDialers;
  readonly #listeners = new Set<(pod: PodIdentity) => void>();
  readonly #closing = new AbortController();
  readonly #starts = new Turns(startsAtOnce);
  #listed: Promise<void> | undefined;
  #importing: Promise<void> | undefined;
  #following = false;

  constructor(options: DockerRuntimeOptions) {
    this.#options = options;
    this.#engine = new Engine(options.socketPath);
    this.#state = new EngineState(this.#engine, options.owner);
    this.#stops = new GracefulStop(this.#engine, options.clock);
    this.#dialers = new SandboxDialers(options.clock);
  }

  async version(): Promise<RuntimeVersion> {
    const { Version, ApiVersion } = await this.#engine.call<{ Version: string; ApiVersion: string }>({
      what: 'engine version',
      method: 'GET',
      path: '/version',
    });
    const recursiveReadOnlyMounts = compareVersions(ApiVersion, recursiveMountsSince) >= 0;
    return { name: 'docker', version: Version, recursiveReadOnlyMounts };
  }

  async list(): Promise<PodInRuntime> {
    await this.#relist();
    return this.#state.all();
  }

  async pod(uid: string): Promise<PodInRuntime> {
    await this.#once();
    return this.#state.pod(uid);
  }

  runSandbox(spec: SandboxSpec): Promise<Sandbox> {
    return this.#starts.run(() => this.#runSandbox(spec));
  }

  async #runSandbox(spec: SandboxSpec): Promise<Sandbox> {
    const name = sandboxName(spec.pod, spec.attempt);
    const options = sandboxOptions(spec, this.#options.owner);
    const create = () => createOnce(this.#creation, name, options);
    const id = await create().catch(async (error: unknown) => {
      if (!isMissing(error)) throw error;
      await this.#ensureSandboxImage(); // somebody cleared images away, or this engine never had it
      return create();
    });
    await this.#start(id);
    const sandbox = this.#state.get(id)?.sandbox;
    if (!sandbox?.running) throw new RuntimeError('CreatePodSandboxError', `sandbox ${name} did not keep running`);
    return sandbox;
  }

  /** Pods that start together wait for one import: each would leave the image of the one before without a name. */
  #ensureSandboxImage(): Promise<void> {
    this.#importing ??= ensureSandboxImage(this.#engine).finally(() => (this.#importing = undefined));
    return this.#importing;
  }

  async removeSandbox(id: string): Promise<void> {
    await this.removeContainer(id);
  }

  async createContainer(spec: ContainerSpec): Promise<string> {
    const name = containerName(spec.pod, spec.name, spec.attempt);
    const options = containerOptions(spec, this.#options.owner);
    return this.#starts.run(async () => {
      const id = await createOnce(this.#creation, name, options);
      await this.#state.refresh(id);
      return id;
    });
  }

  startContainer(id: string): Promise<void> {
    return this.#starts.run(() => this.#start(id));
  }

  async stopContainer(id: string, graceSeconds: number, signal?: string): Promise<void> {
    await this.#stops.stop(id, graceSeconds, signal || (this.#state.get(id)?.stopSignal ?? ''));
    await this.#state.refresh(id);
  }

  async removeContainer(id: string): Promise<void> {
    await removeForced(this.#engine, id);
    this.#state.forget(id);
  }

  async updateResources(id: string, resources: ContainerResources): Promise<void> {
    const body = resourceOptions(resources);
    await this.#engine.call({ what: `update container ${id}`, method: 'POST', path: `/containers/${id}/update`, body });
    await this.#state.refresh(id);
  }

  image(reference: string): Promise<Image | undefined> {
    return findImage(this.#engine, reference);
  }

  images(): Promise<Image[]> {
    return listImages(this.#engine);
  }

  pullImage(reference: string, credentials?: RegistryCredentials, signal?: AbortSignal): Promise<Image> {
    return pullImage(this.#engine, reference, credentials, signal);
  }

  removeImage(id: string): Promise<void> {
    return removeImage(this.#engine, id);
  }

  exec(containerId: string, options: ExecOptions): Promise<ProcessStreams> {
    return execInContainer(this.#engine, containerId, options, this.#options.kill);
  }

  attach(containerId: string, options: AttachOptions): Promise<ProcessStreams> {
    return attachToContainer(this.#engine, containerId, options);
  }

  async *logs(containerId: string, options: LogOptions): AsyncGenerator<LogLine> {
    const inspection = await this.#engine.call<Inspection & { Config: { Tty: boolean } }>({
      what: `inspect container ${containerId}`,
      method: 'GET',
      path: `/containers/${containerId}/json`,
    });
    yield* readLogs(this.#engine, { id: containerId, tty: inspection.Config.Tty }, options);
  }

  async dial(sandboxId: string, port: number): Promise<Duplex> {
    const { HostConfig, State } = await this.#engine.call<Inspection & { HostConfig: { NetworkMode: string } }>({
      what: `inspect sandbox ${sandboxId}`,
      method: 'GET',
      path: `/containers/${sandboxId}/json`,
    });
    if (!State.Running) throw new RuntimeError('DialError', 'the pod is not running');
    return this.#dialers.dial({ pid: State.Pid, hostNetwork: HostConfig.NetworkMode === 'host' }, port);
  }

  onChange(listener: (pod: PodIdentity) => void): () => void {
    this.#listeners.add(listener);
    this.#follow();
    return () => this.#listeners.delete(listener);
  }

  close(): Promise<void> {
    this.#closing.abort();
    this.#dialers.close();
    return Promise.resolve();
  }

  get #creation() {
    const { owner, protectedPaths } = this.#options;
    return { engine: this.#engine, owner, protectedPaths };
  }

  async #start(id: string): Promise<void> {
    try {
      await this.#engine.call({ what: `start container ${id}`, method: 'POST', path: `/containers/${id}/start` });
    } catch (error) {
      if (engineStatus(error) !== 304) throw error; // 304: it runs already
    } finally {
      await this.#state.refresh(id);
    }
  }

  /** The first look at everything; later ones come by themselves. */
  #once(): Promise<void> {
    this.#listed ??= this.#relist().catch((error: unknown) => {
      this.#listed = undefined;
      throw error;
    });
    return this.#listed;
  }

  async #relist(): Promise<void> {
    for (const pod of await this.#state.relist()) this.#tell(pod);
  }

  #follow(): void {
    if (this.#following) return;
    this.#following = true;
    const { owner, clock } = this.#options;
    const look = () => this.#relist().catch((error: unknown) => this.#options.onError(error));
    void followEvents(
      { engine: this.#engine, owner, clock, onEvent: (event) => void this.#onEvent(event), onGap: () => void look() },
      this.#closing.signal,
    );
    const again = () => {
      if (this.#closing.signal.aborted) return;
      void look().finally(() => clock.after(relistEvery, again));
    };
    clock.after(relistEvery, again);
  }

  async #onEvent({ id, action }: EngineEvent): Promise<void> {
    const before = this.#state.get(id);
    // What we started ourselves has been inspected already.
    if (action === 'start' && before?.status === 'running') return this.#tell(before.pod);
    await this.#state.refresh(id).catch((error: unknown) => this.#options.onError(error));
    const pod = this.#state.get(id)?.pod ?? before?.pod;
    if (pod) this.#tell(pod);
  }

  #tell(pod: PodIdentity): void {
    for (const listener of this.#listeners) listener(pod);
  }
}

function compareVersions(a: string, b: string): number {
  const [left = [], right = []] = [a, b].map((version) => version.split('.').map(Number));
  return (left[0] ?? 0) - (right[0] ?? 0) || (left[1] ?? 0) - (right[1] ?? 0);
}
