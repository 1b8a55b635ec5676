/** /metrics, for Prometheus: what the process and the API are doing, under upstream's names where upstream has one. */
import { exposition, expositionType, type Metric } from '@naru/api/metrics/exposition';
import type { Exchange } from '../exchange.ts';
import { send } from '../write-response.ts';
import type { Page } from './page.ts';

export type MetricSource = () => readonly Metric[];

export class Metrics {
  readonly #sources: MetricSource[];

  constructor(...sources: MetricSource[]) {
    this.#sources = sources;
  }

  /** What is told from now on, too. */
  add(source: MetricSource): void {
    this.#sources.push(source);
  }

  readonly page: Page = async (exchange: Exchange) => {
    const text = exposition(this.#sources.flatMap((source) => source()));
    await send(exchange, 200, expositionType, Buffer.from(text));
  };
}
