import { expect, test } from '@jest/globals';
import { formatLabelSelector, matchesLabels, selectorFromObject } from './label-selector.ts';
import { parseLabelSelector } from './parse-label-selector.ts';

const messageOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
};

test.each([
  ['', {}, true],
  ['a=b', { a: 'b' }, true],
  ['a==b', { a: 'c' }, false],
  ['a!=b', {}, true],
  ['a!=b', { a: 'b' }, false],
  ['a in (b,c)', { a: 'c' }, true],
  ['a in ()', { a: '' }, true],
  ['a in (,b)', { a: '' }, true],
  ['a notin (b)', {}, true],
  ['a', { a: '' }, true],
  ['!a', { a: '' }, false],
  ['a>1', { a: '2' }, true],
  ['a>1', { a: 'x' }, false],
  ['a<2', { a: '-2' }, true],
  ['a=b,a=c', { a: 'b' }, false],
  ['in in (in)', { in: 'in' }, true],
  ['constructor', {}, false],
  ['!constructor', {}, true],
])('%j on %j is %s', (text, labels, expected) => {
  expect(matchesLabels(parseLabelSelector(text), labels as Record<string, string>)).toBe(expected);
});

test.each([
  ['=x', "found '=', expected: !, identifier, or 'end of string'"],
  ['x in', "unable to parse requirement: found '' expected: '('"],
  ['x in (', "unable to parse requirement: found '', expected: ',', ')' or identifier"],
  ['x in 1', "unable to parse requirement: found '1' expected: '('"],
  ['!', "unable to parse requirement: found '', expected: identifier"],
  ['x,,y', "found ',', expected: identifier after ','"],
  ['x=bad value', "found 'value', expected: ',' or 'end of string'"],
  ['!x=1', "found '=', expected: ',' or 'end of string'"],
  ['x=1,', "found '', expected: identifier after ','"],
  ['x y', "unable to parse requirement: found 'y', expected: in, notin, =, ==, !=, gt, lt"],
  ['x in (a b)', "unable to parse requirement: found 'b', expected: ',' or ')'"],
  [
    'x>a',
    `unable to parse requirement: values[0]: Invalid value: "a": for 'Gt', 'Lt' operators, the value must be an integer`,
  ],
])('%j is refused', (text, message) => {
  expect(messageOf(() => parseLabelSelector(text))).toBe(message);
});

test('a bad value is named with its place and key', () => {
  expect(messageOf(() => parseLabelSelector(`x==${'v'.repeat(64)}`))).toBe(
    `unable to parse requirement: values[0][x]: Invalid value: "${'v'.repeat(64)}": must be no more than 63 bytes`,
  );
});

test('the object form: absent selects nothing, empty selects everything, and it has a canonical spelling', () => {
  expect(matchesLabels(selectorFromObject(undefined), {})).toBe(false);
  expect(matchesLabels(selectorFromObject({}), {})).toBe(true);
  const selector = selectorFromObject({
    matchLabels: { z: '1', b: '2' },
    matchExpressions: [
      { key: 'e', operator: 'In', values: ['y', 'x'] },
      { key: 'h', operator: 'DoesNotExist' },
      { key: 'g', operator: 'Exists' },
    ],
  });
  expect(formatLabelSelector(selector)).toBe('b=2,e in (x,y),g,!h,z=1');
  expect(parseLabelSelector(formatLabelSelector(selector))).toEqual(selector);
});
