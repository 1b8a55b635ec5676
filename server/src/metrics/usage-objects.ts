/** The history as NodeUsage and PodUsage. */
import type { ObjectMeta } from '@naru/api/object';
import { badRequest } from '@naru/api/status';
import { formatTime } from '@naru/api/time';
import type { NodeUsage, PodUsage, Series as Values, UsageSeries } from '../kinds/naru/usage.ts';
import { spans, steps, type History } from './history/history.ts';
import type { Resolution, Series } from './history/records.ts';

/** The steps that are asked for: `from`, and so many of `step` milliseconds. */
export interface Window {
  resolution: Resolution;
  from: number;
  step: number;
  count: number;
}

const resolutions = new Map<string, Resolution>([
  ['15s', 'fine'],
  ['1m', 'coarse'],
]);

/** `resolution` is 15s or 1m, `since` a time in RFC 3339; absent: 15s, and all that is kept. Throws 400. */
export function windowOf(query: URLSearchParams, now: number): Window {
  const asked = query.get('resolution') ?? '15s';
  const resolution = resolutions.get(asked);
  if (!resolution) throw badRequest(`resolution must be 15s or 1m, not ${JSON.stringify(asked)}`);
  const text = query.get('since');
  const since = text === null ? -Infinity : Date.parse(text);
  if (Number.isNaN(since)) throw badRequest(`since must be a time such as ${formatTime(now)}`);
  const step = steps[resolution];
  const from = Math.ceil(Math.max(since, now - spans[resolution]) / step) * step;
  return { resolution, from, step, count: Math.max(0, Math.floor((now - from) / step) + 1) };
}

type Wanted = (series: Series) => boolean;

export async function nodeUsages(history: History, window: Window, wanted: Wanted): Promise<NodeUsage[]> {
  const found = new Map<string, NodeUsage>();
  await history.read(window.resolution, window.from, (time, rows) => {
    for (const [series, values] of rows) {
      if (series.kind !== 'node' || !wanted(series)) continue;
      const usage = found.get(series.name) ?? { ...headOf('NodeUsage', series, window), ...emptySeries(window) };
      found.set(series.name, usage);
      put(usage, nodeFields, values, slotOf(time, window));
    }
  });
  return [...found.values()].sort(byName);
}

/** Pods that are gone are among them, under the labels that they had. */
export async function podUsages(history: History, window: Window, wanted: Wanted): Promise<PodUsage[]> {
  const found = new Map<string, PodUsage>();
  const usageOf = (series: Series): PodUsage => {
    const usage = found.get(series.uid) ?? {
      ...headOf('PodUsage', series, window),
      ...emptySeries(window),
      containers: [],
    };
    found.set(series.uid, usage);
    return usage;
  };
  await history.read(window.resolution, window.from, (time, rows) => {
    const slot = slotOf(time, window);
    for (const [series, values] of rows) {
      if (series.kind === 'node' || !wanted(series)) continue;
      const usage = usageOf(series);
      if (series.kind === 'pod') put(usage, podFields, values, slot);
      else putContainer(usage, series.container ?? '', values, slot, window);
    }
  });
  return [...found.values()].sort(byName);
}

const nodeFields = ['cpu', 'memory', 'networkReceived', 'networkSent', 'diskRead', 'diskWritten'] as const;
const podFields = ['networkReceived', 'networkSent', 'diskRead', 'diskWritten'] as const;
const containerFields = ['cpu', 'memory'] as const;

function putContainer(usage: PodUsage, name: string, values: Float32Array, slot: number, window: Window): void {
  let container = usage.containers.find((each) => each.name === name);
  if (!container) usage.containers.push((container = { name, cpu: nothing(window), memory: nothing(window) }));
  put(container, containerFields, values, slot);
  for (const field of containerFields) {
    const value = container[field][slot];
    if (typeof value === 'number') usage[field][slot] = rounded(field, (usage[field][slot] ?? 0) + value);
  }
}

function put<Field extends keyof UsageSeries>(
  target: Record<Field, Values>,
  fields: readonly Field[],
  values: Float32Array,
  slot: number,
): void {
  fields.forEach((field, index) => {
    const value = values[index];
    if (value !== undefined && !Number.isNaN(value)) target[field][slot] = rounded(field, value);
  });
}

/** Ten-thousandths of a core, and whole bytes. */
const rounded = (field: keyof UsageSeries, value: number): number =>
  field === 'cpu' ? Math.round(value * 1e4) / 1e4 : Math.round(value);

const slotOf = (time: number, { from, step }: Window): number => Math.round((time - from) / step);
const nothing = ({ count }: Window): Values => new Array<null>(count).fill(null);

const emptySeries = (window: Window): UsageSeries => ({
  cpu: nothing(window),
  memory: nothing(window),
  networkReceived: nothing(window),
  networkSent: nothing(window),
  diskRead: nothing(window),
  diskWritten: nothing(window),
});

function headOf(kind: string, { name, namespace, uid, labels }: Series, { from, step }: Window) {
  const metadata: ObjectMeta = {
    name,
    ...(namespace && { namespace }),
    ...(uid && { uid }),
    ...(labels && { labels }),
  };
  return { kind, apiVersion: 'naru.dev/v1', metadata, start: formatTime(from), stepSeconds: step / 1000 };
}

const byName = (one: { metadata: ObjectMeta }, other: { metadata: ObjectMeta }): number =>
  compare(one.metadata.namespace, other.metadata.namespace) || compare(one.metadata.name, other.metadata.name);

const compare = (one = '', other = ''): number => (one < other ? -1 : Number(one > other));
