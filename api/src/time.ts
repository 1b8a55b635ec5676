/** Times and durations as Go reads and writes them: RFC 3339, with upstream's error texts. */
// Like time.Parse and time.ParseDuration of Go, and metav1.Time, MicroTime and Duration.

const timeLayout = '2006-01-02T15:04:05Z07:00';
const microTimeLayout = '2006-01-02T15:04:05.000000Z07:00';

/** A text that is no time or duration; the message is Go's. */
export class TimeError extends Error {
  override name = 'TimeError';
}

/** Go's strconv.Quote, near enough for texts that could not be parsed. */
const quote = (text: string) => JSON.stringify(text);

interface Reader {
  readonly text: string;
  readonly layout: string;
  rest: string;
}

const bad = ({ text, layout }: Reader, rest: string, element: string) =>
  new TimeError(`parsing time ${quote(text)} as ${quote(layout)}: cannot parse ${quote(rest)} as ${quote(element)}`);

const outOfRange = ({ text }: Reader, what: string) =>
  new TimeError(`parsing time ${quote(text)}: ${what} out of range`);

const isDigit = (text: string, index: number) => {
  const code = text.charCodeAt(index);
  return code >= 48 && code <= 57;
};

function literal(reader: Reader, expected: string): void {
  if (!reader.rest.startsWith(expected)) throw bad(reader, reader.rest, expected);
  reader.rest = reader.rest.slice(expected.length);
}

/** One or two digits; `fixed` wants two. */
function twoDigits(reader: Reader, element: string, fixed = true): number {
  const { rest } = reader;
  if (!isDigit(rest, 0)) throw bad(reader, rest, element);
  const length = isDigit(rest, 1) ? 2 : 1;
  if (fixed && length === 1) throw bad(reader, rest, element);
  reader.rest = rest.slice(length);
  return Number(rest.slice(0, length));
}

function year(reader: Reader): number {
  const { rest } = reader;
  if (!/^\d{4}/.test(rest)) throw bad(reader, rest, '2006');
  reader.rest = rest.slice(4);
  return Number(rest.slice(0, 4));
}

/** Microseconds. `fixed`: exactly the six digits of MicroTime; otherwise any number, and more than six are cut. */
function fraction(reader: Reader, fixed: boolean): number {
  const { rest } = reader;
  if (fixed) {
    if (!/^[.,]\d{6}/.test(rest)) throw bad(reader, rest, '.000000');
    reader.rest = rest.slice(7);
    return Number(rest.slice(1, 7));
  }
  if (!(rest[0] === '.' || rest[0] === ',') || !isDigit(rest, 1)) return 0;
  let end = 2;
  while (isDigit(rest, end)) end++;
  reader.rest = rest.slice(end);
  return Number(rest.slice(1, Math.min(end, 7)).padEnd(6, '0'));
}

/** Minutes east of UTC. */
function offset(reader: Reader): number {
  const { rest } = reader;
  if (rest[0] === 'Z') {
    reader.rest = rest.slice(1);
    return 0;
  }
  const match = /^([+-])(\d\d):(\d\d)/.exec(rest);
  if (!match) throw bad(reader, rest, 'Z07:00');
  reader.rest = rest.slice(6);
  const [hours, minutes] = [Number(match[2]), Number(match[3])];
  if (hours > 24) throw outOfRange(reader, 'time zone offset hour');
  if (minutes > 60) throw outOfRange(reader, 'time zone offset minute');
  return (match[1] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

/** Day 0 of the next month is the last of this one. */
const daysIn = (yearNumber: number, month: number) => dateOf(yearNumber, month + 1, 0).getUTCDate();

/** Date.UTC would take years below 100 for those after 1900. */
function dateOf(yearNumber: number, month: number, day: number): Date {
  const date = new Date(0);
  date.setUTCFullYear(yearNumber, month - 1, day);
  return date;
}

interface Instant {
  /** Milliseconds since 1970 of the whole second. */
  milliseconds: number;
  microseconds: number;
}

function parse(text: string, layout: string): Instant {
  const reader: Reader = { text, layout, rest: text };
  const yearNumber = year(reader);
  literal(reader, '-');
  const month = twoDigits(reader, '01');
  if (month < 1 || month > 12) throw outOfRange(reader, 'month');
  literal(reader, '-');
  const day = twoDigits(reader, '02');
  literal(reader, 'T');
  const hour = twoDigits(reader, '15', false);
  if (hour > 23) throw outOfRange(reader, 'hour');
  literal(reader, ':');
  const minute = twoDigits(reader, '04');
  if (minute > 59) throw outOfRange(reader, 'minute');
  literal(reader, ':');
  const second = twoDigits(reader, '05');
  if (second > 59) throw outOfRange(reader, 'second');
  const microseconds = fraction(reader, layout === microTimeLayout);
  const minutesEast = offset(reader);
  if (reader.rest !== '') throw new TimeError(`parsing time ${quote(text)}: extra text: ${quote(reader.rest)}`);
  if (day < 1 || day > daysIn(yearNumber, month)) throw outOfRange(reader, 'day');
  const date = dateOf(yearNumber, month, day);
  date.setUTCHours(hour, minute - minutesEast, second);
  return { milliseconds: date.getTime(), microseconds };
}

/** Go's zero time, which JSON writes as null. */
export const zeroTime = '0001-01-01T00:00:00Z';
export const zeroMicroTime = '0001-01-01T00:00:00.000000Z';

/** What needs no second look: a whole second of UTC, on a day that every year has. */
const plainTime =
  /^\d{4}-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

/** Writes milliseconds since 1970 as Time does: UTC, whole seconds. */
export const formatTime = (milliseconds: number): string => `${isoOf(milliseconds).slice(0, -5)}Z`;

/** Writes milliseconds since 1970 as MicroTime does: six fraction digits. */
export const formatMicroTime = (milliseconds: number, microseconds = (milliseconds % 1000) * 1000): string =>
  `${isoOf(milliseconds).slice(0, -5)}.${String(microseconds).padStart(6, '0')}Z`;

/** Four-digit years also outside the years Date writes with four; Go writes no others. */
const isoOf = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/^[+-]\d\d(\d{4})/, '$1');

/** What upstream stores for a Time: UTC and whole seconds. Throws TimeError with Go's text. */
export function canonicalTime(text: string): string {
  if (text.length === 20 && plainTime.test(text)) return text;
  return formatTime(parse(text, timeLayout).milliseconds);
}

/** What upstream stores for a MicroTime. Throws TimeError with Go's text. */
export function canonicalMicroTime(text: string): string {
  const { milliseconds, microseconds } = parse(text, microTimeLayout);
  return formatMicroTime(milliseconds, microseconds);
}

/** Milliseconds since 1970 of a Time or MicroTime, with what fraction it has. Throws TimeError. */
export function parseTime(text: string): number {
  const { milliseconds, microseconds } = parse(text, timeLayout);
  return milliseconds + microseconds / 1000;
}
