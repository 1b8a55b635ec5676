/** Quantities as objects hold them: canonical text, compared and added. */
import {
  addQuantities as add,
  compareQuantities as compare,
  formatQuantity,
  parseQuantity,
  quantityValue as wholeValue,
  roundQuantityUp,
  scaledValue,
  subtractQuantities as subtract,
  zeroQuantity,
} from '@naru/api/quantity';

export type QuantityList = Record<string, string>;

/** Negative, zero or positive. */
export const compareQuantities = (left: string, right: string): number =>
  left === right ? 0 : compare(parseQuantity(left), parseQuantity(right));

export const addQuantities = (left: string, right: string): string =>
  formatQuantity(add(parseQuantity(left), parseQuantity(right)));

export const subtractQuantities = (left: string, right: string): string =>
  formatQuantity(subtract(parseQuantity(left), parseQuantity(right)));

export const isNegative = (quantity: string): boolean => compare(parseQuantity(quantity), zeroQuantity) < 0;
export const isPositive = (quantity: string): boolean => compare(parseQuantity(quantity), zeroQuantity) > 0;
export const isZero = (quantity: string): boolean => compare(parseQuantity(quantity), zeroQuantity) === 0;

/** Whether it is a whole number, to a thousandth. */
export const isWhole = (quantity: string): boolean => scaledValue(parseQuantity(quantity), -3) % 1000n === 0n;

/** Whole units, rounded up. */
export const quantityValue = (quantity: string): number => wholeValue(parseQuantity(quantity));

/** Thousandths, rounded up. */
export const quantityMilliValue = (quantity: string): bigint => scaledValue(parseQuantity(quantity), -3);

/** The same text unless it is finer than a thousandth. */
export function roundUpToMilli(quantity: string): string {
  if (/^[0-9]+(?:[EPTGMk]i?|Ki|m)?$/.test(quantity)) return quantity;
  return formatQuantity(roundQuantityUp(parseQuantity(quantity), -3));
}
