/** What is wrong with the text of a schedule. */
// Like ParseStandard of robfig/cron: five fields, a name such as @daily, or @every with a duration.
import { parseDuration } from '@naru/api/duration';
import { goQuote } from '@naru/api/go-values';
import { TimeError } from '@naru/api/time';

interface Field {
  low: number;
  high: number;
  names?: readonly string[];
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const fieldsInOrder: readonly Field[] = [
  { low: 0, high: 59 },
  { low: 0, high: 23 },
  { low: 1, high: 31 },
  { low: 1, high: 12, names: months },
  { low: 0, high: 6, names: days },
];

const descriptors = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly']);

/** Why a schedule cannot be read; undefined if it can. */
export function scheduleProblem(schedule: string): string | undefined {
  if (!schedule) return 'empty spec string';
  const zoned = /^(?:CRON_)?TZ=[^ ]* /.exec(schedule);
  const text = zoned ? schedule.slice(zoned[0].length).trim() : schedule;
  if (text.startsWith('@')) return descriptorProblem(text);
  const parts = text.split(/\s+/).filter((part) => part !== '');
  if (parts.length !== fieldsInOrder.length)
    return `expected exactly ${fieldsInOrder.length} fields, found ${parts.length}: [${parts.join(' ')}]`;
  for (const [index, field] of fieldsInOrder.entries())
    for (const expression of (parts[index] ?? '').split(',').filter((part) => part !== '')) {
      const problem = rangeProblem(expression, field);
      if (problem !== undefined) return problem;
    }
  return undefined;
}

function descriptorProblem(text: string): string | undefined {
  if (descriptors.has(text)) return undefined;
  if (!text.startsWith('@every ')) return `unrecognized descriptor: ${text}`;
  try {
    parseDuration(text.slice('@every '.length));
    return undefined;
  } catch (error) {
    if (error instanceof TimeError) return `failed to parse duration ${text}: ${error.message}`;
    throw error;
  }
}

/** `expression` is `*`, `5`, `1-5` or `mon-fri`, each with or without a step. */
function rangeProblem(expression: string, field: Field): string | undefined {
  const [range = '', step, ...moreSteps] = expression.split('/');
  const [first = '', last, ...moreParts] = range.split('-');
  const bounds = rangeBounds(first, last, moreParts.length > 0, expression, field);
  if (typeof bounds === 'string') return bounds;
  if (moreSteps.length) return `too many slashes: ${expression}`;
  const by = step === undefined ? 1 : wholeNumber(step);
  if (typeof by === 'string') return by;
  const low = bounds.low;
  const high = step !== undefined && last === undefined ? field.high : bounds.high;
  if (low < field.low) return `beginning of range (${low}) below minimum (${field.low}): ${expression}`;
  if (high > field.high) return `end of range (${high}) above maximum (${field.high}): ${expression}`;
  if (low > high) return `beginning of range (${low}) beyond end of range (${high}): ${expression}`;
  return by === 0 ? `step of range should be a positive number: ${expression}` : undefined;
}

function rangeBounds(
  first: string,
  last: string | undefined,
  hasMore: boolean,
  expression: string,
  field: Field,
): { low: number; high: number } | string {
  if (first === '*' || first === '?') return field;
  const low = numberOrName(first, field);
  if (typeof low === 'string') return low;
  if (hasMore) return `too many hyphens: ${expression}`;
  if (last === undefined) return { low, high: low };
  const high = numberOrName(last, field);
  return typeof high === 'string' ? high : { low, high };
}

function numberOrName(text: string, { low, names = [] }: Field): number | string {
  const index = names.indexOf(text.toLowerCase());
  return index < 0 ? wholeNumber(text) : index + low;
}

/** The number, or what is wrong with it. Like strconv.Atoi. */
function wholeNumber(text: string): number | string {
  if (!/^[-+]?[0-9]+$/.test(text))
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: invalid syntax`;
  const value = BigInt(text.replace('+', ''));
  if (BigInt.asIntN(64, value) !== value)
    return `failed to parse int from ${text}: strconv.Atoi: parsing ${goQuote(text)}: value out of range`;
  return value < 0n ? `negative number (${value}) not allowed: ${text}` : Number(value);
}
