/** Label selectors inside objects: whether they are well-formed, and how a Table shows them. */
// Like apimachinery meta/v1/validation ValidateLabelSelector and FormatLabelSelector.
import type { V1LabelSelector } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkLabelValue, checkQualifiedName } from '@naru/api/names';
import type { Fields } from './fields.ts';

type Selector = Fields<V1LabelSelector>;

export function validateLabelSelector(
  selector: Selector | undefined,
  path: string,
  errors: FieldErrors,
  { allowInvalidValues = false } = {},
): void {
  if (!selector) return;
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) {
    errors.invalidEach(`${path}.matchLabels`, key, checkQualifiedName(key));
    errors.invalidEach(`${path}.matchLabels`, value, checkLabelValue(value));
  }
  (selector.matchExpressions ?? []).forEach(({ key = '', operator = '', values = [] }, index) => {
    const at = `${path}.matchExpressions[${index}]`;
    if (operator === 'In' || operator === 'NotIn') {
      if (!values.length) errors.required(`${at}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
    } else if (operator === 'Exists' || operator === 'DoesNotExist') {
      if (values.length)
        errors.forbidden(`${at}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
    } else errors.invalid(`${at}.operator`, operator, 'not a valid selector operator');
    errors.invalidEach(`${at}.key`, key, checkQualifiedName(key));
    if (!allowInvalidValues)
      values.forEach((value, at2) => errors.invalidEach(`${at}.values[${at2}]`, value, checkLabelValue(value)));
  });
}

/** Selects everything: there, and without a requirement. */
export const isEmptySelector = (selector: Selector): boolean =>
  !Object.keys(selector.matchLabels ?? {}).length && !selector.matchExpressions?.length;

/** Whether `labels` are what `selector` asks for. */
export function selectorMatches(selector: Selector, labels: Record<string, string> = {}): boolean {
  const valueOf = (key: string) => (Object.hasOwn(labels, key) ? labels[key] : undefined);
  return (
    Object.entries(selector.matchLabels ?? {}).every(([key, value]) => valueOf(key) === value) &&
    (selector.matchExpressions ?? []).every(({ key = '', operator, values = [] }) => {
      const value = valueOf(key);
      if (operator === 'In') return value !== undefined && values.includes(value);
      if (operator === 'NotIn') return value === undefined || !values.includes(value);
      return (operator === 'Exists') === (value !== undefined);
    })
  );
}

/** Labels for a message, where maps stand in the order of their keys; null if there are none. */
export const printedLabels = (labels: Record<string, string> | undefined): Record<string, string> | null =>
  labels ? Object.fromEntries(Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1))) : null;

/** A selector for a message. */
export const printedSelector = (selector: Selector | undefined): object | null =>
  selector?.matchLabels
    ? { matchLabels: printedLabels(selector.matchLabels), ...withoutLabels(selector) }
    : (selector ?? null);

const withoutLabels = ({ matchExpressions }: Selector): Selector => (matchExpressions ? { matchExpressions } : {});

/** A map of labels as Tables show it: `a=b,c=d`, keys sorted; `<none>` when empty. */
export function formatLabels(labels: Record<string, string> | undefined): string {
  const pairs = Object.entries(labels ?? {}).sort(([left], [right]) => (left < right ? -1 : 1));
  return pairs.length ? pairs.map(([key, value]) => `${key}=${value}`).join(',') : '<none>';
}

/** A selector as Tables show it: `a=b,c in (d,e)`; `<none>` when it selects everything, `<unset>` when there is none. */
export function formatLabelSelector(selector: Selector | undefined): string {
  if (!selector) return '<none>';
  const requirements = [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` })),
    ...(selector.matchExpressions ?? []).map(({ key = '', operator, values = [] }) => ({
      key,
      text: requirementText(key, operator ?? '', values),
    })),
  ].sort((left, right) => (left.key < right.key ? -1 : left.key > right.key ? 1 : 0));
  return requirements.length ? requirements.map(({ text }) => text).join(',') : '<none>';
}

function requirementText(key: string, operator: string, values: readonly string[]): string {
  const list = `(${[...values].sort().join(',')})`;
  if (operator === 'In') return `${key} in ${list}`;
  if (operator === 'NotIn') return `${key} notin ${list}`;
  return operator === 'DoesNotExist' ? `!${key}` : key;
}
