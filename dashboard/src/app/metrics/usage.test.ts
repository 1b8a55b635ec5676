import { expect, test } from 'vitest';
import { type Usage, countOf, forecastOf, latestOf, sumOf, timesOf, utilizationOf } from './usage';

const usage = (name: string, cpu: (number | null)[]): Usage => ({
  metadata: { name },
  start: '1970-01-01T00:01:00Z',
  stepSeconds: 15,
  cpu,
  memory: cpu,
});
const items = [usage('a', [null, 0.1, 0.2]), usage('b', [null, null, 0.3])];

test('items are added up place by place, and a gap stays a gap', () => {
  expect(timesOf(items)).toEqual([60, 75, 90]);
  expect(sumOf(items, 'cpu')).toEqual([null, 0.1, 0.5]);
  expect(sumOf(items, 'networkSent')).toEqual([null, null, null]);
  expect(countOf(items)).toEqual([null, 1, 2]);
});

test('an old figure is not the present one', () => {
  expect(latestOf([1, 2, null])).toBe(2);
  expect(latestOf([1, null, null, null])).toBeUndefined();
  expect(latestOf([])).toBeUndefined();
});

test('utilization is per cent of what the instances of that moment reserve', () => {
  expect(utilizationOf([null, 0.1, 0.5], [null, 1, 2], 0.5)).toEqual([null, 20, 50]);
  expect(utilizationOf([0.1], [1], 0)).toEqual([null]);
});

test('a forecast keeps within the limits, and says nothing without measurements', () => {
  const limits = { requestedEach: 0.1, target: 50, minimum: 2, maximum: 5 };
  expect(forecastOf([0.01, 0.15, 0.2, 9], limits)).toEqual({ low: 2, high: 4 });
  expect(forecastOf([0.05, 0.05], { ...limits, minimum: 1 })).toEqual({ low: 1, high: 1 });
  expect(forecastOf([null], limits)).toBeUndefined();
  expect(forecastOf([0.1], { ...limits, requestedEach: NaN })).toBeUndefined();
});
