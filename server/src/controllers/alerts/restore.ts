/** The alerts that an earlier run left open, as the engine keeps them. */
import { clusterNamespace, fingerprintLabel, type Alert } from './alert.ts';
import type { Entry } from './entry.ts';
import { ruleNamed } from './rules/index.ts';
import { appKey, autoscalerKey, machineKey, reportKey, type Key } from './subjects.ts';
import { timeOf } from './views/pod.ts';

export const restore = (alerts: readonly Alert[]): Entry[] => alerts.flatMap((alert) => entryOf(alert) ?? []);

/** Undefined for what is over, and for rules that are no more. */
function entryOf({ metadata, spec, status }: Alert): Entry | undefined {
  const fingerprint = metadata.labels?.[fingerprintLabel];
  const rule = ruleNamed(spec.rule, spec.severity);
  if (!fingerprint || !rule || status?.state === 'resolved') return undefined;
  const namespace = metadata.namespace ?? clusterNamespace;
  const created = timeOf(metadata.creationTimestamp) ?? 0;
  return {
    fingerprint,
    rule,
    namespace,
    key: keyOf(spec.subject.kind, namespace, spec.subject.name, spec.rule),
    subject: spec.subject,
    objectName: metadata.name ?? '',
    state: {
      phase: 'firing',
      severity: spec.severity,
      params: spec.params ?? {},
      instances: status?.instances ?? [],
      startedAt: timeOf(status?.startedAt) ?? created,
      firedAt: timeOf(status?.firedAt) ?? created,
      timesFired: status?.timesFired ?? 1,
    },
    consequences: new Map(),
    causes: status?.causes ?? [],
  };
}

function keyOf(kind: string, namespace: string, name: string, rule: string): Key {
  if (rule === 'NotifyFailed') return reportKey(namespace, name);
  if (kind === 'Node') return machineKey(name);
  if (kind === 'HorizontalPodAutoscaler') return autoscalerKey(namespace, name);
  return appKey({ kind, namespace, name });
}
