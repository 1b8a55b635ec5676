/** Times as engines write them: RFC 3339 with up to nine fraction digits, the last zeros left out. */

/** Negative: `a` is earlier. Empty counts as before everything. */
export function compareTimes(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [comparable(a), comparable(b)];
  return left < right ? -1 : left > right ? 1 : 0;
}

const comparable = (time: string) => time && `${time.slice(0, 19)}.${fraction(time)}`;

const fraction = (time: string) => (time[19] === '.' ? time.slice(20, -1) : '').padEnd(9, '0');

/** As metav1.Time writes it: whole seconds. */
export const toSeconds = (time: string): string => `${time.slice(0, 19)}Z`;

/** Milliseconds since 1970. */
export const toMilliseconds = (time: string): number =>
  Date.parse(`${time.slice(0, 19)}.${fraction(time).slice(0, 3)}Z`);
