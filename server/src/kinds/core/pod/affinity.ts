/** Which nodes and neighbours a pod wants or shuns. */
// Like validateAffinity of pkg/apis/core/validation.
import type { V1NodeAffinity, V1PodAffinity, V1PodAffinityTerm } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkQualifiedName, labelName } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { validateLabelSelector } from '../../label-selectors.ts';
import { validateNodeSelector, validateNodeSelectorTerm } from '../node-selectors.ts';
import type { Affinity } from './pod-fields.ts';

const required = 'requiredDuringSchedulingIgnoredDuringExecution';
const preferred = 'preferredDuringSchedulingIgnoredDuringExecution';

export function validateAffinity(affinity: Affinity, path: string, errors: FieldErrors): void {
  if (affinity.nodeAffinity) validateNodeAffinity(affinity.nodeAffinity, `${path}.nodeAffinity`, errors);
  for (const field of ['podAffinity', 'podAntiAffinity'] as const) {
    const value = affinity[field];
    if (value) validatePodAffinity(value, `${path}.${field}`, errors);
  }
}

function validateNodeAffinity(affinity: Fields<V1NodeAffinity>, path: string, errors: FieldErrors): void {
  const selector = affinity[required];
  if (selector) validateNodeSelector(selector, `${path}.${required}`, errors);
  (affinity[preferred] ?? []).forEach(({ weight = 0, preference = {} }, index) => {
    const at = `${path}.${preferred}[${index}]`;
    validateWeight(weight, at, errors);
    validateNodeSelectorTerm(preference, `${at}.preference`, errors, { allowInvalidValues: true });
  });
}

function validatePodAffinity(affinity: Fields<V1PodAffinity>, path: string, errors: FieldErrors): void {
  (affinity[required] ?? []).forEach((term, index) => validateTerm(term, `${path}.${required}[${index}]`, errors));
  (affinity[preferred] ?? []).forEach(({ weight = 0, podAffinityTerm = {} }, index) => {
    const at = `${path}.${preferred}[${index}]`;
    validateWeight(weight, at, errors);
    validateTerm(podAffinityTerm, `${at}.podAffinityTerm`, errors);
  });
}

function validateWeight(weight: number, path: string, errors: FieldErrors): void {
  if (weight <= 0 || weight > 100) errors.invalid(`${path}.weight`, weight, 'must be in the range 1-100');
}

function validateTerm(term: Fields<V1PodAffinityTerm>, path: string, errors: FieldErrors): void {
  validateLabelSelector(term.labelSelector, `${path}.labelSelector`, errors);
  validateLabelSelector(term.namespaceSelector, `${path}.namespaceSelector`, errors);
  for (const name of term.namespaces ?? [])
    errors.invalidEach(`${path}.namespace`, name, labelName(name, { generateName: false }));
  validateLabelKeys(term, path, errors);
  const { topologyKey = '' } = term;
  if (!topologyKey) errors.required(`${path}.topologyKey`, 'can not be empty');
  errors.invalidEach(`${path}.topologyKey`, topologyKey, checkQualifiedName(topologyKey));
}

function validateLabelKeys(term: Fields<V1PodAffinityTerm>, path: string, errors: FieldErrors): void {
  const { matchLabelKeys = [], mismatchLabelKeys = [], labelSelector } = term;
  for (const [field, keys] of Object.entries({ matchLabelKeys, mismatchLabelKeys })) {
    if (!keys.length) continue;
    if (!labelSelector) errors.forbidden(`${path}.${field}`, 'must not be specified when labelSelector is not set');
    else keys.forEach((key, index) => errors.invalidEach(`${path}.${field}[${index}]`, key, checkQualifiedName(key)));
  }
  // By now the selector holds what matchLabelKeys stand for; a second requirement on the key is the writer's own.
  const selected = new Set(Object.keys(labelSelector?.matchLabels ?? {}));
  for (const { key = '' } of labelSelector?.matchExpressions ?? []) {
    const index = matchLabelKeys.lastIndexOf(key);
    if (index >= 0 && selected.has(key))
      errors.invalid(`${path}[${index}]`, key, 'exists in both matchLabelKeys and labelSelector');
    selected.add(key);
  }
  matchLabelKeys.forEach((key, index) => {
    if (mismatchLabelKeys.includes(key))
      errors.invalid(`${path}.matchLabelKeys[${index}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys');
  });
}
