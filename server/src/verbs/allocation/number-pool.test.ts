import { expect, test } from '@jest/globals';
import { pickFree, reservedAddresses, reservedPorts } from './number-pool.ts';

test('numbers are taken from the upper part until it is full, then from the reserved one, then from none', () => {
  const taken = new Set<number>();
  const pick = () => {
    const number = pickFree({ size: 8, reserved: 3, below: () => 1, isTaken: (candidate) => taken.has(candidate) });
    if (number !== undefined) taken.add(number);
    return number;
  };
  expect(Array.from({ length: 9 }, pick)).toEqual([4, 5, 6, 7, 3, 1, 2, 0, undefined]);
});

test('what is kept for those who ask follows the size of the range', () => {
  expect([reservedAddresses(8), reservedAddresses(254), reservedAddresses(65534)]).toEqual([0, 16, 256]);
  expect([reservedPorts(8), reservedPorts(2768), reservedPorts(60000)]).toEqual([0, 86, 128]);
});
