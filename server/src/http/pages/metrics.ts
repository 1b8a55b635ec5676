/** /metrics, for Prometheus: what the process and the API are doing, under upstream's names where upstream has one. */
import { Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Exchange } from '../exchange.ts';
import type { HttpServer } from '../server.ts';
import { send } from '../write-response.ts';
import type { Page } from './page.ts';

export class Metrics {
  readonly registry = new Registry();
  readonly #durations: Histogram;

  constructor(openWatches: () => number) {
    collectDefaultMetrics({ register: this.registry });
    this.#durations = new Histogram({
      name: 'apiserver_request_duration_seconds',
      help: 'Time from request to answer, by verb, resource and code.',
      labelNames: ['verb', 'group', 'resource', 'code'],
      buckets: [0.001, 0.005, 0.025, 0.1, 0.5, 1, 5, 30],
      registers: [this.registry],
    });
    const gauge: Gauge = new Gauge({
      name: 'apiserver_longrunning_requests',
      help: 'Watches that are open.',
      registers: [this.registry],
      collect: () => gauge.set(openWatches()),
    });
  }

  /** Counts a request that has been answered. */
  observe({ info, response }: Exchange, seconds: number): void {
    if (!info?.isResource) return;
    const { verb, group, resource } = info;
    this.#durations.observe({ verb, group, resource, code: response.statusCode }, seconds);
  }

  readonly page: Page = async (exchange: Exchange, _server: HttpServer) => {
    await send(exchange, 200, this.registry.contentType, Buffer.from(await this.registry.metrics()));
  };
}
