import { expect, test } from 'vitest';
import { freezeRows } from './row-freeze';

test('nobody points at it: what is current is shown', () => {
  expect(freezeRows(['a', 'b'], ['b', 'c'], false)).toEqual({ shown: ['b', 'c'], pending: 0 });
});

test('frozen rows stay and changes are counted', () => {
  expect(freezeRows(['a', 'b'], ['c', 'b', 'd'], true)).toEqual({ shown: ['a', 'b'], pending: 3 });
});

test('a new order alone is one change', () => {
  expect(freezeRows(['a', 'b', 'c'], ['c', 'a', 'b'], true)).toEqual({ shown: ['a', 'b', 'c'], pending: 1 });
});

test('an empty table has nothing to hold still', () => {
  expect(freezeRows([], ['a'], true)).toEqual({ shown: ['a'], pending: 0 });
});
