/** What kinds that keep pods after a template have in common. */
// Like ValidatePodTemplateSpecForReplicaSet and layoutContainerCells upstream.
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import type { Column } from '../define-kind.ts';
import {
  isEmptySelector,
  printedLabels,
  printedSelector,
  selectorMatches,
  validateLabelSelector,
} from '../label-selectors.ts';
import type { LabelSelector, PodTemplate } from './pod/pod-fields.ts';
import { validatePodTemplate } from './pod/validate-pod-spec.ts';

export const mustNotBeNegative = 'must be greater than or equal to 0';

export function validateNonNegative(value: number | undefined, path: string, errors: FieldErrors): void {
  if (value !== undefined && value < 0) errors.invalid(path, value, mustNotBeNegative);
}

interface SelectedPods {
  selector: LabelSelector | undefined;
  template: PodTemplate | undefined;
  /** In sentences about an empty selector and a deadline: `deployment`, `ReplicaSet`. */
  emptySelectorOf: string;
  deadlineIn: string;
}

/** The selector must select what the template makes, and the pods must be made to stay. */
export function validateSelectedPods(
  { selector, template = {}, emptySelectorOf, deadlineIn }: SelectedPods,
  errors: FieldErrors,
): void {
  if (!selector) errors.required('spec.selector');
  else {
    validateLabelSelector(selector, 'spec.selector', errors);
    if (isEmptySelector(selector))
      errors.invalid('spec.selector', printedSelector(selector), `empty selector is invalid for ${emptySelectorOf}`);
    if (!isUsable(selector))
      return errors.invalid('spec.selector', printedSelector(selector), 'invalid label selector');
  }
  const labels = template.metadata?.labels;
  // No selector at all selects nothing; an empty one would select everything.
  if (!selector || (!isEmptySelector(selector) && !selectorMatches(selector, labels)))
    errors.invalid(
      'spec.template.metadata.labels',
      printedLabels(labels),
      '`selector` does not match template `labels`',
    );
  validatePodTemplate(template, 'spec.template', errors);
  validateLastingPods(template, deadlineIn, errors);
}

/** A selector with errors selects nothing that could be compared. */
export function isUsable(selector: LabelSelector): boolean {
  const problems = new FieldErrors();
  validateLabelSelector(selector, '', problems);
  return !problems.list.length;
}

export function validateLastingPods({ spec = {} }: PodTemplate, deadlineIn: string, errors: FieldErrors): void {
  const { restartPolicy = '', activeDeadlineSeconds } = spec;
  if (restartPolicy !== 'Always') errors.notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']);
  if (activeDeadlineSeconds !== undefined)
    errors.forbidden(
      'spec.template.spec.activeDeadlineSeconds',
      `activeDeadlineSeconds in ${deadlineIn} is not Supported`,
    );
}

/** The wide columns that tell a template's containers; `selector` adds the third. */
export function templateColumns(
  templateOf: (object: AnyObject) => PodTemplate | undefined,
  selector?: (object: AnyObject) => string,
): Column[] {
  const containers = (object: AnyObject) => templateOf(object)?.spec?.containers ?? [];
  return [
    {
      name: 'Containers',
      priority: 1,
      value: (object) =>
        containers(object)
          .map(({ name }) => name)
          .join(','),
    },
    {
      name: 'Images',
      priority: 1,
      value: (object) =>
        containers(object)
          .map(({ image = '' }) => image)
          .join(','),
    },
    ...(selector ? [{ name: 'Selector', priority: 1, value: selector }] : []),
  ];
}
