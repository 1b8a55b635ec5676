/** ResourceQuota: how much a namespace may have. */
// Like pkg/registry/core/resourcequota and ValidateResourceQuota.
import type { V1ResourceQuota, V1ResourceQuotaStatus } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields, ObjectFields } from '../fields.ts';
import { dropStatus, keepTheOtherPart } from '../spec-and-status.ts';
import { roundList } from './pod/defaults.ts';
import { validateResourceQuantity } from './pod/resources.ts';
import { validateQuotaResourceName } from './resource-names.ts';
import { validateScopes, validateScopeSelector } from './resource-quota/quota-scopes.ts';

type Quota = ObjectFields<V1ResourceQuota>;
type Quantities = Record<string, string>;
const quotaOf = (object: AnyObject): Quota => fieldsOf<V1ResourceQuota>(object);

export const resourceQuota = defineKind({
  kind: 'ResourceQuota',
  shortNames: ['quota'],
  schema: 'k8s.io.api.core.v1.ResourceQuota',
  subresources: ['status'],
  generation: false,
  returnsDeletedObject: true,

  setDefaults(object) {
    const { spec, status } = quotaOf(object);
    for (const list of [spec?.hard, status?.hard, status?.used]) roundList(list);
  },

  prepareForCreate: dropStatus,
  prepareForUpdate: keepTheOtherPart,

  validate: (object) => validateSpec(quotaOf(object)).list,

  validateUpdate(object, old, { subresource }) {
    const [quota, before] = [quotaOf(object), quotaOf(old)];
    if (subresource === 'status') return validateStatus(quota.status ?? {}).list;
    const errors = validateSpec(quota);
    const [scopes, scopesBefore] = [new Set(quota.spec?.scopes), new Set(before.spec?.scopes)];
    if (scopes.size !== scopesBefore.size || [...scopes].some((scope) => !scopesBefore.has(scope)))
      errors.invalid('spec.scopes', quota.spec?.scopes ?? null, 'field is immutable');
    return errors.list;
  },

  columns: [
    { name: 'Request', value: (object) => usageList(quotaOf(object).status ?? {}, (name) => !isLimit(name)) },
    { name: 'Limit', value: (object) => usageList(quotaOf(object).status ?? {}, isLimit) },
  ],

  example: {
    apiVersion: 'v1',
    kind: 'ResourceQuota',
    metadata: { name: 'example' },
    spec: { hard: { pods: '10', 'requests.cpu': '4', 'requests.memory': '8Gi' } },
  },
});

function validateSpec({ spec = {} }: Quota): FieldErrors {
  const errors = new FieldErrors();
  validateAmounts(spec.hard, 'spec.hard', errors);
  const names = Object.keys(spec.hard ?? {}).sort();
  validateScopes(spec.scopes ?? [], names, 'spec.scopes', errors);
  if (spec.scopeSelector) validateScopeSelector(spec.scopeSelector, names, 'spec.scopeSelector', errors);
  return errors;
}

function validateStatus({ hard, used }: Fields<V1ResourceQuotaStatus>): FieldErrors {
  const errors = new FieldErrors();
  validateAmounts(hard, 'status.hard', errors);
  validateAmounts(used, 'status.used', errors);
  return errors;
}

function validateAmounts(amounts: Quantities | undefined, path: string, errors: FieldErrors): void {
  for (const [name, quantity] of Object.entries(amounts ?? {})) {
    validateQuotaResourceName(name, `${path}[${name}]`, errors);
    validateResourceQuantity(name, quantity, `${path}[${name}]`, errors);
  }
}

const isLimit = (name: string): boolean => name.startsWith('limits.');

/** `cpu: 1/2, memory: 1Gi/4Gi`. */
function usageList({ hard, used }: Fields<V1ResourceQuotaStatus>, isShown: (name: string) => boolean): string {
  const amounts = new Map(Object.entries(used ?? {}));
  return Object.entries(hard ?? {})
    .filter(([name]) => isShown(name))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, most]) => `${name}: ${amounts.get(name) ?? '0'}/${most}`)
    .join(', ');
}
