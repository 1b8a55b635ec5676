/** Where the kernel keeps the figures of a process: the control groups it belongs to, of version 1 or 2. */

/** Directories under the mount point of control groups; version 2 has one for everything. */
export type CgroupPaths = { version: 1; cpu: string; memory: string; io: string } | { version: 2; unified: string };

/**
 * Reads `/proc/<pid>/cgroup`: lines `id:controllers:path`. `root` is where control groups are mounted.
 * A host with version 1 lists an empty version 2 hierarchy too, so controllers decide. Undefined when there are none.
 */
export function cgroupPaths(text: string, root = '/sys/fs/cgroup'): CgroupPaths | undefined {
  const lines = text.split('\n').map((line) => line.split(':'));
  const pathOf = (controller: string) =>
    lines
      .find(([, names]) => names?.split(',').includes(controller))
      ?.slice(2)
      .join(':');
  const [cpu, memory, io] = [pathOf('cpuacct'), pathOf('memory'), pathOf('blkio')];
  if (cpu !== undefined && memory !== undefined) {
    return {
      version: 1,
      cpu: `${root}/cpuacct${cpu}`,
      memory: `${root}/memory${memory}`,
      io: `${root}/blkio${io ?? ''}`,
    };
  }
  const unified = lines
    .find(([id, names]) => id === '0' && names === '')
    ?.slice(2)
    .join(':');
  return unified === undefined ? undefined : { version: 2, unified: `${root}${unified}` };
}
