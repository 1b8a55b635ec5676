/** Counts requests and how long they take. */
// Like apiserver pkg/endpoints/metrics.
import type { Labels, Metric, MetricValue } from '@naru/api/metrics/exposition';
import type { Exchange } from './exchange.ts';
import type { RequestInfo } from './request-info.ts';

/** Seconds. */
const bounds = [0.005, 0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1, 1.25, 1.5, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60];

const verbNames = new Map([
  ['create', 'POST'],
  ['update', 'PUT'],
]);
const readOnly = new Set(['get', 'list', 'watch', 'head']);

interface Counted {
  readonly labels: Labels;
  count: number;
}

interface Durations extends Counted {
  seconds: number;
  /** Of requests that took no longer than each bound but longer than the one before. */
  readonly within: Float64Array;
}

export interface RequestMeterOptions {
  /** Whether the API has the resource: what anybody may make up must not become a label. */
  isKnown(info: RequestInfo): boolean;
  /** Milliseconds since some moment. */
  elapsed(): number;
}

export class RequestMeter {
  readonly #options: RequestMeterOptions;
  readonly #totals = new Map<string, Counted>();
  readonly #durations = new Map<string, Durations>();
  readonly #inFlight = { readOnly: 0, mutating: 0 };

  constructor(options: RequestMeterOptions) {
    this.#options = options;
  }

  /** Counts the request once it is answered, or given up. */
  follow(exchange: Exchange): void {
    const { elapsed } = this.#options;
    const start = elapsed();
    const kind = exchange.method === 'GET' || exchange.method === 'HEAD' ? 'readOnly' : 'mutating';
    this.#inFlight[kind]++;
    exchange.response.once('close', () => {
      this.#inFlight[kind]--;
      this.#count(exchange, (elapsed() - start) / 1000);
    });
  }

  metrics(): Metric[] {
    const inFlight = Object.entries(this.#inFlight).map(([kind, value]) => ({ labels: { request_kind: kind }, value }));
    return [
      {
        name: 'apiserver_request_total',
        type: 'counter',
        help: 'Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.',
        values: [...this.#totals.values()].map(({ labels, count }) => ({ labels, value: count })),
      },
      {
        name: 'apiserver_request_duration_seconds',
        type: 'histogram',
        help: 'Response latency distribution in seconds for each verb, dry run value, group, version, resource, subresource, scope and component.',
        values: [...this.#durations.values()].flatMap(histogramValues),
      },
      {
        name: 'apiserver_current_inflight_requests',
        type: 'gauge',
        help: 'Number of requests that are being answered now, watches among them.',
        values: inFlight,
      },
    ];
  }

  #count(exchange: Exchange, seconds: number): void {
    const { info, response, query } = exchange;
    if (!info?.isResource || !this.#options.isKnown(info)) return;
    const { verb, group, version, resource, subresource } = info;
    const dryRun = !readOnly.has(verb) && query.has('dryRun') ? 'All' : '';
    const scope = info.name ? 'resource' : info.namespace ? 'namespace' : 'cluster';
    const key = `${verb}/${group}/${version}/${resource}/${subresource}/${scope}/${dryRun}`;
    let durations = this.#durations.get(key);
    if (!durations) {
      const name = verbNames.get(verb) ?? verb.toUpperCase();
      const labels = {
        component: 'apiserver',
        dry_run: dryRun,
        group,
        resource,
        scope,
        subresource,
        verb: name,
        version,
      };
      durations = { labels, count: 0, seconds: 0, within: new Float64Array(bounds.length) };
      this.#durations.set(key, durations);
    }
    durations.count++;
    durations.seconds += seconds;
    const at = bounds.findIndex((bound) => seconds <= bound);
    if (at >= 0) durations.within[at] = (durations.within[at] ?? 0) + 1;
    const code = String(response.statusCode);
    const total = this.#totals.get(`${key}/${code}`);
    if (total) total.count++;
    else this.#totals.set(`${key}/${code}`, { labels: { code, ...durations.labels }, count: 1 });
  }
}

function histogramValues({ labels, count, seconds, within }: Durations): MetricValue[] {
  let sum = 0;
  return [
    ...bounds.map((bound, index): MetricValue => ({
      suffix: '_bucket',
      labels: { ...labels, le: String(bound) },
      value: (sum += within[index] ?? 0),
    })),
    { suffix: '_bucket', labels: { ...labels, le: '+Inf' }, value: count },
    { suffix: '_sum', labels, value: seconds },
    { suffix: '_count', labels, value: count },
  ];
}
