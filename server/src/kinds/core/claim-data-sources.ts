/** What a new volume is filled from: said in two fields, of which the older knows only claims and snapshots. */
// Like NormalizeDataSources and EnforceDataSourceBackwardsCompatibility of pkg/api/persistentvolumeclaim.
import type { ClaimSpec } from './claim-spec.ts';

/** Drops sources that the older field never had, and those in other namespaces, which v1.36 leaves to a feature gate. Changes `spec`; `old` is absent at creation. */
export function dropForeignDataSource(spec: ClaimSpec, old?: ClaimSpec): void {
  if (spec.dataSourceRef?.namespace && !old?.dataSourceRef) delete spec.dataSourceRef;
  if (old?.dataSource || old?.dataSourceRef || spec.dataSourceRef) return;
  const { kind, apiGroup } = spec.dataSource ?? {};
  const isKnown =
    (kind === 'PersistentVolumeClaim' && !apiGroup) ||
    (kind === 'VolumeSnapshot' && apiGroup === 'snapshot.storage.k8s.io');
  if (!isKnown) delete spec.dataSource;
}

/** What is said in one field only is said in both. Changes `spec`. */
export function syncDataSources(spec: ClaimSpec): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource && !dataSourceRef) spec.dataSourceRef = { ...dataSource };
  else if (dataSourceRef && !dataSource && !dataSourceRef.namespace) {
    const { namespace: _namespace, ...source } = dataSourceRef;
    spec.dataSource = source;
  }
}
