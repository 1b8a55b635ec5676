/** Looks at the machine and its engine for the node's status. */
import { readFile, statfs } from 'node:fs/promises';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import type { NodeObservation } from './node-status.ts';

/** `directory` lies on the file system whose room counts. An engine that does not answer is part of the observation, not an error. */
export async function observeNode(
  runtime: Pick<ContainerRuntime, 'version' | 'images'>,
  directory: string,
): Promise<NodeObservation> {
  const [version, images, meminfo, loadavg, pidMax, disk] = await Promise.all([
    runtime.version().catch(() => undefined),
    runtime.images().catch(() => []),
    readFile('/proc/meminfo', 'utf8'),
    readFile('/proc/loadavg', 'utf8'),
    readFile('/proc/sys/kernel/pid_max', 'utf8'),
    statfs(directory),
  ]);
  return {
    runtimeVersion: version && `${version.name}://${version.version}`,
    images,
    availableMemoryBytes: Number(/^MemAvailable: +(\d+) kB$/m.exec(meminfo)?.[1] ?? 0) * 1024,
    disk: { totalBytes: disk.blocks * disk.bsize, availableBytes: disk.bavail * disk.bsize },
    pids: { most: Number(pidMax), used: Number(loadavg.split(' ')[3]?.split('/')[1] ?? 0) },
  };
}
