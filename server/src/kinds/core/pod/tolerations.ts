/** Taints that a pod bears. */
// Like ValidateTolerations of pkg/apis/core/validation.
import type { V1Toleration } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkLabelValue, checkQualifiedName } from '@naru/api/names';
import type { Fields } from '../../fields.ts';

export const taintEffects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute'];

export function validateTolerations(
  tolerations: readonly Fields<V1Toleration>[],
  path: string,
  errors: FieldErrors,
): void {
  tolerations.forEach((toleration, index) => {
    const at = `${path}[${index}]`;
    const { key = '', operator = '', effect = '', tolerationSeconds } = toleration;
    if (key) errors.invalidEach(`${at}.key`, key, checkQualifiedName(key));
    if (!key && operator !== 'Exists')
      errors.invalid(
        `${at}.operator`,
        operator,
        'operator must be Exists when `key` is empty, which means "match all values and all keys"',
      );
    if (tolerationSeconds !== undefined && effect !== 'NoExecute')
      errors.invalid(`${at}.effect`, effect, "effect must be 'NoExecute' when `tolerationSeconds` is set");
    validateOperator(toleration, `${at}.operator`, errors);
    if (effect && !taintEffects.includes(effect)) errors.notSupported(`${at}.effect`, effect, taintEffects);
  });
}

function validateOperator(
  { operator = '', value = '' }: Fields<V1Toleration>,
  path: string,
  errors: FieldErrors,
): void {
  switch (operator) {
    case '':
    case 'Equal': {
      const messages = checkLabelValue(value);
      if (messages.length) errors.invalid(path, value, messages.join(';'));
      return;
    }
    case 'Exists':
      if (value) errors.invalid(path, value, "value must be empty when `operator` is 'Exists'");
      return;
    // Known words, but comparing taints as numbers is off by default.
    case 'Lt':
    case 'Gt':
      return errors.notSupported(path, operator, ['Equal', 'Exists', 'Lt', 'Gt']);
    default:
      return errors.notSupported(path, operator, ['Equal', 'Exists']);
  }
}
