/** What a container has used, from the files of its control groups. */
// Like cadvisor's handlers for cgroup v1 and v2, and its working set: usage without inactive file pages.
import type { CgroupPaths } from './cgroup-paths.ts';

/** Counters grow from the container's start; the others are as of now. */
export interface ContainerUsage {
  /** Nanoseconds of processor time. */
  cpuNanoseconds: number;
  memoryBytes: number;
  /** What the kernel could not take back without harm. */
  workingSetBytes: number;
  rssBytes: number;
  /** Major page faults. */
  majorPageFaults: number;
  pageFaults: number;
  readBytes: number;
  writtenBytes: number;
}

/** Reads one small file; throws when it is not there. */
export type ReadText = (path: string) => Promise<string>;

/** Undefined when the container ended while it was read. */
export async function containerUsage(paths: CgroupPaths, read: ReadText): Promise<ContainerUsage | undefined> {
  try {
    return paths.version === 1 ? await usageOfVersion1(paths, read) : await usageOfVersion2(paths.unified, read);
  } catch (error) {
    if (['ENOENT', 'ENODEV', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

async function usageOfVersion1(
  paths: { cpu: string; memory: string; io: string },
  read: ReadText,
): Promise<ContainerUsage> {
  const [cpu, usage, memory, io] = await Promise.all([
    read(`${paths.cpu}/cpuacct.usage`),
    read(`${paths.memory}/memory.usage_in_bytes`),
    read(`${paths.memory}/memory.stat`).then(keyedNumbers),
    read(`${paths.io}/blkio.throttle.io_service_bytes`).catch(() => ''),
  ]);
  return {
    cpuNanoseconds: Number(cpu),
    ...memoryOf(Number(usage), memory, 'total_'),
    readBytes: sumOf(io, /^\S+ Read (\d+)$/gm),
    writtenBytes: sumOf(io, /^\S+ Write (\d+)$/gm),
  };
}

async function usageOfVersion2(path: string, read: ReadText): Promise<ContainerUsage> {
  const [cpu, usage, memory, io] = await Promise.all([
    read(`${path}/cpu.stat`).then(keyedNumbers),
    read(`${path}/memory.current`),
    read(`${path}/memory.stat`).then(keyedNumbers),
    read(`${path}/io.stat`).catch(() => ''),
  ]);
  return {
    cpuNanoseconds: (cpu.get('usage_usec') ?? 0) * 1000,
    ...memoryOf(Number(usage), memory, ''),
    readBytes: sumOf(io, /\brbytes=(\d+)/g),
    writtenBytes: sumOf(io, /\bwbytes=(\d+)/g),
  };
}

function memoryOf(memoryBytes: number, stat: ReadonlyMap<string, number>, prefix: '' | 'total_') {
  const figure = (name: string) => stat.get(prefix + name) ?? 0;
  return {
    memoryBytes,
    workingSetBytes: Math.max(0, memoryBytes - figure('inactive_file')),
    rssBytes: prefix ? figure('rss') : figure('anon'),
    pageFaults: figure('pgfault'),
    majorPageFaults: figure('pgmajfault'),
  };
}

/** Lines `name number`. */
function keyedNumbers(text: string): Map<string, number> {
  return new Map(
    text.split('\n').map((line) => {
      const [name = '', value = ''] = line.split(' ');
      return [name, Number(value)] as const;
    }),
  );
}

const sumOf = (text: string, pattern: RegExp) =>
  [...text.matchAll(pattern)].reduce((sum, [, figure]) => sum + Number(figure), 0);
