/** What was used, as NodeUsage and PodUsage tell it, and what charts make of it; pure. */
export type Values = readonly (number | null)[];

export interface Usage {
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly uid?: string };
  /** RFC 3339: the time of the first value. */
  readonly start: string;
  readonly stepSeconds: number;
  /** Cores. */
  readonly cpu: Values;
  /** Bytes. */
  readonly memory: Values;
  /** Bytes a second. */
  readonly networkReceived?: Values;
  readonly networkSent?: Values;
  readonly diskRead?: Values;
  readonly diskWritten?: Values;
}

export interface UsageList {
  readonly items: readonly Usage[];
}

export type UsageField = 'cpu' | 'memory' | 'networkReceived' | 'networkSent' | 'diskRead' | 'diskWritten';

/** The times of the values in seconds since 1970; the items of one answer share them. */
export function timesOf(items: readonly Usage[]): number[] {
  const [first] = items;
  if (!first) return [];
  const start = Date.parse(first.start) / 1000;
  const count = Math.max(...items.map(({ cpu }) => cpu.length));
  return Array.from({ length: count }, (_, index) => start + index * first.stepSeconds);
}

/** All items together, place by place; null where nothing at all was measured. */
export function sumOf(items: readonly Usage[], field: UsageField): (number | null)[] {
  return timesOf(items).map((_, index) => {
    const measured = items.flatMap((item) => item[field]?.[index] ?? []);
    return measured.length === 0 ? null : measured.reduce((sum, value) => sum + value, 0);
  });
}

/** How many items were measured at each time: the instances that ran. */
export function countOf(items: readonly Usage[]): (number | null)[] {
  return timesOf(items).map((_, index) => {
    const count = items.filter(({ cpu }) => typeof cpu[index] === 'number').length;
    return count === 0 ? null : count;
  });
}

/** The last value that is not older than some steps: a page shows no old figure as the present one. */
export function latestOf(values: Values, steps = 3): number | undefined {
  for (const value of values.slice(-steps).toReversed()) if (typeof value === 'number') return value;
  return undefined;
}

/** Per cent of what is reserved; null where either is missing. */
export function utilizationOf(cpu: Values, counts: Values, requestedEach: number): (number | null)[] {
  return cpu.map((used, index) => {
    const count = counts[index];
    if (typeof used !== 'number' || typeof count !== 'number' || !(requestedEach > 0)) return null;
    return (used / (count * requestedEach)) * 100;
  });
}

export interface Forecast {
  readonly low: number;
  readonly high: number;
}

/**
 * Between how many instances the autoscaler would mostly have kept an app under the load that was: the tenth and the
 * ninetieth of a hundred moments. Undefined without measurements.
 */
export function forecastOf(
  cpu: Values,
  {
    requestedEach,
    target,
    minimum,
    maximum,
  }: { requestedEach: number; target: number; minimum: number; maximum: number },
): Forecast | undefined {
  if (!(requestedEach > 0) || !(target > 0)) return undefined;
  const wanted = cpu
    .filter((used) => typeof used === 'number')
    .map((used) => Math.min(Math.max(Math.ceil((used / (requestedEach * target)) * 100 - 1e-6), minimum), maximum))
    .sort((a, b) => a - b);
  const at = (share: number) => wanted[Math.floor((wanted.length - 1) * share)];
  const [low, high] = [at(0.1), at(0.9)];
  return low === undefined || high === undefined ? undefined : { low, high };
}
