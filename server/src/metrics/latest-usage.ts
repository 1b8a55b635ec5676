/** What nodes and pods use now, in the form of metrics.k8s.io. */
// Like sigs.k8s.io/metrics-server pkg/storage and pkg/api.
import { formatDuration } from '@naru/api/duration';
import { formatTime } from '@naru/api/time';
import { formatQuantity, quantityFromInteger } from '@naru/api/quantity';
import type { AnyObject, ObjectMeta } from '@naru/api/object';
import type { NodeMetrics, PodMetrics, Usage } from '../kinds/metrics/index.ts';
import type { NodeLook, PodLook } from './look.ts';

/** A node that has not been seen for so many milliseconds is not told of any more. */
const memory = 60_000;

interface Seen {
  look: NodeLook;
  /** Milliseconds between this look and the one before. */
  window: number;
  /** Of pods in the look before. */
  known: ReadonlySet<string>;
}

export interface PodNow {
  look: PodLook;
  time: number;
  window: number;
}

export class LatestUsage {
  readonly #nodes = new Map<string, Seen>();
  readonly #usualWindow: number;

  /** `usualWindow`: milliseconds, for what was seen once only. */
  constructor(usualWindow: number) {
    this.#usualWindow = usualWindow;
  }

  keep(look: NodeLook): void {
    const before = this.#nodes.get(look.node)?.look;
    const passed = before ? look.time - before.time : 0;
    this.#nodes.set(look.node, {
      look,
      window: passed > 0 ? passed : this.#usualWindow,
      known: new Set(before?.pods.map(({ uid }) => uid)),
    });
  }

  node(name: string, now: number): Seen | undefined {
    const seen = this.#nodes.get(name);
    return seen && now - seen.look.time <= memory ? seen : undefined;
  }

  /** Every pod that was seen, those of forgotten nodes left out. */
  *pods(now: number): Iterable<PodNow> {
    for (const [name, { look, window, known }] of this.#nodes) {
      if (now - look.time > memory) this.#nodes.delete(name);
      else
        for (const pod of look.pods) {
          const sinceStart = Math.max(1000, look.time - pod.startedAt);
          const own = known.has(pod.uid) ? window : Math.min(sinceStart, this.#usualWindow);
          yield { look: pod, time: look.time, window: own };
        }
    }
  }
}

export function nodeMetricsOf({ metadata }: AnyObject, { look, window }: Seen, now: number): NodeMetrics | undefined {
  if (look.cpu === undefined) return undefined;
  return {
    ...typeOf('NodeMetrics'),
    metadata: metadataOf(metadata, now),
    ...measured(look.time, window),
    usage: usageOf(look.cpu, look.memory),
  };
}

/** Undefined while one of its containers was not measured yet: a part would be taken for the whole. */
export function podMetricsOf({ metadata }: AnyObject, pod: PodNow, now: number): PodMetrics | undefined {
  const containers: PodMetrics['containers'] = [];
  for (const { name, cpu, memory: bytes } of pod.look.containers) {
    if (cpu === undefined) return undefined;
    containers.push({ name, usage: usageOf(cpu, bytes) });
  }
  if (containers.length === 0) return undefined;
  return {
    ...typeOf('PodMetrics'),
    metadata: metadataOf(metadata, now),
    ...measured(pod.time, pod.window),
    containers,
  };
}

const typeOf = (kind: string) => ({ kind, apiVersion: 'metrics.k8s.io/v1beta1' });

const metadataOf = ({ name, namespace, labels }: ObjectMeta, now: number): ObjectMeta => ({
  ...(name !== undefined && { name }),
  ...(namespace && { namespace }),
  creationTimestamp: formatTime(now),
  ...(labels && { labels }),
});

const measured = (time: number, window: number) => ({
  timestamp: formatTime(time),
  window: formatDuration(BigInt(Math.round(window)) * 1_000_000n),
});

const usageOf = (cores: number, bytes: number): Usage => ({
  cpu: formatQuantity({ value: BigInt(Math.round(cores * 1e9)), scale: -9, format: 'DecimalSI' }),
  memory: formatQuantity(quantityFromInteger(Math.round(bytes), 'BinarySI')),
});
