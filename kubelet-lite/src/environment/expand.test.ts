import { expect, test } from '@jest/globals';
import { expand, expandStrictly } from './expand.ts';

const values = new Map([
  ['A', 'one'],
  ['B', '<$(A)>'],
  ['', 'nothing'],
]);
const lookup = (name: string) => (name === '' ? undefined : values.get(name));

test.each([
  ['$(A)', 'one'],
  ['$$(A)', '$(A)'],
  ['$$$(A)', '$one'],
  ['$(NONE)', '$(NONE)'],
  ['x$(B)y', 'x<$(A)>y'],
  ['$A', '$A'],
  ['$(A', '$(A'],
  ['$()', '$()'],
  ['a$', 'a$'],
  ['$(A)$(A)', 'oneone'],
  ['$(__proto__)', '$(__proto__)'],
])('%s becomes %s', (input, output) => expect(expand(input, lookup)).toBe(output));

test('a missing name is an error where a path is made', () => {
  expect(() => expandStrictly('a-$(X)-$(Y)', lookup)).toThrow('missing value for X');
  expect(expandStrictly('a-$(A)', lookup)).toBe('a-one');
});

test('long input is linear', () => {
  const input = '$('.repeat(100_000);
  expect(expand(input, lookup)).toBe(input);
});
