/** What the agent needs of a container engine, in Kubernetes' words. Docker and the fake implement it under one contract suite. */
import type { Duplex, Readable } from 'node:stream';

/** Names a pod on this node through restarts of everything. */
export interface PodIdentity {
  uid: string;
  name: string;
  namespace: string;
}

export interface SandboxSpec {
  pod: PodIdentity;
  hostname: string;
  hostNetwork: boolean;
  hostPid: boolean;
  hostIpc: boolean;
  shareProcessNamespace: boolean;
  sysctls: Record<string, string>;
  /** Counts sandboxes of this pod, from 0. */
  attempt: number;
  /** Beside the labels that name the pod. */
  labels?: Record<string, string>;
  oomScoreAdj?: number;
}

export interface Sandbox {
  id: string;
  pod: PodIdentity;
  attempt: number;
  running: boolean;
  createdAt: string;
  /** Process whose namespaces the pod shares; 0 when not running. */
  pid: number;
  /** What the sandbox was labelled with, so that an agent that starts anew finds its pod's address. */
  labels: Record<string, string>;
}

/** Whose namespaces a container joins. Network: the sandbox's, which is the host's own for a hostNetwork pod. */
export interface Namespaces {
  network: 'sandbox' | 'host';
  ipc: 'sandbox' | 'host';
  /** `container`: one of its own; with an id: that container's. */
  pid: 'container' | 'sandbox' | 'host' | { containerId: string };
}

export interface Mount {
  containerPath: string;
  hostPath: string;
  readOnly: boolean;
  /** With `readOnly`: mounts below are read-only too. */
  recursiveReadOnly?: boolean;
  /** Absent: none, or no more than the runtime itself needs. */
  propagation?: 'rslave' | 'rshared';
}

/** `cpuQuotaMicros` is for a period of 100 ms; absent: no limit. */
export interface ContainerResources {
  cpuShares?: number;
  cpuQuotaMicros?: number;
  memoryBytes?: number;
  pidsLimit?: number;
}

export interface ContainerSpec {
  pod: PodIdentity;
  sandboxId: string;
  name: string;
  kind: 'container' | 'init' | 'ephemeral';
  image: string;
  /** Entrypoint; empty: the image's. */
  command: string[];
  args: string[];
  workingDir: string;
  env: { name: string; value: string }[];
  mounts: Mount[];
  stdin: boolean;
  stdinOnce: boolean;
  tty: boolean;
  /** Counts starts of this container in this pod, from 0. */
  attempt: number;
  /** Changes when the container's part of the pod spec does. */
  specHash: string;
  resources: ContainerResources;
  namespaces: Namespaces;
  /** Sent on a graceful stop; empty: the image's, or SIGTERM. */
  stopSignal?: string;
  security: {
    /** `uid[:gid]`, or a name that the image knows; absent: the image's. */
    user?: string;
    supplementalGroups: number[];
    privileged: boolean;
    readOnlyRootFilesystem: boolean;
    allowPrivilegeEscalation: boolean;
    addCapabilities: string[];
    dropCapabilities: string[];
    /** `localhost`: the profile's JSON text. */
    seccomp: 'RuntimeDefault' | 'Unconfined' | { localhost: string };
    /** Absent: the engine's own default. `localhost`: name of a loaded profile. */
    appArmor?: 'RuntimeDefault' | 'Unconfined' | { localhost: string };
    seLinux?: { user?: string; role?: string; type?: string; level?: string };
    /** Shows all of /proc and /sys, as procMount Unmasked asks. */
    unmaskedProc?: boolean;
  };
  oomScoreAdj: number;
  terminationMessagePath: string;
  /** The pod expects it to end by itself. Only runtimes that run nothing need to be told. */
  runsToCompletion: boolean;
  labels: Record<string, string>;
}

export interface Container {
  id: string;
  pod: PodIdentity;
  sandboxId: string;
  name: string;
  kind: ContainerSpec['kind'];
  attempt: number;
  specHash: string;
  image: string;
  imageId: string;
  state: 'created' | 'running' | 'exited' | 'unknown';
  exitCode: number;
  oomKilled: boolean;
  /** The engine's own words when it could not start. */
  error: string;
  createdAt: string;
  startedAt: string;
  finishedAt: string;
  pid: number;
  labels: Record<string, string>;
  /** The limits it has now, when the engine can tell. */
  resources?: ContainerResources;
  /** Whom the first process runs as, when the engine could tell. */
  user?: { uid: number; gid: number; supplementalGroups: number[] };
}

/** What one pod has in the runtime, newest first. */
export interface PodInRuntime {
  sandboxes: Sandbox[];
  containers: Container[];
}

export interface Image {
  id: string;
  tags: string[];
  /** With their digest, as a registry names them. */
  digests: string[];
  sizeBytes: number;
  /** USER of the image; empty: root. */
  user: string;
}

export interface RegistryCredentials {
  username: string;
  password: string;
  registry: string;
  /** Instead of a password, for registries that speak OAuth. */
  identityToken?: string;
}

export interface ExecOptions {
  command: string[];
  stdin: boolean;
  tty: boolean;
  env?: { name: string; value: string }[];
  signal?: AbortSignal;
}

export interface AttachOptions extends Omit<ExecOptions, 'command'> {
  /** The container's input ends with that of the first who attaches; else it stays open for the next. */
  stdinOnce: boolean;
}

/** A running exec or attach. Ending `stdin` tells the process so; the streams end when it does. */
export interface ProcessStreams {
  stdin: NodeJS.WritableStream | null;
  stdout: Readable;
  /** Null with a terminal: everything comes on stdout. */
  stderr: Readable | null;
  resize(size: { width: number; height: number }): Promise<void>;
  /** Exit code; zero for attach, which upstream too ends well however the container ends. */
  exited: Promise<number>;
  /** Ends the process (exec) or lets go of it (attach). */
  close(): void;
}

export interface LogOptions {
  follow: boolean;
  timestamps: boolean;
  /** RFC 3339 with nanoseconds. */
  since?: string;
  tailLines?: number;
  signal?: AbortSignal;
}

/** `line` carries its newline when it had one. */
export interface LogLine {
  stream: 'stdout' | 'stderr';
  time: string;
  line: Buffer;
}

export interface RuntimeVersion {
  name: string;
  version: string;
  /** Whether a read-only mount can cover the mounts below it. */
  recursiveReadOnlyMounts: boolean;
}

/** Errors are RuntimeError with a reason of upstream's (`ErrImagePull`, `RunContainerError`, …). Every call has a deadline. */
export interface ContainerRuntime {
  /** Name and version, as node status reports them: `docker://20.10.24`. */
  version(): Promise<RuntimeVersion>;
  /** Everything of this cluster, running or not. */
  list(): Promise<{ sandboxes: Sandbox[]; containers: Container[] }>;
  /** One pod, at least as new as this runtime's last answer about it. */
  pod(uid: string): Promise<PodInRuntime>;
  runSandbox(spec: SandboxSpec): Promise<Sandbox>;
  /** Stops and removes the sandbox; its containers are to be gone before. Removing what is not there succeeds. */
  removeSandbox(id: string): Promise<void>;
  createContainer(spec: ContainerSpec): Promise<string>;
  startContainer(id: string): Promise<void>;
  /**
   * TERM, then KILL after `graceSeconds`. Resolves when it has ended; stopping what is not running succeeds. Calling it
   * again while it waits can only bring the KILL forward.
   */
  stopContainer(id: string, graceSeconds: number, signal?: string): Promise<void>;
  removeContainer(id: string): Promise<void>;
  /** Gives a running container other limits. */
  updateResources(id: string, resources: ContainerResources): Promise<void>;
  image(reference: string): Promise<Image | undefined>;
  images(): Promise<Image[]>;
  pullImage(reference: string, credentials?: RegistryCredentials, signal?: AbortSignal): Promise<Image>;
  removeImage(id: string): Promise<void>;
  exec(containerId: string, options: ExecOptions): Promise<ProcessStreams>;
  attach(containerId: string, options: AttachOptions): Promise<ProcessStreams>;
  logs(containerId: string, options: LogOptions): AsyncIterable<LogLine>;
  /** A byte stream to a port inside the sandbox's network. */
  dial(sandboxId: string, port: number): Promise<Duplex>;
  /** Calls back soon after anything of this cluster changed; may call too often, is never the only source of truth. */
  onChange(listener: (pod: PodIdentity) => void): () => void;
  close(): Promise<void>;
}

export class RuntimeError extends Error {
  override readonly name = 'RuntimeError';
  readonly reason: string;

  constructor(reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
