import { expect, test } from '@jest/globals';
import {
  addQuantities,
  canonicalQuantity,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantityMilliValue,
  quantityValue,
  roundQuantityUp,
} from './quantity.ts';

test.each([
  ['0.1', '100m'],
  ['1024Mi', '1Gi'],
  ['1000m', '1'],
  ['1.5Gi', '1536Mi'],
  ['2.5', '2500m'],
  ['1000k', '1M'],
  ['1e3', '1e3'],
  ['1E3', '1E3'],
  ['1e-3', '1e-3'],
  ['0.0001', '100u'],
  ['128974848', '128974848'],
  ['0.5Ki', '512'],
  ['0.1Ki', '102400m'],
  ['5.', '5.'],
  ['.5', '500m'],
  ['1.500', '1.500'],
  ['+5', '+5'],
  ['05', '05'],
  ['0.25', '250m'],
  ['1.23456789', '1234567890n'],
  ['0.0000000001', '1n'],
  ['12345678901234567890', '12345678901234567890'],
  ['9223372036854775808', '9223372036854775808'],
  ['1e30', '1e30'],
  ['8Ei', '9223372036854775807'],
  ['-1.5Gi', '-1536Mi'],
  [' 1 ', '1'],
  ['0', '0'],
  ['0.0', '0'],
  ['.', '0'],
])('%s is written %s', (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical);
});

test.each(['', 'abc', '0x1', '1Gib', '1 Gi', '1_000', '1..2', '1'.repeat(5000)])('%s is no quantity', (text) => {
  expect(() => canonicalQuantity(text)).toThrow('quantities must match the regular expression');
});

test.each(['1K', '1mi', '--1', '1e', '1ee3', '1e99999999'])('%s has no known suffix', (text) => {
  expect(() => canonicalQuantity(text)).toThrow("unable to parse quantity's suffix");
});

test('sums keep the format of the first that is not zero', () => {
  const sum = (a: string, b: string) => formatQuantity(addQuantities(parseQuantity(a), parseQuantity(b)));
  expect(sum('1Gi', '512Mi')).toBe('1536Mi');
  expect(sum('0', '512Mi')).toBe('512Mi');
  expect(sum('100m', '0.9')).toBe('1');
});

test('comparison and values round as upstream does', () => {
  expect(compareQuantities(parseQuantity('1Gi'), parseQuantity('1G'))).toBeGreaterThan(0);
  expect(compareQuantities(parseQuantity('-1'), parseQuantity('0'))).toBeLessThan(0);
  expect(compareQuantities(parseQuantity('1e3'), parseQuantity('1k'))).toBe(0);
  expect(quantityValue(parseQuantity('1100m'))).toBe(2);
  expect(quantityMilliValue(parseQuantity('1n'))).toBe(1);
  expect(formatQuantity(roundQuantityUp(parseQuantity('0.0001'), -3))).toBe('1m');
});
