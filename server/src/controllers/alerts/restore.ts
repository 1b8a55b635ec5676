/** The alerts that an earlier run left open, as the engine keeps them. */
import { clusterNamespace, fingerprintLabel, type Alert } from './alert.ts';
import type { Entry } from './entry.ts';
import type { Fix } from './rule.ts';
import { ruleNamed } from './rules/index.ts';
import { keyOfSubject } from './subjects.ts';
import { timeOf } from './views/pod.ts';

export const restore = (alerts: readonly Alert[]): Entry[] => alerts.flatMap((alert) => entryOf(alert) ?? []);

/** Undefined for what is over, and for rules that are no more. */
function entryOf({ metadata, spec, status }: Alert): Entry | undefined {
  const fingerprint = metadata.labels?.[fingerprintLabel];
  const rule = ruleNamed(spec.rule, spec.severity);
  if (!fingerprint || !rule || status?.state === 'resolved') return undefined;
  const namespace = metadata.namespace ?? clusterNamespace;
  const clearSince = timeOf(status?.clearedAt);
  const created = timeOf(metadata.creationTimestamp) ?? 0;
  return {
    fingerprint,
    rule,
    namespace,
    key: keyOfSubject(spec.subject.kind, namespace, spec.subject.name),
    subject: spec.subject,
    objectName: metadata.name ?? '',
    state: {
      // An alert that was opened, and whose first status was never written, fires.
      phase: status?.state === 'recovering' ? 'recovering' : 'firing',
      severity: spec.severity,
      params: spec.params ?? {},
      instances: status?.instances ?? [],
      startedAt: timeOf(status?.startedAt) ?? created,
      firedAt: timeOf(status?.firedAt) ?? created,
      timesFired: status?.timesFired ?? 1,
      ...(status?.state === 'recovering' && clearSince !== undefined && { clearSince }),
      ...(status?.stale && { stale: true }),
      fixes: (status?.fixes ?? []) as Fix[],
    },
    consequences: new Map(),
    causes: status?.causes ?? [],
  };
}
