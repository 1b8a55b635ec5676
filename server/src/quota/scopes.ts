/** Which objects a quota is about. Pure. */
// Like getScopeSelectorsFromQuota of apiserver pkg/quota/v1/generic.
import type { V1ResourceQuota } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf, type ObjectFields } from '../kinds/fields.ts';
import type { Evaluator, ScopeRequirement } from './evaluator.ts';

export type Quota = ObjectFields<V1ResourceQuota>;
export const quotaOf = (object: AnyObject): Quota => fieldsOf<V1ResourceQuota>(object);

export const scopesOf = ({ spec = {} }: Quota): ScopeRequirement[] => [
  ...(spec.scopes ?? []).map((scopeName) => ({ scopeName, operator: 'Exists', values: [] })),
  ...(spec.scopeSelector?.matchExpressions ?? []).map(({ scopeName = '', operator = '', values }) => ({
    scopeName,
    operator,
    values: values ?? [],
  })),
];

export const isInScopes = (quota: Quota, evaluator: Evaluator, object: AnyObject): boolean =>
  scopesOf(quota).every((scope) => evaluator.isInScope?.(scope, object) ?? false);

/** Whether one of `names` is what the scope asks for. */
export function namesMatch({ operator, values }: ScopeRequirement, names: readonly (string | undefined)[]): boolean {
  const given = names.filter((name): name is string => !!name);
  if (operator === 'Exists') return given.length > 0;
  if (operator === 'DoesNotExist') return given.length === 0;
  if (operator === 'In') return given.some((name) => values.includes(name));
  return given.length === 0 || given.some((name) => !values.includes(name));
}
