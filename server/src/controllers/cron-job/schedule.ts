/** When a CronJob is due. */
// Like robfig/cron as upstream uses it, on croner: five fields, names such as @daily, or @every with a duration.
import { Cron } from 'croner';

export interface Schedule {
  /** The first time after `time`; both in milliseconds since 1970. Undefined: never. */
  next(time: number): number | undefined;
}

const longestSchedule = 256;
const units: Record<string, number> = { h: 3_600_000, m: 60_000, s: 1000, ms: 1 };

function every(duration: string): Schedule {
  const parts = [...duration.matchAll(/([0-9]+(?:\.[0-9]+)?)(h|ms|m|s)/g)];
  const step = parts.reduce((sum, [, number, unit = '']) => sum + Number(number) * (units[unit] ?? 0), 0);
  if (step <= 0 || parts.map(([part]) => part).join('') !== duration)
    throw new Error(`failed to parse duration @every ${duration}`);
  const seconds = Math.max(1, Math.floor(step / 1000));
  return { next: (time) => (Math.floor(time / 1000) + seconds) * 1000 };
}

/** Throws Error when the text or the zone means nothing. */
export function parseSchedule(text: string, timeZone = 'Etc/UTC'): Schedule {
  if (text.length > longestSchedule) throw new Error('schedule too long');
  if (text.startsWith('@every ')) return every(text.slice('@every '.length));
  const cron = new Cron(text.replaceAll('?', '*'), { timezone: timeZone, mode: '5-part', paused: true });
  return { next: (time) => cron.nextRun(new Date(time))?.getTime() };
}

export interface Due {
  /** The last time that has passed, if any. */
  due: number | undefined;
  /** More than a hundred times were missed. */
  tooMany: boolean;
}

const most = 100;

/** The latest time after `since` and not after `now`. */
// Like mostRecentScheduleTime.
export function lastDue(schedule: Schedule, since: number, now: number): Due {
  const first = schedule.next(since);
  if (first === undefined || first > now) return { due: undefined, tooMany: false };
  const second = schedule.next(first);
  if (second === undefined || second > now) return { due: first, tooMany: false };
  const step = Math.max(1000, second - first);
  const missed = Math.floor((now - first) / step) + 1;
  // Start close to now: going through years of minutes one by one would take long.
  let due = first;
  for (
    let time = schedule.next(Math.max(since, now - 2 * step));
    time !== undefined && time <= now;
    time = schedule.next(time)
  ) {
    due = time;
  }
  // Steps are not always alike: look further back before settling for the first.
  for (let back = 4 * step; due === first && back < now - first; back *= 2) {
    for (let time = schedule.next(now - back); time !== undefined && time <= now; time = schedule.next(time))
      due = time;
  }
  return { due, tooMany: missed > most };
}
