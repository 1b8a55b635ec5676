/** What each app used in the last quarter of an hour. */
import { computed, inject } from '@angular/core';
import { ownerOf } from './app';
import { Cluster } from '../cluster/cluster';
import { parseQuantity } from '../kinds/quantity';
import { polled } from '../metrics/polled';
import { type Usage, type Values, latestOf, sumOf } from '../metrics/usage';
import { UsageHistory } from '../metrics/usage-history';

export interface AppUsage {
  /** Cores. */
  readonly cpu: number | undefined;
  /** Bytes. */
  readonly memory: number | undefined;
  /** Per cent of what the instances may use together; undefined without limits. */
  readonly memoryShare: number | undefined;
  readonly cpuPast: Values;
}

const minutes = 15;
/** Calm figures: a list is no monitor. */
const every = 60_000;

/** To be called where things are injected: usage by the app's id; empty while nothing is measured. */
export function appUsage() {
  const history = inject(UsageHistory);
  const cluster = inject(Cluster);
  const usage = polled<readonly Usage[]>(() => (history.kept() ? history.allPods({ minutes }) : undefined), every);
  return computed(() => {
    const byUid = new Map((usage.value() ?? []).map((item) => [item.metadata.uid ?? '', item]));
    if (byUid.size === 0) return new Map<string, AppUsage>();
    const pods = Map.groupBy(cluster.allPods(), (pod) => ownerOf(pod) ?? '');
    return new Map(
      cluster.allApps().flatMap((app) => {
        const own = pods.get(`${app.project}/${app.kind}/${app.name}`) ?? [];
        const items = own.flatMap(({ metadata }) => byUid.get(metadata.uid) ?? []);
        if (items.length === 0) return [];
        const cpuPast = sumOf(items, 'cpu');
        const memory = latestOf(sumOf(items, 'memory'));
        const limit = app.workload.spec.template.spec.containers.reduce(
          (sum, { resources }) => sum + parseQuantity(resources?.limits?.['memory']),
          0,
        );
        const memoryShare = memory === undefined ? NaN : (memory / (limit * items.length)) * 100;
        return [
          [
            app.id,
            {
              cpu: latestOf(cpuPast),
              memory,
              memoryShare: Number.isFinite(memoryShare) ? Math.round(memoryShare) : undefined,
              cpuPast,
            } satisfies AppUsage,
          ] as const,
        ];
      }),
    );
  });
}
