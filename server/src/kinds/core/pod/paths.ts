/** File paths in volumes and mounts: none may climb out of where it belongs. */
import type { FieldErrors } from '@naru/api/field-errors';

const climbs = (target: string) => target.split('/').includes('..');

/** No element may be `..`. */
export function validateNoBacksteps(target: string, path: string, errors: FieldErrors): void {
  if (climbs(target)) errors.invalid(path, target, "must not contain '..'");
}

/** Relative, and without `..`. */
export function validateDescendingPath(target: string, path: string, errors: FieldErrors): void {
  if (target.startsWith('/')) errors.invalid(path, target, 'must be a relative path');
  validateNoBacksteps(target, path, errors);
}

/** Relative, without `..`, and not starting with the two dots that a volume's own files start with. */
export function validateLocalPath(target: string, path: string, errors: FieldErrors): void {
  validateDescendingPath(target, path, errors);
  if (target.startsWith('..') && !target.startsWith('../') && target !== '..')
    errors.invalid(path, target, "must not start with '..'");
}

/** Whether `target` has an element `..`. */
export const hasBacksteps = climbs;
