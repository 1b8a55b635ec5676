/** The fields of an Alert this page reads. */
import type { KubernetesObject } from '../cluster/kubernetes-object';

export type AlertState = 'pending' | 'firing' | 'recovering' | 'resolved';
export type AlertSeverity = 'critical' | 'warning' | 'info';

export interface AlertSubject {
  readonly kind?: string;
  readonly name?: string;
  readonly container?: string;
}

export interface AlertLink {
  readonly rule: string;
  readonly subject?: AlertSubject;
}

/** Something that may help, by a code. */
export interface AlertFix {
  readonly code: string;
  readonly params?: Readonly<Record<string, string>>;
}

export interface Alert extends KubernetesObject {
  readonly spec: {
    readonly rule: string;
    readonly severity: AlertSeverity;
    readonly subject?: AlertSubject;
    readonly params?: Readonly<Record<string, string | number>>;
  };
  readonly status?: {
    readonly state?: AlertState;
    /** An English sentence, for who does not know the rule. */
    readonly message?: string;
    readonly startedAt?: string;
    readonly firedAt?: string;
    readonly resolvedAt?: string;
    readonly lastEvaluated?: string;
    readonly acknowledged?: { readonly by?: string; readonly at?: string };
    readonly silencedUntil?: string;
    readonly causes?: readonly AlertLink[];
    readonly consequences?: readonly AlertLink[];
    readonly instances?: readonly string[];
    /** The likeliest first. */
    readonly fixes?: readonly AlertFix[];
    readonly evidence?: {
      readonly logs?: readonly string[];
      readonly events?: readonly (string | { readonly reason?: string; readonly message?: string })[];
    };
  };
}

const order: Readonly<Record<AlertSeverity, number>> = { critical: 0, warning: 1, info: 2 };

/** Whether it is to be looked at now. */
export function isFiring(alert: Alert): boolean {
  const state = alert.status?.state;
  return state === 'firing' || state === 'recovering';
}

export function isSilenced(alert: Alert, now: number): boolean {
  return Date.parse(alert.status?.silencedUntil ?? '') > now;
}

/** Worst first, then newest. */
export function byUrgency(a: Alert, b: Alert): number {
  return (
    order[a.spec.severity] - order[b.spec.severity] ||
    (b.status?.firedAt ?? '').localeCompare(a.status?.firedAt ?? '') ||
    a.metadata.uid.localeCompare(b.metadata.uid)
  );
}
