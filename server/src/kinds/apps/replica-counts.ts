/** Counts of pods in a status: never negative, and none larger than the whole. */
import type { FieldErrors } from '@naru/api/field-errors';
import { validateNonNegative } from '../core/replicated-pods.ts';

/** `counts` must not be negative; `parts` must not exceed `replicas`, nor available pods ready ones. */
export function validateReplicaCounts<Status extends object>(
  status: Status,
  counts: readonly (keyof Status & string)[],
  parts: readonly (keyof Status & string)[],
  errors: FieldErrors,
  nameOfReady = 'readyReplicas',
): void {
  const values = new Map(Object.entries(status));
  const count = (field: string): number => {
    const value: unknown = values.get(field);
    return typeof value === 'number' ? value : 0;
  };
  for (const field of counts) validateNonNegative(count(field), `status.${field}`, errors);
  for (const field of parts)
    if (count(field) > count('replicas'))
      errors.invalid(`status.${field}`, count(field), 'cannot be greater than status.replicas');
  if (count('availableReplicas') > count('readyReplicas'))
    errors.invalid('status.availableReplicas', count('availableReplicas'), `cannot be greater than ${nameOfReady}`);
}
