/** What was last measured on each machine, and how soon its disk is full if it goes on so; for those who judge machines. */
import type { NodeLook } from './look.ts';

const minute = 60_000;
/** A trend is made of samples of the last hours, not all of them, and of no less than a while. */
const trendOver = 6 * 60 * minute;
const sampleEvery = 5 * minute;
const leastTrend = 30 * minute;

interface Sample {
  at: number;
  available: number;
}

interface Kept {
  look: NodeLook;
  disk: Sample[];
}

export interface MeasuredMachine {
  /** Milliseconds since 1970. */
  at: number;
  /** Cores in use. */
  cpu?: { cores: number };
  /** Bytes. */
  memory?: { total: number; available: number };
  disk?: { total: number; available: number; secondsUntilFull?: number };
}

export class MachineFigures {
  readonly #kept = new Map<string, Kept>();

  keep(looks: readonly NodeLook[]): void {
    for (const look of looks) {
      const samples = this.#kept.get(look.node)?.disk ?? [];
      const last = samples.at(-1)?.at ?? -Infinity;
      const isDue = look.disk !== undefined && look.time - last >= sampleEvery;
      const disk = isDue ? [...samples, { at: look.time, available: look.disk!.available }] : samples;
      this.#kept.set(look.node, { look, disk: disk.filter(({ at }) => look.time - at <= trendOver) });
    }
  }

  /** Machines that are no more are forgotten. */
  forget(isThere: (node: string) => boolean): void {
    for (const node of this.#kept.keys()) if (!isThere(node)) this.#kept.delete(node);
  }

  of(node: string): MeasuredMachine | undefined {
    const kept = this.#kept.get(node);
    if (!kept) return undefined;
    const { time, cpu, memoryRoom, disk } = kept.look;
    const secondsUntilFull = disk && timeLeft(kept.disk, disk.available);
    return {
      at: time,
      ...(cpu !== undefined && { cpu: { cores: cpu } }),
      ...(memoryRoom && { memory: memoryRoom }),
      ...(disk && { disk: { ...disk, ...(secondsUntilFull !== undefined && { secondsUntilFull }) } }),
    };
  }
}

/** Seconds until nothing is left, by the line that fits the samples best; undefined when it does not fill. */
export function timeLeft(samples: readonly Sample[], available: number): number | undefined {
  const [first] = samples;
  const last = samples.at(-1);
  if (!first || !last || last.at - first.at < leastTrend) return undefined;
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = mean(samples.map((sample) => sample.at));
  const level = mean(samples.map((sample) => sample.available));
  const slope =
    samples.reduce((sum, sample) => sum + (sample.at - at) * (sample.available - level), 0) /
    samples.reduce((sum, sample) => sum + (sample.at - at) ** 2, 0);
  return slope < 0 ? available / -slope / 1000 : undefined;
}
