import { expect, test } from '@jest/globals';
import { formatFieldSelector, matchesFields, parseFieldSelector } from './field-selector.ts';

const matches = (text: string, fields: Record<string, string>) =>
  matchesFields(parseFieldSelector(text), (field) => fields[field]);

test.each([
  ['', true],
  ['a=1', true],
  ['a==1', true],
  ['a!=1', false],
  ['a=1,', true],
  ['a=1,b=2', false],
  ['b=', true],
  ['c=x\\,y\\=z\\\\', true],
])('%j is %s', (text, expected) => {
  expect(matches(text, { a: '1', c: 'x,y=z\\' })).toBe(expected);
});

test.each([
  ['a', "invalid selector: 'a'; can't understand 'a'"],
  ['a in (b)', "invalid selector: 'a in (b)'; can't understand 'a in (b)'"],
  ['a=\\b', 'invalid field selector: invalid escape sequence: \\b'],
  ['a=\\', 'invalid field selector: invalid escape sequence: \\'],
  ['a=b=c', 'invalid field selector: unescaped character in value: 61'],
])('%j is refused', (text, message) => {
  expect(() => parseFieldSelector(text)).toThrow(message);
});

test('terms are sorted, converted, and can be written back', () => {
  const convert = (term: { field: string; operator: '=' | '!='; value: string }) => ({
    ...term,
    field: `x.${term.field}`,
  });
  const selector = parseFieldSelector('b!=c\\,d,a=1', convert);
  expect(formatFieldSelector(selector)).toBe('x.a=1,x.b!=c\\,d');
});
