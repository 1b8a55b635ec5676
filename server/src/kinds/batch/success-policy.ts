/** Rules by which an indexed job has succeeded before all of its indexes have. */
// Like validateSuccessPolicy of pkg/apis/batch/validation.
import type { V1SuccessPolicyRule } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { mustNotBeNegative } from '../core/replicated-pods.ts';
import type { Fields } from '../fields.ts';
import { countIndexes, parseIndexRanges } from './index-ranges.ts';
import type { JobSpec } from './job-fields.ts';

const mostRules = 20;
const longestIndexes = 64 * 1024;

export function validateSuccessPolicy(spec: JobSpec, path: string, errors: FieldErrors): void {
  const rules = spec.successPolicy?.rules ?? [];
  if (!rules.length)
    errors.required(`${path}.rules`, 'at least one rules must be specified when the successPolicy is specified');
  if (rules.length > mostRules) errors.tooMany(`${path}.rules`, rules.length, mostRules);
  rules.forEach((rule, index) => validateRule(rule, spec.completions ?? 0, `${path}.rules[${index}]`, errors));
}

function validateRule(rule: Fields<V1SuccessPolicyRule>, completions: number, path: string, errors: FieldErrors): void {
  const { succeededCount, succeededIndexes } = rule;
  if (succeededCount === undefined && succeededIndexes === undefined)
    errors.required(path, 'at least one of succeededCount or succeededIndexes must be specified');
  const indexes =
    succeededIndexes === undefined
      ? undefined
      : validateIndexes(succeededIndexes, completions, `${path}.succeededIndexes`, errors);
  if (succeededCount === undefined) return;
  const at = `${path}.succeededCount`;
  if (succeededCount < 0) errors.invalid(at, succeededCount, mustNotBeNegative);
  if (succeededCount > completions)
    errors.invalid(
      at,
      succeededCount,
      `must be less than or equal to ${completions} (the number of specified completions)`,
    );
  if (indexes !== undefined && succeededCount > indexes)
    errors.invalid(
      at,
      succeededCount,
      `must be less than or equal to ${indexes} (the number of indexes in the specified succeededIndexes field)`,
    );
}

/** How many indexes the text names. */
function validateIndexes(text: string, completions: number, path: string, errors: FieldErrors): number {
  if (text.length > longestIndexes) errors.tooLong(path, longestIndexes);
  const ranges = parseIndexRanges(text, completions);
  if (typeof ranges !== 'string') return countIndexes(ranges);
  errors.invalid(path, text, `error parsing succeededIndexes: ${ranges}`);
  return 0;
}
