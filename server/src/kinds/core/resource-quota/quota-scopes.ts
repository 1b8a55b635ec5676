/** Scopes of a quota: which of the namespace's objects it counts. */
// Like validateResourceQuotaScopes and validateScopedResourceSelectorRequirement.
import type { V1ScopedResourceSelectorRequirement, V1ScopeSelector } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import type { Fields } from '../../fields.ts';
import { goStruct } from '../../go-struct.ts';
import { isStandardQuotaResource } from '../resource-names.ts';

type Requirement = Fields<V1ScopedResourceSelectorRequirement>;

const podCounts = new Set(['pods']);
const podResources = new Set([
  ...podCounts,
  'cpu',
  'memory',
  'limits.cpu',
  'limits.memory',
  'requests.cpu',
  'requests.memory',
]);
const claimResources = new Set(['persistentvolumeclaims', 'requests.storage']);

/** What objects each scope is about. */
const resourcesOfScope = new Map([
  ['Terminating', podResources],
  ['NotTerminating', podResources],
  ['BestEffort', podCounts],
  ['NotBestEffort', podResources],
  ['PriorityClass', podResources],
  ['CrossNamespacePodAffinity', podResources],
  ['VolumeAttributesClass', claimResources],
]);
const scopesWithoutValues = new Set([
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'CrossNamespacePodAffinity',
]);
const contradictions = [
  ['BestEffort', 'NotBestEffort'],
  ['Terminating', 'NotTerminating'],
] as const;

export function validateScopes(
  scopes: readonly string[],
  resources: readonly string[],
  path: string,
  errors: FieldErrors,
): void {
  for (const scope of scopes) {
    if (!resourcesOfScope.has(scope)) errors.invalid(path, scopes, 'unsupported scope');
    for (const _ of foreignResources(scope, resources))
      errors.invalid(path, scopes, 'unsupported scope applied to resource');
  }
  refuseContradictions(scopes, scopes, path, errors);
}

export function validateScopeSelector(
  selector: Fields<V1ScopeSelector>,
  resources: readonly string[],
  selectorPath: string,
  errors: FieldErrors,
): void {
  const path = `${selectorPath}.matchExpressions`;
  const requirements = selector.matchExpressions ?? [];
  const shown = goStruct(selector, 'k8s.io.api.core.v1.ScopeSelector');
  for (const requirement of requirements) {
    const { scopeName = '' } = requirement;
    if (!resourcesOfScope.has(scopeName)) errors.invalid(`${path}.scopeName`, scopeName, 'unsupported scope');
    for (const _ of foreignResources(scopeName, resources))
      errors.invalid(path, shown, 'unsupported scope applied to resource');
    validateRequirement(requirement, path, errors);
  }
  refuseContradictions(
    requirements.map(({ scopeName = '' }) => scopeName),
    shown,
    path,
    errors,
  );
}

const foreignResources = (scope: string, resources: readonly string[]): readonly string[] => {
  const known = resourcesOfScope.get(scope);
  return known ? resources.filter((name) => isStandardQuotaResource(name) && !known.has(name)) : [];
};

function refuseContradictions(scopes: readonly string[], shown: unknown, path: string, errors: FieldErrors): void {
  for (const [one, other] of contradictions)
    if (scopes.includes(one) && scopes.includes(other)) errors.invalid(path, shown, 'conflicting scopes');
}

function validateRequirement(
  { scopeName = '', operator = '', values = [] }: Requirement,
  path: string,
  errors: FieldErrors,
): void {
  if (scopesWithoutValues.has(scopeName) && operator !== 'Exists')
    errors.invalid(
      `${path}.operator`,
      operator,
      "must be 'Exists' when scope is any of ResourceQuotaScopeTerminating, ResourceQuotaScopeNotTerminating, ResourceQuotaScopeBestEffort, ResourceQuotaScopeNotBestEffort or ResourceQuotaScopeCrossNamespacePodAffinity",
    );
  if (operator === 'In' || operator === 'NotIn') {
    if (!values.length)
      errors.required(
        `${path}.values`,
        "must be at least one value when `operator` is 'In' or 'NotIn' for scope selector",
      );
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length)
      errors.invalid(
        `${path}.values`,
        values,
        "must be no value when `operator` is 'Exist' or 'DoesNotExist' for scope selector",
      );
  } else errors.invalid(`${path}.operator`, operator, 'not a valid selector operator');
}
