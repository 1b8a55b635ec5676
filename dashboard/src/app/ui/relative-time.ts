/** "3 min ago" in a language; pure. */
const units: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

/** The distance of two times in milliseconds, in the largest unit that fits; a dash for no time. */
export function relativeTime(time: number, now: number, language: string): string {
  if (Number.isNaN(time)) return '–';
  const distance = Math.min(time - now, 0);
  const [unit, length] = units.find(([, size]) => -distance >= size) ?? (['second', 1000] as const);
  const format = new Intl.RelativeTimeFormat(language, {
    style: 'short',
    numeric: unit === 'second' ? 'auto' : 'always',
  });
  return format.format(Math.ceil(distance / length), unit);
}

/** A clock time with seconds, for "data from 14:02:11". */
export function clockTime(time: number, language: string): string {
  return new Intl.DateTimeFormat(language, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hour12: false,
  }).format(time);
}
