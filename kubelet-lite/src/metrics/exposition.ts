/** Figures in the text that Prometheus reads. */
// The format: https://prometheus.io/docs/instrumenting/exposition_formats

export interface Metric {
  name: string;
  type: 'counter' | 'gauge';
  help: string;
  values: readonly { labels?: Record<string, string>; value: number; time?: number }[];
}

export const expositionType = 'text/plain; version=0.0.4; charset=utf-8';

/** Metrics without a value are left out. `time` in milliseconds since 1970. */
export const exposition = (metrics: readonly Metric[]): string =>
  metrics
    .filter(({ values }) => values.length > 0)
    .map(({ name, type, help, values }) => {
      const lines = values.map(
        ({ labels, value, time }) => `${name}${labelsText(labels)} ${value}${time === undefined ? '' : ` ${time}`}`,
      );
      return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
    })
    .join('');

function labelsText(labels: Record<string, string> | undefined): string {
  if (!labels) return '';
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return `{${pairs.join(',')}}`;
}

const escaped = (value: string): string => value.replace(/[\\"\n]/g, (one) => (one === '\n' ? '\\n' : `\\${one}`));
