/** How evenly pods are to be spread. */
// Like validateTopologySpreadConstraints of pkg/apis/core/validation.
import type { V1TopologySpreadConstraint } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkQualifiedName } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { validateLabelSelector } from '../../label-selectors.ts';

type Constraint = Fields<V1TopologySpreadConstraint>;

export function validateTopologySpread(constraints: readonly Constraint[], path: string, errors: FieldErrors): void {
  constraints.forEach((constraint, index) => {
    const at = `${path}[${index}]`;
    const { maxSkew = 0, topologyKey = '', whenUnsatisfiable = '' } = constraint;
    if (maxSkew <= 0) errors.invalid(`${at}.maxSkew`, maxSkew, 'must be greater than zero');
    if (!topologyKey) errors.required(`${at}.topologyKey`, 'can not be empty');
    if (whenUnsatisfiable !== 'DoNotSchedule' && whenUnsatisfiable !== 'ScheduleAnyway')
      errors.notSupported(`${at}.whenUnsatisfiable`, whenUnsatisfiable, ['DoNotSchedule', 'ScheduleAnyway']);
    const isRepeated = constraints
      .slice(index + 1)
      .some(
        (later) => (later.topologyKey ?? '') === topologyKey && (later.whenUnsatisfiable ?? '') === whenUnsatisfiable,
      );
    if (isRepeated)
      errors.duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${whenUnsatisfiable}}`);
    validateMinDomains(constraint, `${at}.minDomains`, errors);
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[field];
      if (policy !== undefined && policy !== 'Honor' && policy !== 'Ignore')
        errors.notSupported(`${at}.${field}`, policy, ['Honor', 'Ignore']);
    }
    validateMatchLabelKeys(constraint, `${at}.matchLabelKeys`, errors);
    validateLabelSelector(constraint.labelSelector, `${at}.labelSelector`, errors);
  });
}

function validateMinDomains(
  { minDomains, whenUnsatisfiable = '' }: Constraint,
  path: string,
  errors: FieldErrors,
): void {
  if (minDomains === undefined) return;
  if (minDomains <= 0) errors.invalid(path, minDomains, 'must be greater than zero');
  if (whenUnsatisfiable !== 'DoNotSchedule')
    errors.invalid(
      path,
      minDomains,
      `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${whenUnsatisfiable}`,
    );
}

function validateMatchLabelKeys(
  { matchLabelKeys = [], labelSelector }: Constraint,
  path: string,
  errors: FieldErrors,
): void {
  if (!matchLabelKeys.length) return;
  if (!labelSelector) errors.forbidden(path, 'must not be specified when labelSelector is not set');
  matchLabelKeys.forEach((key, index) => errors.invalidEach(`${path}[${index}]`, key, checkQualifiedName(key)));
  // By now the selector holds what matchLabelKeys stand for; a second requirement on the key is the writer's own.
  const selected = new Set(Object.keys(labelSelector?.matchLabels ?? {}));
  for (const { key = '' } of labelSelector?.matchExpressions ?? []) {
    const index = matchLabelKeys.lastIndexOf(key);
    if (index >= 0 && selected.has(key))
      errors.invalid(`${path}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector');
    selected.add(key);
  }
}
