/** What storage classes and volume attributes classes tell the program that makes volumes. */
// Like validateProvisioner and validateParameters of pkg/apis/storage/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import { checkQualifiedName } from '@naru/api/names';

const mostParameters = 512;
const largestParameters = 256 * 1024;

export function validateProvisioner(name: string, path: string, errors: FieldErrors): void {
  if (!name) errors.required(path);
  else errors.invalidEach(path, name, checkQualifiedName(name.toLowerCase()));
}

export function validateParameters(
  parameters: Record<string, string>,
  path: string,
  errors: FieldErrors,
  { isRequired = false } = {},
): void {
  const entries = Object.entries(parameters);
  if (entries.length > mostParameters) return errors.tooLong(path, mostParameters);
  let size = 0;
  for (const [key, value] of entries) {
    if (!key) errors.invalid(path, key, 'field can not be empty.');
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > largestParameters) errors.tooLong(path, largestParameters);
  if (isRequired && !entries.length) errors.required(path, 'must contain at least one key/value pair');
}
