/** What the whole machine has used, from /proc. */

export interface NodeUsage {
  /** Nanoseconds of processor time since the machine started. */
  cpuNanoseconds: number;
  totalBytes: number;
  availableBytes: number;
  /** Memory in use that the kernel could not take back without harm. */
  workingSetBytes: number;
}

/** The kernel counts processor time in hundredths of a second, on every architecture Node runs on. */
const nanosecondsPerTick = 10_000_000;

/** From the texts of /proc/stat and /proc/meminfo. */
export function nodeUsage(stat: string, meminfo: string): NodeUsage {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (/^cpu +(.*)$/m.exec(stat)?.[1] ?? '')
    .split(' ')
    .map(Number);
  const bytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(meminfo)?.[1] ?? 0) * 1024;
  const totalBytes = bytes('MemTotal');
  return {
    cpuNanoseconds: (user + nice + system + irq + softirq + steal) * nanosecondsPerTick,
    totalBytes,
    availableBytes: bytes('MemAvailable'),
    workingSetBytes: Math.max(0, totalBytes - bytes('MemFree') - bytes('Inactive\\(file\\)')),
  };
}
