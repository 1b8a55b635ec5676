/** Amounts given as a number or as a share: `3`, `"25%"`. */
// Like ValidatePositiveIntOrPercent and IsNotMoreThan100Percent of pkg/apis/apps/validation.
import type { IntOrString } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkPercent } from '@naru/api/names';
import { validateNonNegative } from '../core/replicated-pods.ts';

export function validateAmount(amount: IntOrString, path: string, errors: FieldErrors): void {
  if (typeof amount === 'string') errors.invalidEach(path, amount, checkPercent(amount));
  else validateNonNegative(amount, path, errors);
}

/** The number, or the number of percent. */
export const amountValue = (amount: IntOrString): number =>
  typeof amount === 'number' ? amount : /^[0-9]+%$/.test(amount) ? Number(amount.slice(0, -1)) : 0;

export const isZeroAmount = (amount: IntOrString): boolean => amountValue(amount) === 0;

export function validateAtMostAll(amount: IntOrString, path: string, errors: FieldErrors): void {
  if (typeof amount === 'string' && amountValue(amount) > 100)
    errors.invalid(path, amount, 'must not be greater than 100%');
}
