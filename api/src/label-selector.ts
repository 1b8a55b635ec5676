/** Label selectors: what they require, whether labels match, and their canonical spelling. */
// Like apimachinery pkg/labels/selector.go and meta/v1 LabelSelectorAsSelector.
import type { LabelSelector as LabelSelectorObject } from './object.ts';
import { goQuote } from './go-values.ts';
import { checkLabelValue, checkQualifiedName } from './names.ts';

export type SelectorOperator = '=' | '==' | '!=' | 'in' | 'notin' | 'exists' | '!' | 'gt' | 'lt';

export interface Requirement {
  readonly key: string;
  readonly operator: SelectorOperator;
  /** Sorted and distinct. One for `=`, `==`, `!=`, `gt`, `lt`; none for `exists` and `!`. */
  readonly values: readonly string[];
}

/** All requirements must hold. Sorted by key. Empty: matches everything. */
export interface LabelSelector {
  readonly requirements: readonly Requirement[];
  /** True for a selector that can match nothing, whatever the labels: upstream's labels.Nothing(). */
  readonly nothing?: boolean;
}

export type Labels = Readonly<Record<string, string>> | undefined;

export const everything: LabelSelector = Object.freeze({ requirements: [] });
export const nothing: LabelSelector = Object.freeze({ requirements: [], nothing: true });

function requirementErrors(key: string, operator: SelectorOperator, values: readonly string[]): string[] {
  const errors: string[] = [];
  const list = `[${values.map(goQuote).join(',')}]`;
  const keyErrors = checkQualifiedName(key);
  if (keyErrors.length) errors.push(`key: Invalid value: ${goQuote(key)}: ${keyErrors.join('; ')}`);
  if ((operator === 'in' || operator === 'notin') && values.length === 0)
    errors.push(`values: Invalid value: ${list}: for 'in', 'notin' operators, values set can't be empty`);
  if ((operator === 'exists' || operator === '!') && values.length)
    errors.push(`values: Invalid value: ${list}: values set must be empty for exists and does not exist`);
  if (operator === 'gt' || operator === 'lt')
    values.forEach((value, i) => {
      if (parseInteger(value) === undefined)
        errors.push(
          `values[${i}]: Invalid value: ${goQuote(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
        );
    });
  values.forEach((value, i) => {
    const valueErrors = checkLabelValue(value);
    if (valueErrors.length)
      errors.push(`values[${i}][${key}]: Invalid value: ${goQuote(value)}: ${valueErrors.join('; ')}`);
  });
  return errors;
}

/** A checked requirement; throws Error with upstream's message when key or values are not valid labels. */
export function newRequirement(key: string, operator: SelectorOperator, values: readonly string[]): Requirement {
  const sorted = [...new Set(values)].sort();
  const errors = requirementErrors(key, operator, sorted);
  if (errors.length) throw new Error(errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`);
  return { key, operator, values: sorted };
}

/** Sorts by key, keeping the order of requirements on the same key. */
export const selectorOf = (requirements: readonly Requirement[]): LabelSelector => ({
  requirements: [...requirements].sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)),
});

/** Decimal int64, as strconv.ParseInt reads it; undefined when it is not one. */
function parseInteger(text: string): bigint | undefined {
  if (text.length > 80 || !/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text);
  return BigInt.asIntN(64, value) === value ? value : undefined;
}

function requirementMatches({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case '=':
    case '==':
    case 'in':
      return value !== undefined && values.includes(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.includes(value);
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case 'gt':
    case 'lt': {
      const has = value === undefined ? undefined : parseInteger(value);
      const bound = parseInteger(values[0] ?? '');
      return has !== undefined && bound !== undefined && (operator === 'gt' ? has > bound : has < bound);
    }
  }
}

export function matchesLabels(selector: LabelSelector, labels: Labels): boolean {
  return !selector.nothing && selector.requirements.every((requirement) => requirementMatches(requirement, labels));
}

function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case 'exists':
      return key;
    case '!':
      return `!${key}`;
    case 'in':
    case 'notin':
      return `${key} ${operator} (${values.join(',')})`;
    case 'gt':
      return `${key}>${values.join(',')}`;
    case 'lt':
      return `${key}<${values.join(',')}`;
    case '=':
    case '==':
    case '!=':
      return `${key}${operator}${values.join(',')}`;
  }
}

/** The canonical string, as `/scale` shows it: `a=b,c in (x,y),!d`. Empty for everything and nothing. */
export const formatLabelSelector = (selector: LabelSelector): string =>
  selector.requirements.map(formatRequirement).join(',');

const objectOperators = new Map<string, SelectorOperator>([
  ['In', 'in'],
  ['NotIn', 'notin'],
  ['Exists', 'exists'],
  ['DoesNotExist', '!'],
]);

/**
 * The selector that stands in an object's `spec.selector`. Absent matches nothing, `{}` matches everything.
 * Throws Error with upstream's message when an operator is unknown or a label is not valid.
 */
export function selectorFromObject(selector: LabelSelectorObject | null | undefined): LabelSelector {
  if (!selector) return nothing;
  const requirements = Object.entries(selector.matchLabels ?? {}).map(([key, value]) =>
    newRequirement(key, '=', [value]),
  );
  for (const { key, operator, values } of selector.matchExpressions ?? []) {
    const known = objectOperators.get(operator);
    if (!known) throw new Error(`${goQuote(operator)} is not a valid label selector operator`);
    requirements.push(newRequirement(key, known, values ?? []));
  }
  return selectorOf(requirements);
}

/** The selector of a plain map, as Services and ReplicationControllers have it. Unchecked: stored objects were checked when written. */
export const selectorFromLabels = (labels: Labels): LabelSelector =>
  selectorOf(Object.entries(labels ?? {}).map(([key, value]) => ({ key, operator: '=', values: [value] })));

/** The only value that `key` may have, when the selector says so: lets an index answer. */
export function requiredLabelValue(selector: LabelSelector, key: string): string | undefined {
  const requirement = selector.requirements.find((candidate) => candidate.key === key);
  if (!requirement || requirement.values.length !== 1) return undefined;
  return ['=', '==', 'in'].includes(requirement.operator) ? requirement.values[0] : undefined;
}
