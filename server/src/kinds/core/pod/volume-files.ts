/** Files that volumes make of keys: their paths and modes. */
import type { V1KeyToPath } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import type { Fields } from '../../fields.ts';
import { validateLocalPath } from './paths.ts';

export function validateFileMode(mode: number | undefined, path: string, errors: FieldErrors): void {
  if (mode !== undefined && (mode < 0 || mode > 0o777))
    errors.invalid(path, mode, 'must be a number between 0 and 0777 (octal), both inclusive');
}

export function validateKeysToPaths(items: readonly Fields<V1KeyToPath>[], path: string, errors: FieldErrors): void {
  items.forEach((item, index) => validateKeyToPath(item, `${path}[${index}]`, errors));
}

export function validateKeyToPath(item: Fields<V1KeyToPath>, at: string, errors: FieldErrors): void {
  if (!item.key) errors.required(`${at}.key`);
  if (!item.path) errors.required(`${at}.path`);
  validateLocalPath(item.path ?? '', `${at}.path`, errors);
  validateFileMode(item.mode, `${at}.mode`, errors);
}
