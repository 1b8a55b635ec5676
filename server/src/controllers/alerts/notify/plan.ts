/** Whom to tell what, and when: pure. Alerts of one app are told together, once, again after hours, and when they are over. */
import type { Alert } from '../alert.ts';
import { isAtLeast, type Severity } from '../rule.ts';
import { timeOf } from '../views/pod.ts';

const minute = 60_000;
/** Troubles of one cause come together. */
const groupWait = 10_000;
const groupInterval = 5 * minute;
const repeatAfter = { critical: 60 * minute, warning: 4 * 60 * minute, info: Infinity };

/** Keys of status.notified. */
export const toldFiring = 'webhook';
export const toldResolved = 'webhook.resolved';

export interface Plan {
  readonly firing: readonly Alert[];
  readonly resolved: readonly Alert[];
  /** Milliseconds until there may be more to tell; undefined: nothing is waiting. */
  readonly after: number | undefined;
}

interface Due {
  readonly alert: Alert;
  readonly sort: 'firing' | 'resolved';
  readonly at: number;
}

/** `alerts`: all of one group. `now` in milliseconds since 1970. */
export function plan(alerts: readonly Alert[], minimumSeverity: Severity, now: number): Plan {
  const lastTold = Math.max(-Infinity, ...alerts.flatMap(tellings));
  const waiting = alerts.flatMap((alert) => dueOf(alert, minimumSeverity, lastTold, now) ?? []);
  // When one is told, all are that have been true for long enough: one message, not two.
  const isTime = waiting.some(({ at }) => at <= now);
  const told = isTime ? waiting.filter(({ at, alert }) => at <= now || isFresh(alert)) : [];
  const later = waiting.filter((due) => !told.includes(due)).map(({ at }) => at - now);
  const of = (sort: Due['sort']) => told.filter((due) => due.sort === sort).map(({ alert }) => alert);
  return { firing: of('firing'), resolved: of('resolved'), after: later.length ? Math.min(...later) : undefined };
}

const noted = ({ status }: Alert, key: string) => {
  const { notified = {} } = status ?? {};
  return Object.hasOwn(notified, key) ? timeOf(notified[key]) : undefined;
};

const tellings = (alert: Alert): number[] =>
  [noted(alert, toldFiring), noted(alert, toldResolved)].filter((time) => time !== undefined);

/** Not told of since it fired. */
function isFresh(alert: Alert): boolean {
  const fired = timeOf(alert.status?.firedAt) ?? 0;
  return alert.status?.state !== 'resolved' && (noted(alert, toldFiring) ?? -Infinity) < fired;
}

function dueOf(alert: Alert, minimumSeverity: Severity, lastTold: number, now: number): Due | undefined {
  const { spec, status = {} } = alert;
  const silenced = timeOf(status.silencedUntil) ?? 0;
  const told = noted(alert, toldFiring);
  const settled = (since: number) => Math.max(since + groupWait, lastTold + groupInterval, silenced);
  if (status.state === 'resolved') {
    const over = timeOf(status.resolvedAt) ?? 0;
    const isDue = told !== undefined && (noted(alert, toldResolved) ?? -Infinity) < told && silenced <= now;
    return isDue ? { alert, sort: 'resolved', at: over + groupWait } : undefined;
  }
  const isOpen = status.state === 'firing' || status.state === 'recovering';
  if (!isOpen || !isAtLeast(spec.severity, minimumSeverity) || status.causes?.length) return undefined;
  if (isFresh(alert)) return { alert, sort: 'firing', at: settled(timeOf(status.firedAt) ?? now) };
  if (status.acknowledged || status.state === 'recovering' || told === undefined) return undefined;
  const at = told + repeatAfter[spec.severity];
  return Number.isFinite(at) ? { alert, sort: 'firing', at: Math.max(at, silenced) } : undefined;
}
