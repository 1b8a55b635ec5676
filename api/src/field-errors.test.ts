import { expect, test } from '@jest/globals';
import { FieldErrors, invalidValue, notSupported, required, tooMany } from './field-errors.ts';

test.each([
  ['a"b\n', '"a\\"b\\n"'],
  ['\u0001', '"\\x01"'],
  [-1, '-1'],
  [true, 'true'],
  [null, 'null'],
  [{ a: ['<b>'] }, '{"a":["\\u003cb\\u003e"]}'],
])('%j is printed as Go prints it', (value, printed) => {
  expect(invalidValue('spec', value, 'no').message).toBe(`Invalid value: ${printed}: no`);
});

test('details are only told when there are any', () => {
  expect(required('a').message).toBe('Required value');
  expect(required('a', 'b').message).toBe('Required value: b');
  expect(notSupported('a', 'x', []).message).toBe('Unsupported value: "x"');
  expect(notSupported('a', 'x', ['y', 'z']).message).toBe('Unsupported value: "x": supported values: "y", "z"');
  expect(tooMany('a', 2, 1).message).toBe('Too many: 2: must have at most 1 item');
});

test('errors stay in the order they are found', () => {
  const errors = new FieldErrors();
  errors.required('b');
  errors.invalidEach('a', 1, ['x', 'y']);
  errors.invalidUnsaid('c', 'z');
  expect(errors.list.map(({ field, message }) => `${field}: ${message}`)).toEqual([
    'b: Required value',
    'a: Invalid value: 1: x',
    'a: Invalid value: 1: y',
    'c: Invalid value: z',
  ]);
});
