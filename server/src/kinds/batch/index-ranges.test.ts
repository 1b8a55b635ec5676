import { expect, test } from '@jest/globals';
import { commonIndex, countIndexes, parseIndexRanges } from './index-ranges.ts';

test.each([
  ['', []],
  [
    '0,2-4',
    [
      [0, 0],
      [2, 4],
    ],
  ],
  ['5', 'too large index: "5"'],
  ['x', 'cannot convert string to integer for index: "x"'],
  ['1,1', 'non-increasing order, previous: 1, current: 1'],
  ['3-2', 'non-increasing order, previous: 3, current: 2'],
  [
    '1-2-3',
    'the fragment "1-2-3" violates the requirement that an index interval can have at most two parts separated by \'-\'',
  ],
])('%j', (text, expected) => {
  expect(parseIndexRanges(text, 5)).toEqual(expected);
});

test('ranges are counted and compared', () => {
  expect(
    countIndexes([
      [0, 0],
      [2, 4],
    ]),
  ).toBe(4);
  expect(
    commonIndex(
      [
        [0, 1],
        [5, 9],
      ],
      [
        [2, 4],
        [8, 8],
      ],
    ),
  ).toBe(8);
  expect(commonIndex([[0, 1]], [[2, 4]])).toBeUndefined();
});
