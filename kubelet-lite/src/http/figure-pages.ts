/** The kubelet's pages of figures: /stats/summary, /metrics/resource and /metrics. */
import type { Clock } from '@naru/api/clock';
import { agentMetrics } from '../metrics/agent-metrics.ts';
import { exposition, expositionType } from '../metrics/exposition.ts';
import { resourceMetrics } from '../metrics/resource-metrics.ts';
import type { Sample } from '../metrics/sampler.ts';
import { summaryOf } from '../metrics/summary.ts';
import type { Page } from './kubelet-api.ts';

export interface FigurePages {
  nodeName: string;
  version: string;
  clock: Clock;
  figures: { sample(): Promise<Sample> };
}

export function figurePages({ nodeName, version, clock, figures }: FigurePages): [path: string, page: Page][] {
  const startedAt = clock.now();
  const text = (body: string) => ({ type: expositionType, body });
  return [
    [
      '/stats/summary',
      async () => {
        const nodeStartedAt = new Date(startedAt).toISOString();
        const summary = summaryOf(await figures.sample(), { nodeName, nodeStartedAt });
        return { type: 'application/json', body: JSON.stringify(summary) };
      },
    ],
    ['/metrics/resource', async () => text(exposition(resourceMetrics(await figures.sample())))],
    [
      '/metrics',
      async () => {
        const { user, system } = process.cpuUsage();
        const { rss, heapUsed } = process.memoryUsage();
        const own = {
          cpuSeconds: (user + system) / 1e6,
          residentBytes: rss,
          heapBytes: heapUsed,
          startedAt: startedAt / 1000,
        };
        return text(exposition(agentMetrics({ nodeName, version, process: own }, await figures.sample())));
      },
    ],
  ];
}
