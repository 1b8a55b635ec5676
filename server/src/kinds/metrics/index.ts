/** The kinds of metrics.k8s.io: what runs now uses so much. Worked out when asked for, never stored. */
// Like sigs.k8s.io/metrics-server pkg/api.
import type { AnyObject, KubeObject } from '@naru/api/object';
import { addQuantities } from '../quantities.ts';
import { defineKind, type Column, type Kind } from '../define-kind.ts';
import { nameColumn } from '../table-columns.ts';

export type Usage = Record<string, string>;

export interface NodeMetrics extends KubeObject {
  timestamp: string;
  /** Over which CPU was measured, as a Go duration. */
  window: string;
  usage: Usage;
}

export interface PodMetrics extends KubeObject {
  timestamp: string;
  window: string;
  containers: { name: string; usage: Usage }[];
}

const base = {
  group: 'metrics.k8s.io',
  version: 'v1beta1',
  verbs: ['get', 'list'],
  computed: true,
  columnsComplete: true,
} as const;

const column = (name: string, format: string, value: (object: AnyObject) => unknown): Column => ({
  name,
  type: 'string',
  format,
  value,
});

const columns = (usageOf: (object: AnyObject) => Usage): Column[] => [
  { ...nameColumn, description: 'Name of the resource' },
  column('cpu', 'quantity', (object) => usageOf(object)['cpu'] ?? '0'),
  column('memory', 'quantity', (object) => usageOf(object)['memory'] ?? '0'),
  column('Window', 'duration', ({ window }) => window ?? ''),
];

const nodeMetrics = defineKind({
  ...base,
  kind: 'NodeMetrics',
  plural: 'nodes',
  listKind: 'NodeMetricsList',
  scope: 'Cluster',
  storagePrefix: 'metrics.k8s.io/nodes',
  schema: 'k8s.io.metrics.pkg.apis.metrics.v1beta1.NodeMetrics',
  columns: columns((object) => (object as unknown as Partial<NodeMetrics>).usage ?? {}),
});

const podMetrics = defineKind({
  ...base,
  kind: 'PodMetrics',
  plural: 'pods',
  listKind: 'PodMetricsList',
  storagePrefix: 'metrics.k8s.io/pods',
  schema: 'k8s.io.metrics.pkg.apis.metrics.v1beta1.PodMetrics',
  columns: columns((object) => sumOf((object as unknown as Partial<PodMetrics>).containers ?? [])),
});

function sumOf(containers: PodMetrics['containers']): Usage {
  const sum: Usage = {};
  for (const { usage } of containers)
    for (const [name, amount] of Object.entries(usage)) sum[name] = addQuantities(sum[name] ?? '0', amount);
  return sum;
}

export const metrics: readonly Kind[] = [nodeMetrics, podMetrics];
