/** The Alert object as its writer and its readers know it. */
import type { ResourceRef } from '@naru/api/client/client';
import type { KubeObject } from '@naru/api/object';
import type { Subject } from './fingerprint.ts';
import type { Severity } from './rule.ts';

export const alerts: ResourceRef = Object.freeze({
  group: 'naru.dev',
  version: 'v1',
  kind: 'Alert',
  plural: 'alerts',
  scope: 'Namespaced',
});

/** What belongs to the whole cluster has its alerts here. */
export const clusterNamespace = 'kube-system';
export const fingerprintLabel = 'naru.dev/fingerprint';

export interface AlertReference {
  rule: string;
  subject: Subject;
  namespace?: string;
  name?: string;
}

export interface EvidenceEvent {
  reason?: string;
  message?: string;
  count?: number;
  time?: string;
}

export interface Evidence {
  logs?: string[];
  events?: EvidenceEvent[];
}

export interface AlertFix {
  code: string;
  params?: Record<string, string>;
}

export interface AlertStatus {
  state?: 'pending' | 'firing' | 'recovering' | 'resolved';
  startedAt?: string;
  firedAt?: string;
  resolvedAt?: string;
  lastEvaluated?: string;
  acknowledged?: { by: string; at?: string; note?: string };
  silencedUntil?: string;
  causes?: AlertReference[];
  consequences?: AlertReference[];
  instances?: string[];
  evidence?: Evidence;
  notified?: Record<string, string>;
  timesFired?: number;
  stale?: boolean;
  /** In English, for those who read it with kubectl. */
  message?: string;
  fixes?: AlertFix[];
  clearedAt?: string;
}

export interface Alert extends KubeObject {
  spec: { rule: string; severity: Severity; subject: Subject; params?: Record<string, string> };
  status?: AlertStatus;
}
