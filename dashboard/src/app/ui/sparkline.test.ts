import { expect, test } from 'vitest';
import { sparkPaths } from './sparkline';

test('a gap is drawn as a gap', () => {
  expect(sparkPaths([1, 1, null, 1, 1])).toHaveLength(2);
  expect(sparkPaths([null, 1, null])).toEqual([]);
  expect(sparkPaths([])).toEqual([]);
});

test('the largest value touches the upper edge, nothing the lower one', () => {
  expect(sparkPaths([0, 2])).toEqual(['M0.0 17.0L64.0 1.0']);
  expect(sparkPaths([0, 2], 4)).toEqual(['M0.0 17.0L64.0 9.0']);
});
