/** Conditions of the kind apimachinery offers to all: each says why and since when. */
// Like ValidateConditions of apimachinery meta/v1/validation.
import type { V1Condition } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkQualifiedName } from '@naru/api/names';
import type { Fields } from './fields.ts';

const statuses = ['False', 'True', 'Unknown'];
const longestReason = 1024;
const longestMessage = 32 * 1024;

export function validateConditions(
  conditions: readonly Fields<V1Condition>[],
  path: string,
  errors: FieldErrors,
): void {
  const seen = new Set<string>();
  conditions.forEach((condition, index) => {
    const { type = '' } = condition;
    if (seen.has(type)) errors.duplicate(`${path}[${index}].type`, type);
    seen.add(type);
    validateCondition(condition, `${path}[${index}]`, errors);
  });
}

function validateCondition(condition: Fields<V1Condition>, path: string, errors: FieldErrors): void {
  const { type = '', status = '', observedGeneration = 0, lastTransitionTime, reason = '', message = '' } = condition;
  errors.invalidEach(`${path}.type`, type, checkQualifiedName(type));
  if (!statuses.includes(status)) errors.notSupported(`${path}.status`, status, statuses);
  if (observedGeneration < 0)
    errors.invalid(`${path}.observedGeneration`, observedGeneration, 'must be greater than or equal to zero');
  if (!lastTransitionTime) errors.required(`${path}.lastTransitionTime`);
  if (!reason) errors.required(`${path}.reason`);
  else if (Buffer.byteLength(reason) > longestReason) errors.tooLong(`${path}.reason`, longestReason);
  else if (!/^[A-Za-z][A-Za-z0-9_,:]*$/.test(reason) || /[,:]$/.test(reason))
    errors.invalid(
      `${path}.reason`,
      reason,
      "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_' (e.g. 'my_name',  or 'MY_NAME',  or 'MyName',  or 'ReasonA,ReasonB',  or 'ReasonA:ReasonB', regex used for validation is '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?')",
    );
  if (Buffer.byteLength(message) > longestMessage) errors.tooLong(`${path}.message`, longestMessage);
}
