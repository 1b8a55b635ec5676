/** NodeUsage and PodUsage: what was used at every moment that is remembered. Worked out when asked for, never stored. */
import type { KubeObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';

/** One value for each step; null where nothing was measured. */
export type Series = (number | null)[];

/** Cores, bytes, and bytes a second. */
export interface UsageSeries {
  cpu: Series;
  memory: Series;
  networkReceived: Series;
  networkSent: Series;
  diskRead: Series;
  diskWritten: Series;
}

export interface NodeUsage extends KubeObject, UsageSeries {
  /** RFC 3339: of the first value. */
  start: string;
  stepSeconds: number;
}

export interface PodUsage extends NodeUsage {
  containers: { name: string; cpu: Series; memory: Series }[];
}

const base = { group: 'naru.dev', verbs: ['get', 'list'], computed: true } as const;

export const nodeUsage = defineKind({
  ...base,
  kind: 'NodeUsage',
  scope: 'Cluster',
  storagePrefix: 'naru.dev/nodeusages',
  schema: 'naru.dev.v1.NodeUsage',
});

export const podUsage = defineKind({
  ...base,
  kind: 'PodUsage',
  storagePrefix: 'naru.dev/podusages',
  schema: 'naru.dev.v1.PodUsage',
});
