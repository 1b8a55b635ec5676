/** Whom to tell what, and when: pure. Alerts of one app are told together, once, again after hours, and when they are over. */
import type { Alert } from '../alert.ts';
import { isAtLeast, type Severity } from '../rule.ts';
import { timeOf } from '../views/pod.ts';

const minute = 60_000;
/** Troubles of one cause come together. */
const groupWait = 10_000;
const groupInterval = 5 * minute;
const repeatAfter = { critical: 60 * minute, warning: 4 * 60 * minute, info: Infinity };

/** Keys of status.notified. No channel has a slash in its name. */
export const toldFiring = (channel: string): string => channel;
export const toldResolved = (channel: string): string => `${channel}/resolved`;

export interface PlanOptions {
  /** Name of the channel. */
  readonly channel: string;
  readonly minimumSeverity: Severity;
  /** Milliseconds since 1970. */
  readonly now: number;
}

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
  /** Goes with any message to the same channel about the same app. */
  readonly isFresh: boolean;
}

/** `alerts`: all of one group. */
export function plan(alerts: readonly Alert[], options: PlanOptions): Plan {
  const { now } = options;
  const tellings = alerts.map((alert) => tellingOf(alert, options.channel));
  const lastTold = Math.max(-Infinity, ...tellings.flatMap(({ firing, resolved }) => [firing, resolved]));
  const waiting = tellings.flatMap((telling) => dueOf(telling, lastTold, options) ?? []);
  // When one is told, all are that have been true for long enough: one message, not two.
  const isTime = waiting.some(({ at }) => at <= now);
  const told = isTime ? waiting.filter(({ at, isFresh }) => at <= now || isFresh) : [];
  const later = waiting.filter((due) => !told.includes(due)).map(({ at }) => at - now);
  const of = (sort: Due['sort']) => told.filter((due) => due.sort === sort).map(({ alert }) => alert);
  return { firing: of('firing'), resolved: of('resolved'), after: later.length ? Math.min(...later) : undefined };
}

/** An alert, and when the channel was told of it; minus infinity for never. */
interface Telling {
  readonly alert: Alert;
  readonly firing: number;
  readonly resolved: number;
}

function tellingOf(alert: Alert, channel: string): Telling {
  const { notified = {} } = alert.status ?? {};
  const noted = (key: string) => (Object.hasOwn(notified, key) && timeOf(notified[key])) || -Infinity;
  return { alert, firing: noted(toldFiring(channel)), resolved: noted(toldResolved(channel)) };
}

function dueOf(telling: Telling, lastTold: number, { minimumSeverity, now }: PlanOptions): Due | undefined {
  const { alert, firing, resolved } = telling;
  const { spec, status = {} } = alert;
  const silenced = timeOf(status.silencedUntil) ?? 0;
  if (status.state === 'resolved') {
    const over = timeOf(status.resolvedAt) ?? 0;
    // An end is told to whom the beginning was told.
    if (firing <= resolved) return undefined;
    return { alert, sort: 'resolved', at: Math.max(over + groupWait, silenced), isFresh: false };
  }
  const isOpen = status.state === 'firing' || status.state === 'recovering';
  if (!isOpen || !isAtLeast(spec.severity, minimumSeverity) || status.causes?.length) return undefined;
  const fired = timeOf(status.firedAt) ?? now;
  // Not told of since it fired, or not of an end that was none.
  if (firing < fired || firing <= resolved) {
    const at = Math.max(fired + groupWait, lastTold + groupInterval, silenced);
    return { alert, sort: 'firing', at, isFresh: silenced <= now };
  }
  if (status.acknowledged || status.state === 'recovering') return undefined;
  const at = firing + repeatAfter[spec.severity];
  return Number.isFinite(at) ? { alert, sort: 'firing', at: Math.max(at, silenced), isFresh: false } : undefined;
}
