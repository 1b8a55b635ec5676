/** Maps of labels and annotations, wherever an object has them. */
import type { FieldErrors } from '@naru/api/field-errors';
import { checkLabelValue, checkQualifiedName } from '@naru/api/names';

/** Bytes that an object's annotations may have together. */
const annotationsLimit = 256 * 1024;

/** Keys and values of labels; `path` is that of the map. */
export function validateLabels(labels: Record<string, string> | undefined, path: string, errors: FieldErrors): void {
  for (const [key, value] of Object.entries(labels ?? {})) {
    errors.invalidEach(path, key, checkQualifiedName(key));
    errors.invalidEach(path, value, checkLabelValue(value));
  }
}

/** Keys of annotations, and their size together. */
export function validateAnnotations(
  annotations: Record<string, string> | undefined,
  path: string,
  errors: FieldErrors,
): void {
  let size = 0;
  for (const [key, value] of Object.entries(annotations ?? {})) {
    for (const message of checkQualifiedName(key.toLowerCase())) errors.invalid(path, key, message);
    size += Buffer.byteLength(key) + Buffer.byteLength(value);
  }
  if (size > annotationsLimit) errors.tooLong(path, annotationsLimit);
}
