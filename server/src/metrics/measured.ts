/** Puts measuring together: asks the kubelets, keeps the latest and the history, and answers reads of metrics.k8s.io and of usages. */
import type { V1Pod } from '@kubernetes/client-node';
import type { Clock } from '@naru/api/clock';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf } from '../kinds/fields.ts';
import type { Computed, ComputedRequest } from '../verbs/computed.ts';
import { registryRoot, type WatchCache } from '../watch/watch-cache.ts';
import { Collector, collectEvery } from './collector.ts';
import type { History, Row } from './history/history.ts';
import { LatestUsage, nodeMetricsOf, podMetricsOf } from './latest-usage.ts';
import type { NodeLook, PodLook } from './look.ts';
import { MachineFigures } from './machine-figures.ts';
import { ratesBetween } from './rates.ts';
import { nodeUsages, podUsages, windowOf } from './usage-objects.ts';

export interface MeasuredOptions {
  cache: WatchCache;
  clock: Clock;
  /** Absent: nothing is remembered. */
  history: History | undefined;
  ask(nodeName: string, signal: AbortSignal): Promise<string>;
  onError(nodeName: string, error: unknown): void;
}

interface Counted {
  time: number;
  counters: PodLook['counters'];
}

export class Measured implements Computed {
  readonly #options: MeasuredOptions;
  /** For those who judge machines. */
  readonly machines = new MachineFigures();
  readonly #latest = new LatestUsage(collectEvery);
  readonly #collector: Collector;
  /** Counters of the last round, by uid or `node/<name>`. */
  #counted = new Map<string, Counted>();

  constructor(options: MeasuredOptions) {
    this.#options = options;
    const { clock, ask, onError } = options;
    this.#collector = new Collector({
      ...{ clock, ask, onError },
      nodes: () => this.#nodesByKubelet(),
      onRound: (looks, time) => this.keep(looks, time),
    });
  }

  start(): void {
    this.#collector.start();
  }

  async stop(): Promise<void> {
    this.#collector.stop();
    await this.#options.history?.close();
  }

  read({ kind, namespace, name, query }: ComputedRequest): AnyObject[] | Promise<AnyObject[]> {
    if (kind.group === 'metrics.k8s.io')
      return kind.kind === 'NodeMetrics' ? this.#nodeMetrics(name) : this.#podMetrics(namespace, name);
    return this.#usages(kind.kind, namespace, name, query);
  }

  #nodeMetrics(name: string): AnyObject[] {
    const now = this.#options.clock.now();
    return this.#objects('minions', '', name).flatMap((node) => {
      const seen = this.#latest.node(node.metadata.name ?? '', now);
      return ((seen && nodeMetricsOf(node, seen, now)) ?? []) as AnyObject[];
    });
  }

  #podMetrics(namespace: string, name: string): AnyObject[] {
    const now = this.#options.clock.now();
    const found: AnyObject[] = [];
    for (const seen of this.#latest.pods(now)) {
      const { look } = seen;
      if ((namespace && look.namespace !== namespace) || (name && look.name !== name)) continue;
      const pod = this.#pod(look);
      const metrics = pod && fieldsOf<V1Pod>(pod).status?.phase === 'Running' && podMetricsOf(pod, seen, now);
      if (metrics) found.push(metrics as unknown as AnyObject);
    }
    const key = ({ metadata }: AnyObject) => `${metadata.namespace}/${metadata.name}`;
    return found.sort((one, other) => (key(one) < key(other) ? -1 : 1));
  }

  async #usages(kind: string, namespace: string, name: string, query: URLSearchParams): Promise<AnyObject[]> {
    const { history, clock } = this.#options;
    const window = windowOf(query, clock.now());
    if (!history) return [];
    const usages = kind === 'NodeUsage' ? nodeUsages : podUsages;
    const found = await usages(
      history,
      window,
      (series) => (!namespace || series.namespace === namespace) && (!name || series.name === name),
    );
    return found as unknown as AnyObject[];
  }

  /** The pod that was seen, unless another has taken its name. */
  #pod({ namespace, name, uid }: PodLook): AnyObject | undefined {
    const pod = this.#options.cache.resource('pods').get(`${registryRoot}pods/${namespace}/${name}`)?.object;
    return pod?.metadata.uid === uid ? pod : undefined;
  }

  #objects(prefix: string, namespace: string, name: string): AnyObject[] {
    const cache = this.#options.cache.resource(prefix);
    const within = `${registryRoot}${prefix}/${namespace && `${namespace}/`}`;
    if (name) return [cache.get(within + name)?.object].filter((object) => object !== undefined);
    return [...cache.range(within)].map(({ object }) => object);
  }

  // The nodes of a fleet that runs nothing share one kubelet, which is asked once.
  #nodesByKubelet(): Map<string, string> {
    const nodes = new Map<string, string>();
    for (const { metadata, status } of this.#objects('minions', '', '') as (AnyObject & {
      status?: { addresses?: { address?: string }[]; daemonEndpoints?: unknown };
    })[]) {
      const key = JSON.stringify([status?.addresses?.[0]?.address, status?.daemonEndpoints]);
      if (status?.addresses && !nodes.has(key)) nodes.set(key, metadata.name ?? '');
    }
    return nodes;
  }

  /** Takes in what one round saw; `time` is a whole quarter of a minute. */
  keep(looks: readonly NodeLook[], time: number): void {
    const counted = new Map<string, Counted>();
    const rates = (key: string, counters: PodLook['counters'], at: number): number[] => {
      const before = this.#counted.get(key);
      counted.set(key, { time: at, counters });
      return ratesBetween(before?.counters, counters, at - (before?.time ?? at));
    };
    const rows: Row[] = [];
    this.machines.keep(looks);
    this.machines.forget((name) => this.#objects('minions', '', name).length > 0);
    for (const look of looks) {
      this.#latest.keep(look);
      rows.push({
        series: { kind: 'node', namespace: '', name: look.node, uid: '' },
        values: [look.cpu ?? NaN, look.memory, ...rates(`node/${look.node}`, look.counters, look.time)],
      });
      for (const pod of look.pods) rows.push(...this.#rowsOf(pod, rates(pod.uid, pod.counters, look.time)));
    }
    this.#counted = counted;
    if (rows.length) this.#options.history?.add(time, rows);
  }

  #rowsOf(look: PodLook, rates: number[]): Row[] {
    const { namespace, name, uid, containers } = look;
    const labels = this.#pod(look)?.metadata.labels;
    const described = { namespace, name, uid, ...(labels && { labels }) };
    return [
      { series: { kind: 'pod', ...described }, values: rates },
      ...containers.map((container): Row => ({
        series: { kind: 'container', ...described, container: container.name },
        values: [container.cpu ?? NaN, container.memory],
      })),
    ];
  }
}
