/** The selector a job gets, so that its pods are nobody else's. */
// Like generateSelectorIfNeeded of pkg/registry/batch/job and validateGeneratedSelector.
import type { FieldErrors } from '@naru/api/field-errors';
import { isUsable } from '../core/replicated-pods.ts';
import { printedLabels, printedSelector, selectorMatches } from '../label-selectors.ts';
import type { Job } from './job-fields.ts';

const uidLabel = 'batch.kubernetes.io/controller-uid';
const nameLabel = 'batch.kubernetes.io/job-name';
const oldUidLabel = 'controller-uid';
const oldNameLabel = 'job-name';

export function setSelector({ metadata, spec = {} }: Job): void {
  if (spec.manualSelector) return;
  const { name = '', uid = '' } = metadata;
  const template = (spec.template ??= {});
  (template.metadata ??= {}).labels = {
    [oldNameLabel]: name,
    [nameLabel]: name,
    [oldUidLabel]: uid,
    [uidLabel]: uid,
    ...template.metadata.labels,
  };
  const selector = (spec.selector ??= {});
  selector.matchLabels = { [uidLabel]: uid, ...selector.matchLabels };
}

/** Jobs of old have only the labels without a prefix. */
export function hasPrefixedLabels({ spec = {} }: Job): boolean {
  const labels = spec.template?.metadata?.labels ?? {};
  return Object.hasOwn(labels, nameLabel) && Object.hasOwn(labels, uidLabel);
}

export function validateGeneratedSelector(
  { metadata, spec = {} }: Job,
  { needsPrefixedLabels }: { needsPrefixedLabels: boolean },
  errors: FieldErrors,
): void {
  const { selector } = spec;
  if (spec.manualSelector || !selector) return;
  const { name = '', uid = '' } = metadata;
  if (!uid) errors.required('metadata.uid');
  const expected: [label: string, value: string][] = [
    [oldUidLabel, uid],
    [oldNameLabel, name],
  ];
  if (needsPrefixedLabels) expected.push([uidLabel, uid], [nameLabel, name]);
  const labels = spec.template?.metadata?.labels ?? {};
  for (const [label, value] of expected) {
    const at = `spec.template.metadata.labels[${label}]`;
    if (!Object.hasOwn(labels, label)) errors.required(at, `must be '${value}'`);
    else if (labels[label] !== value) errors.invalid(at, printedLabels(labels), `must be '${value}'`);
  }
  if (isUsable(selector) && !selectorMatches(selector, Object.fromEntries(expected)))
    errors.invalid('spec.selector', printedSelector(selector), '`selector` not auto-generated');
}
