/** Bytes that went to and from the machine's disks. */

export interface DiskUsage {
  readBytes: number;
  writtenBytes: number;
}

/** Whole disks; partitions, mappings and loops would count the same bytes again. */
const disk = /^(?:[shv]d[a-z]+|xvd[a-z]+|nvme\d+n\d+|mmcblk\d+)$/;
const bytesOfSector = 512; // in /proc/diskstats, whatever the disk says

/** Reads `/proc/diskstats`. */
export function diskUsage(text: string): DiskUsage {
  const sum = { readBytes: 0, writtenBytes: 0 };
  for (const line of text.split('\n')) {
    const [, , name = '', , , read, , , , written] = line.trim().split(/\s+/);
    if (!disk.test(name)) continue;
    sum.readBytes += Number(read) * bytesOfSector;
    sum.writtenBytes += Number(written) * bytesOfSector;
  }
  return sum;
}
