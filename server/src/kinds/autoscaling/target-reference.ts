/** How an autoscaler names another object: by kind, name and apiVersion. */
// Like ValidateCrossVersionObjectReference of pkg/apis/autoscaling/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import { checkPathSegment } from '@naru/api/names';
import type { TargetReference } from './autoscaler-fields.ts';

/** How strictly `apiVersion` is read. */
export type VersionRule = 'group needed' | 'any version' | 'unchecked';

export function validateReference(
  { kind = '', name = '', apiVersion }: TargetReference,
  path: string,
  rule: VersionRule,
  errors: FieldErrors,
): void {
  if (kind) errors.invalidEach(`${path}.kind`, kind, checkPathSegment(kind));
  else errors.required(`${path}.kind`);
  if (name) errors.invalidEach(`${path}.name`, name, checkPathSegment(name));
  else errors.required(`${path}.name`);
  const problem = versionProblem(apiVersion, rule);
  if (problem !== undefined) errors.invalid(`${path}.apiVersion`, apiVersion ?? '', problem);
}

export function versionProblem(apiVersion = '', rule: VersionRule): string | undefined {
  if (rule === 'unchecked') return undefined;
  const slashes = apiVersion.split('/').length - 1;
  if (slashes > 1) return `unexpected GroupVersion string: ${apiVersion}`;
  const hasGroup = slashes === 1 && !apiVersion.startsWith('/');
  return hasGroup || rule === 'any version' ? undefined : 'apiVersion must specify API group';
}
