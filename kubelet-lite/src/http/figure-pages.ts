/** The kubelet's pages of figures: /stats/summary, /metrics/resource and /metrics. */
import type { Clock } from '@naru/api/clock';
import { ownUsage } from '@naru/api/metrics/process-metrics';
import { agentMetrics } from '../metrics/agent-metrics.ts';
import { exposition, expositionType } from '@naru/api/metrics/exposition';
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
        const own = ownUsage(startedAt);
        return text(exposition(agentMetrics({ nodeName, version, own }, await figures.sample())));
      },
    ],
  ];
}
