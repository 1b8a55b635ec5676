/** What the API server holds: its objects, its open watches, its version. */
// Like apiserver pkg/endpoints/metrics and pkg/storage/metrics.
import { gauge, type Metric } from '@naru/api/metrics/exposition';
import type { HttpServer } from '../server.ts';

export function serverMetrics({ api, drain }: HttpServer, gitVersion: string): Metric[] {
  const stored = api.catalog.kinds.filter(({ virtual, computed, conversion }) => !virtual && !computed && !conversion);
  return [
    gauge('apiserver_longrunning_requests', 'Gauge of all active long-running apiserver requests', drain.openWatches, {
      component: 'apiserver',
      verb: 'WATCH',
    }),
    {
      name: 'apiserver_storage_objects',
      type: 'gauge',
      help: 'Number of stored objects by resource',
      values: stored.map(({ group, plural, storagePrefix }) => ({
        labels: { resource: group ? `${plural}.${group}` : plural },
        value: api.cache.resource(storagePrefix).size,
      })),
    },
    gauge('kubernetes_build_info', 'Version of the server. The value is always 1.', 1, { git_version: gitVersion }),
  ];
}
