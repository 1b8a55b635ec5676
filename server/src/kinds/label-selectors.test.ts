import { expect, test } from '@jest/globals';
import { FieldErrors } from '@naru/api/field-errors';
import { formatLabelSelector, printedSelector, selectorMatches, validateLabelSelector } from './label-selectors.ts';

test.each([
  [{}, true],
  [{ matchLabels: { a: '1' } }, true],
  [{ matchLabels: { a: '1', c: '1' } }, false],
  [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['1', '2'] }] }, true],
  [{ matchExpressions: [{ key: 'c', operator: 'NotIn', values: ['1'] }] }, true],
  [{ matchExpressions: [{ key: 'c', operator: 'Exists' }] }, false],
  [{ matchExpressions: [{ key: 'c', operator: 'DoesNotExist' }] }, true],
  [{ matchLabels: { constructor: 'x' } }, false],
])('%j', (selector, expected) => {
  expect(selectorMatches(selector, { a: '1', b: '' })).toBe(expected);
});

test('what is wrong is told in order', () => {
  const errors = new FieldErrors();
  validateLabelSelector(
    {
      matchLabels: { 'a b': '-' },
      matchExpressions: [{ key: 'k', operator: 'In' }, { key: '', operator: 'Exists', values: ['v'] }, { key: 'k' }],
    },
    's',
    errors,
  );
  expect(errors.list.map(({ field, reason }) => `${field} ${reason}`)).toEqual([
    's.matchLabels FieldValueInvalid',
    's.matchLabels FieldValueInvalid',
    's.matchExpressions[0].values FieldValueRequired',
    's.matchExpressions[1].values FieldValueForbidden',
    's.matchExpressions[1].key FieldValueInvalid',
    's.matchExpressions[1].key FieldValueInvalid',
    's.matchExpressions[2].operator FieldValueInvalid',
  ]);
});

test('selectors in Tables and in messages are sorted', () => {
  const matchLabels = { b: '1', a: '2' };
  const matchExpressions = [{ key: 'aa', operator: 'NotIn', values: ['y', 'x'] }];
  expect(formatLabelSelector({ matchLabels, matchExpressions })).toBe('a=2,aa notin (x,y),b=1');
  expect(formatLabelSelector(undefined)).toBe('<none>');
  expect(JSON.stringify(printedSelector({ matchLabels }))).toBe('{"matchLabels":{"a":"2","b":"1"}}');
});
