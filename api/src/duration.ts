/** Go's duration strings: `1h30m`, `1.5s`, `100ms`. */
import { TimeError } from './time.ts';

const units = new Map<string, bigint>([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const limit = 2n ** 63n;
const invalid = (text: string) => new TimeError(`time: invalid duration ${JSON.stringify(text)}`);

/** Nanoseconds. Throws TimeError with Go's text. */
// Like time.ParseDuration.
export function parseDuration(text: string): bigint {
  if (text.length > 200) throw invalid(text);
  const negative = text[0] === '-';
  const unsigned = negative || text[0] === '+' ? text.slice(1) : text;
  if (unsigned === '0') return 0n;
  if (unsigned === '') throw invalid(text);
  let total = 0n;
  let position = 0;
  const part = /(\d*)(?:\.(\d*))?([^\d.]*)/y;
  while (position < unsigned.length) {
    part.lastIndex = position;
    const [all, whole = '', fraction = '', unit = ''] = part.exec(unsigned)!;
    if (whole === '' && fraction === '') throw invalid(text);
    if (unit === '') throw new TimeError(`time: missing unit in duration ${JSON.stringify(text)}`);
    const size = units.get(unit);
    if (size === undefined) {
      throw new TimeError(`time: unknown unit ${JSON.stringify(unit)} in duration ${JSON.stringify(text)}`);
    }
    total += BigInt(whole || '0') * size + (BigInt(fraction || '0') * size) / 10n ** BigInt(fraction.length);
    if (total > limit || (total === limit && !negative)) throw invalid(text);
    position += all.length;
  }
  return negative ? -total : total;
}

/** As Go prints a duration: `1h30m0s`, `1.5s`, `0s`. */
// Like Duration.String.
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s';
  const sign = nanoseconds < 0n ? '-' : '';
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds;
  if (size < 1_000n) return `${sign}${size}ns`;
  if (size < 1_000_000n) return `${sign}${decimal(size, 3)}µs`;
  if (size < 1_000_000_000n) return `${sign}${decimal(size, 6)}ms`;
  const seconds = size / 1_000_000_000n;
  const [hours, minutes] = [seconds / 3600n, (seconds / 60n) % 60n];
  const rest = `${decimal(size % 60_000_000_000n, 9)}s`;
  if (hours > 0n) return `${sign}${hours}h${minutes}m${rest}`;
  return minutes > 0n ? `${sign}${minutes}m${rest}` : `${sign}${rest}`;
}

/** `value / 10^places` without trailing zeros. */
function decimal(value: bigint, places: number): string {
  const divisor = 10n ** BigInt(places);
  const fraction = String(value % divisor)
    .padStart(places, '0')
    .replace(/0+$/, '');
  return `${value / divisor}${fraction && `.${fraction}`}`;
}
