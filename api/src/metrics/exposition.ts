/** Figures in the text that Prometheus reads. */
// The format: https://prometheus.io/docs/instrumenting/exposition_formats

export type Labels = Readonly<Record<string, string>>;

export interface MetricValue {
  readonly labels?: Labels;
  readonly value: number;
  /** Milliseconds since 1970; absent: now. */
  readonly time?: number;
  /** Of the parts of a histogram. */
  readonly suffix?: '_bucket' | '_sum' | '_count';
}

export interface Metric {
  readonly name: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly values: readonly MetricValue[];
}

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** Metrics without a value are left out. */
export const exposition = (metrics: readonly Metric[]): string =>
  metrics
    .filter(({ values }) => values.length > 0)
    .map(({ name, type, help, values }) => {
      const lines = values.map(
        ({ labels, value, time, suffix = '' }) =>
          `${name}${suffix}${labelsText(labels)} ${value}${time === undefined ? '' : ` ${time}`}`,
      );
      return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
    })
    .join('');

/** One value, with labels or without. */
export const counter = (name: string, help: string, value: number, labels?: Labels): Metric =>
  single('counter', name, help, value, labels);
export const gauge = (name: string, help: string, value: number, labels?: Labels): Metric =>
  single('gauge', name, help, value, labels);

const single = (
  type: Metric['type'],
  name: string,
  help: string,
  value: number,
  labels: Labels | undefined,
): Metric => ({
  ...{ name, type, help },
  values: [{ value, ...(labels && { labels }) }],
});

function labelsText(labels: Labels | undefined): string {
  if (!labels) return '';
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(',')}}`;
}

const escaped = (value: string): string => value.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`));
