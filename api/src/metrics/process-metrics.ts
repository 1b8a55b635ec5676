/** What a process uses itself, under the names that Prometheus' own clients give it. */
import { counter, gauge, type Metric } from './exposition.ts';

export interface OwnUsage {
  cpuSeconds: number;
  residentBytes: number;
  heapBytes: number;
  /** Seconds since 1970. */
  startedAt: number;
}

/** `startedAt` in milliseconds since 1970. */
export function ownUsage(startedAt: number): OwnUsage {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    cpuSeconds: (user + system) / 1e6,
    residentBytes: rss,
    heapBytes: heapUsed,
    startedAt: startedAt / 1000,
  };
}

export const processMetrics = ({ cpuSeconds, residentBytes, heapBytes, startedAt }: OwnUsage): Metric[] => [
  gauge('nodejs_heap_size_used_bytes', 'Bytes in use of the heap', heapBytes),
  counter('process_cpu_seconds_total', 'Total user and system CPU time spent in seconds.', cpuSeconds),
  gauge('process_resident_memory_bytes', 'Resident memory size in bytes.', residentBytes),
  gauge('process_start_time_seconds', 'Start time of the process since unix epoch in seconds.', startedAt),
];
