import { expect, test } from 'vitest';
import { parseAnsi } from './ansi';
import type { LogLine } from './log-line';
import { cutSpans, firstRowOf, rowsOf } from './log-rows';

const line = (number: number, text: string): LogLine => ({ number, text, source: 'web', time: '', level: 'other' });
const texts = (rows: ReturnType<typeof rowsOf>) =>
  rows.map(({ line, from, to, detail }) =>
    detail === undefined
      ? cutSpans(parseAnsi(line.text), from, to)
          .map(({ text }) => text)
          .join('')
      : detail,
  );
const layout = (columns: number | undefined, unfolded: number[] = []) => ({
  columns,
  prefixOf: () => 5,
  unfolded: new Set(unfolded),
});

test('a line that does not fit goes on in the next row, the first of which has a prefix', () => {
  expect(texts(rowsOf([line(1, 'x'.repeat(40)), line(2, 'short')], layout(20)))).toEqual([
    'x'.repeat(15),
    'x'.repeat(20),
    'x'.repeat(5),
    'short',
  ]);
});

test('Korean letters take two columns, and colour codes none', () => {
  const [first, second] = texts(rowsOf([line(1, '\u001b[31m가나다라마바사\u001b[0m아')], layout(20)));
  expect(first).toBe('가나다라마바사');
  expect(second).toBe('아');
});

test('a row keeps the colours of its part of the line', () => {
  const spans = parseAnsi('\u001b[31mred\u001b[0m plain');
  expect(cutSpans(spans, 2, 6)).toEqual([
    { text: 'd', style: 'ansi-31' },
    { text: ' pl', style: '' },
  ]);
});

test('JSON is unfolded below its line, and what only looks like it is not', () => {
  const lines = [line(1, '{"a":1,"b":"다"}'), line(2, '{not json}')];
  expect(texts(rowsOf(lines, layout(undefined, [1, 2])))).toEqual([
    '{"a":1,"b":"다"}',
    ...['{', '  "a": 1,', '  "b": "다"', '}'],
    '{not json}',
  ]);
});

test('the row of a line is found among those of all', () => {
  const rows = rowsOf([line(1, '{"a":1}'), line(2, 'x'.repeat(50)), line(3, 'end')], layout(20, [1]));
  expect([0, 1, 2].map((place) => rows[firstRowOf(rows, place)]?.line.number)).toEqual([1, 2, 3]);
});
