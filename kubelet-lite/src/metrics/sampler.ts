/** Looks at everything that runs every fifteen seconds and remembers the last two looks, so that rates can be told. */
import type { Clock } from '@naru/api/clock';
import type { PodIdentity } from '../runtime/container-runtime.ts';
import { cgroupPaths } from './cgroup-paths.ts';
import { containerUsage, type ContainerUsage, type ReadText } from './container-usage.ts';
import { interfaceUsage, type InterfaceUsage } from './network-usage.ts';
import { nodeUsage, type NodeUsage } from './node-usage.ts';

export const sampleEvery = 15_000;

export interface RunningContainer {
  pod: PodIdentity;
  id: string;
  name: string;
  pid: number;
  startedAt: string;
}

/** What runs on this node now; `sandboxPid` is the process that holds the pod's network, 0 for pods on the host's. */
export interface RunningPod {
  pod: PodIdentity;
  startedAt: string;
  sandboxPid: number;
  containers: readonly RunningContainer[];
}

/** A rate is undefined until a container was looked at twice. */
export interface ContainerSample extends RunningContainer {
  usage: ContainerUsage;
  /** Processor use in billionths of a core, over the time between the last two looks. */
  cpuNanocores: number | undefined;
}

export interface PodSample {
  pod: PodIdentity;
  startedAt: string;
  interfaces: InterfaceUsage[];
  containers: ContainerSample[];
}

export interface Sample {
  /** Milliseconds since 1970. */
  time: number;
  node: NodeUsage & { cpuNanocores: number | undefined; interfaces: InterfaceUsage[] };
  pods: PodSample[];
}

export interface SamplerOptions {
  clock: Clock;
  read: ReadText;
  running: () => Promise<readonly RunningPod[]>;
  onError: (error: unknown) => void;
}

interface Counter {
  time: number;
  cpuNanoseconds: number;
}

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #paths = new Map<string, ReturnType<typeof cgroupPaths>>();
  #counters = new Map<string, Counter>();
  #latest: Sample | undefined;
  #cancel: () => void = () => {};
  #stopped = false;

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  /** The last look; undefined before the first is done. */
  get latest(): Sample | undefined {
    return this.#latest;
  }

  start(): void {
    const look = async () => {
      await this.sample().catch(this.#options.onError);
      if (!this.#stopped) this.#cancel = this.#options.clock.after(sampleEvery, () => void look());
    };
    void look();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  /** Looks now. */
  async sample(): Promise<Sample> {
    const { clock, read, running } = this.#options;
    const previous = this.#counters;
    const counters = new Map<string, Counter>();
    const rate = (key: string, cpuNanoseconds: number): number | undefined => {
      const now = { time: clock.now(), cpuNanoseconds };
      counters.set(key, now);
      return nanocoresBetween(previous.get(key), now);
    };
    const [stat, meminfo, devices] = await Promise.all(['/proc/stat', '/proc/meminfo', '/proc/net/dev'].map(read));
    const node = nodeUsage(stat ?? '', meminfo ?? '');
    const pods: PodSample[] = [];
    for (const pod of await running()) pods.push(await this.#samplePod(pod, rate));
    const cpuNanocores = rate('node', node.cpuNanoseconds);
    this.#counters = counters;
    for (const id of this.#paths.keys()) if (!counters.has(id)) this.#paths.delete(id);
    this.#latest = {
      time: clock.now(),
      node: { ...node, cpuNanocores, interfaces: interfaceUsage(devices ?? '') },
      pods,
    };
    return this.#latest;
  }

  async #samplePod(
    { pod, startedAt, sandboxPid, containers }: RunningPod,
    rate: (key: string, cpuNanoseconds: number) => number | undefined,
  ): Promise<PodSample> {
    const samples: ContainerSample[] = [];
    for (const container of containers) {
      const paths = await this.#pathsOf(container);
      const usage = paths && (await containerUsage(paths, this.#options.read));
      if (usage) samples.push({ ...container, usage, cpuNanocores: rate(container.id, usage.cpuNanoseconds) });
    }
    const devices = sandboxPid ? await this.#options.read(`/proc/${sandboxPid}/net/dev`).catch(() => '') : '';
    return { pod, startedAt, interfaces: interfaceUsage(devices), containers: samples };
  }

  // A container stays in its control groups for life, so they are looked up once.
  async #pathsOf({ id, pid }: RunningContainer): Promise<ReturnType<typeof cgroupPaths>> {
    if (this.#paths.has(id)) return this.#paths.get(id);
    const text = await this.#options.read(`/proc/${pid}/cgroup`).catch(() => '');
    const paths = text ? cgroupPaths(text) : undefined;
    if (paths) this.#paths.set(id, paths);
    return paths;
  }
}

function nanocoresBetween(before: Counter | undefined, now: Counter): number | undefined {
  if (!before || now.time <= before.time) return undefined;
  return Math.max(0, Math.round((now.cpuNanoseconds - before.cpuNanoseconds) / ((now.time - before.time) / 1000)));
}
