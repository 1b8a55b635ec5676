import { expect, test } from '@jest/globals';
import { formatDuration, parseDuration } from './duration.ts';
import { canonicalMicroTime, canonicalTime, formatMicroTime, formatTime, parseTime } from './time.ts';

const layout = '"2006-01-02T15:04:05Z07:00"';

test.each([
  ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
  ['2026-01-01T02:00:00.75+02:00', '2026-01-01T00:00:00Z'],
  ['2024-02-29T23:59:59-00:30', '2024-03-01T00:29:59Z'],
  ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00Z'],
  ['0099-12-31T00:00:00Z', '0099-12-31T00:00:00Z'],
])('%s is the time %s', (text, canonical) => {
  expect(canonicalTime(text)).toBe(canonical);
});

test.each([
  ['yesterday', `parsing time "yesterday" as ${layout}: cannot parse "yesterday" as "2006"`],
  ['', `parsing time "" as ${layout}: cannot parse "" as "2006"`],
  ['2026-01-01', `parsing time "2026-01-01" as ${layout}: cannot parse "" as "T"`],
  ['2026-01-01 00:00:00Z', `parsing time "2026-01-01 00:00:00Z" as ${layout}: cannot parse " 00:00:00Z" as "T"`],
  ['2030-13-01T00:00:00Z', 'parsing time "2030-13-01T00:00:00Z": month out of range'],
  ['2030-02-30T00:00:00Z', 'parsing time "2030-02-30T00:00:00Z": day out of range'],
  ['2030-01-01T00:00Z', `parsing time "2030-01-01T00:00Z" as ${layout}: cannot parse "Z" as ":"`],
  ['2030-01-01T00:00:00ZZ', 'parsing time "2030-01-01T00:00:00ZZ": extra text: "Z"'],
])('%s is no time', (text, message) => {
  expect(() => canonicalTime(text)).toThrow(message);
});

test('micro times have six fraction digits, neither more nor fewer', () => {
  expect(canonicalMicroTime('2026-01-01T02:00:00.500000+02:00')).toBe('2026-01-01T00:00:00.500000Z');
  expect(() => canonicalMicroTime('2026-01-01T00:00:00Z')).toThrow('cannot parse "Z" as ".000000"');
  expect(() => canonicalMicroTime('2026-01-01T00:00:00.123456789Z')).toThrow('cannot parse "789Z" as "Z07:00"');
});

test('instants are written and read', () => {
  const instant = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
  expect(formatTime(instant)).toBe('2026-01-02T03:04:05Z');
  expect(formatMicroTime(instant)).toBe('2026-01-02T03:04:05.678000Z');
  expect(parseTime('2026-01-02T03:04:05.678000Z')).toBe(instant);
});

test.each([
  ['1h30m', '1h30m0s'],
  ['90s', '1m30s'],
  ['1.5s', '1.5s'],
  ['100ms', '100ms'],
  ['-1µs', '-1µs'],
  ['0', '0s'],
])('%s is the duration %s', (text, canonical) => {
  expect(formatDuration(parseDuration(text))).toBe(canonical);
});

test.each([
  ['1', 'time: missing unit in duration "1"'],
  ['x', 'time: invalid duration "x"'],
  ['1d', 'time: unknown unit "d" in duration "1d"'],
])('%s is no duration', (text, message) => {
  expect(() => parseDuration(text)).toThrow(message);
});
