/** Memory and processor time of processes, from /proc. */
import { readFileSync } from 'node:fs';

/** Megabytes of these processes together, pages they share counted once (Pss). */
export function megabytesOf(ids: readonly number[]): number {
  const kilobytes = ids.map((id) =>
    Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, 'utf8'))?.[1] ?? 0),
  );
  return kilobytes.reduce((sum, value) => sum + value, 0) / 1024;
}

/** Seconds of processor time that a process has used. */
export function processorSecondsOf(id: number): number {
  const fields = readFileSync(`/proc/${id}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
