import { expect, test } from '@jest/globals';
import { readLook } from './look.ts';
import { MachineFigures, timeLeft } from './machine-figures.ts';

const minute = 60_000;
const gibi = 1024 ** 3;

const summary = (available: number) =>
  JSON.stringify({
    node: {
      nodeName: 'm1',
      cpu: { usageNanoCores: 500_000_000 },
      memory: { availableBytes: 3 * gibi, workingSetBytes: gibi / 2, usageBytes: gibi },
      fs: { availableBytes: available, capacityBytes: 100 * gibi },
    },
    pods: [],
  });

test('a machine is told of as it was last measured', () => {
  const figures = new MachineFigures();
  figures.keep([readLook(summary(50 * gibi), 1000)]);
  expect(figures.of('m1')).toEqual({
    at: 1000,
    cpu: { cores: 0.5 },
    memory: { total: 4 * gibi, available: 3 * gibi },
    disk: { total: 100 * gibi, available: 50 * gibi },
  });
  expect(figures.of('m2')).toBeUndefined();
  figures.forget(() => false);
  expect(figures.of('m1')).toBeUndefined();
});

test('a disk that lost 6 GiB in an hour and has 12 left is full in two', () => {
  const figures = new MachineFigures();
  for (let passed = 0; passed <= 60; passed += 5)
    figures.keep([readLook(summary((18 - passed / 10) * gibi), passed * minute)]);
  expect(figures.of('m1')?.disk?.secondsUntilFull).toBeCloseTo(7200, 0);
});

test('a short while, and a disk that does not fill, say nothing of the time left', () => {
  const sample = (minutes: number, available: number) => ({ at: minutes * minute, available });
  expect(timeLeft([sample(0, 10), sample(20, 5)], 5)).toBeUndefined();
  expect(timeLeft([sample(0, 5), sample(40, 10)], 10)).toBeUndefined();
  expect(timeLeft([], 10)).toBeUndefined();
});
