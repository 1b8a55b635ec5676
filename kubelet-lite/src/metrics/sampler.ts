/** Looks at everything that runs when it is asked to, and remembers the look before, so that rates can be told. */
import type { Clock } from '@naru/api/clock';
import type { PodIdentity } from '../runtime/container-runtime.ts';
import { cgroupPaths } from './cgroup-paths.ts';
import { containerUsage, type ContainerUsage, type ReadText } from './container-usage.ts';
import { interfaceUsage, type InterfaceUsage } from './network-usage.ts';
import { diskUsage, type DiskUsage } from './disk-usage.ts';
import { mainInterface } from './main-interface.ts';
import { nodeUsage, type NodeUsage } from './node-usage.ts';

/** A look serves for so many milliseconds: two who ask at once see the same, and rates have a while to be measured over. */
const freshFor = 10_000;
/** A new container's first rate is measured from its start, where it began at nothing, if that is so many milliseconds ago. */
const sinceStart = { least: 2_000, most: 60_000 };

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

/** A rate is undefined while there is too little time to tell it from. */
export interface ContainerSample extends RunningContainer {
  usage: ContainerUsage;
  /** Processor use in billionths of a core, over the time between the last two looks, or since the start. */
  cpuNanocores: number | undefined;
}

export interface PodSample {
  pod: PodIdentity;
  startedAt: string;
  interfaces: InterfaceUsage[];
  containers: ContainerSample[];
}

/** Of the file system that holds the node's data. */
export interface FilesystemUsage {
  capacityBytes: number;
  availableBytes: number;
  inodes: number;
  freeInodes: number;
}

export interface Sample {
  /** Milliseconds since 1970. */
  time: number;
  node: NodeUsage & {
    cpuNanocores: number | undefined;
    /** The one that leads outside first. */
    interfaces: InterfaceUsage[];
    disks: DiskUsage;
    filesystem: FilesystemUsage;
  };
  pods: PodSample[];
}

export interface SamplerOptions {
  clock: Clock;
  read: ReadText;
  filesystem: () => Promise<FilesystemUsage>;
  running: () => Promise<readonly RunningPod[]>;
}

interface Counter {
  time: number;
  cpuNanoseconds: number;
}

/** A container's or the node's rate, from what it has used by now. */
type Rate = (key: string, cpuNanoseconds: number, startedAt?: string) => number | undefined;

export class Sampler {
  readonly #options: SamplerOptions;
  readonly #paths = new Map<string, ReturnType<typeof cgroupPaths>>();
  #counters = new Map<string, Counter>();
  #latest: Sample | undefined;
  #looking: Promise<Sample> | undefined;

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  /** The last look if it is fresh, or a new one. */
  sample(): Promise<Sample> {
    const latest = this.#latest;
    if (latest && this.#options.clock.now() - latest.time < freshFor) return Promise.resolve(latest);
    this.#looking ??= this.#look().finally(() => (this.#looking = undefined));
    return this.#looking;
  }

  async #look(): Promise<Sample> {
    const { clock, read, running, filesystem } = this.#options;
    const previous = this.#counters;
    const counters = new Map<string, Counter>();
    const rate: Rate = (key, cpuNanoseconds, startedAt) => {
      const now = { time: clock.now(), cpuNanoseconds };
      counters.set(key, now);
      return nanocoresBetween(previous.get(key) ?? beginning(startedAt, now.time), now);
    };
    const files = ['/proc/stat', '/proc/meminfo', '/proc/net/dev', '/proc/net/route', '/proc/diskstats'];
    const [stat = '', meminfo = '', devices = '', routes = '', disks = ''] = await Promise.all(files.map(read));
    const node = nodeUsage(stat, meminfo);
    const pods: PodSample[] = [];
    for (const pod of await running()) pods.push(await this.#samplePod(pod, rate));
    const cpuNanocores = rate('node', node.cpuNanoseconds);
    this.#counters = counters;
    for (const id of this.#paths.keys()) if (!counters.has(id)) this.#paths.delete(id);
    this.#latest = {
      time: clock.now(),
      node: {
        ...node,
        cpuNanocores,
        interfaces: withFirst(interfaceUsage(devices), mainInterface(routes)),
        disks: diskUsage(disks),
        filesystem: await filesystem(),
      },
      pods,
    };
    return this.#latest;
  }

  async #samplePod({ pod, startedAt, sandboxPid, containers }: RunningPod, rate: Rate): Promise<PodSample> {
    const samples: ContainerSample[] = [];
    for (const container of containers) {
      const paths = await this.#pathsOf(container);
      const usage = paths && (await containerUsage(paths, this.#options.read));
      if (usage)
        samples.push({
          ...container,
          usage,
          cpuNanocores: rate(container.id, usage.cpuNanoseconds, container.startedAt),
        });
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

function beginning(startedAt: string | undefined, now: number): Counter | undefined {
  const time = Date.parse(startedAt ?? '');
  const ago = now - time;
  return ago >= sinceStart.least && ago <= sinceStart.most ? { time, cpuNanoseconds: 0 } : undefined;
}

const withFirst = (interfaces: InterfaceUsage[], first: string | undefined): InterfaceUsage[] => [
  ...interfaces.filter(({ name }) => name === first),
  ...interfaces.filter(({ name }) => name !== first),
];
