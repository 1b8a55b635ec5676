/** Rules by which a job judges its failed pods. */
// Like validatePodFailurePolicy of pkg/apis/batch/validation.
import type { V1PodFailurePolicyOnExitCodesRequirement, V1PodFailurePolicyRule } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { goQuotedList } from '@naru/api/go-values';
import { checkQualifiedName } from '@naru/api/names';
import type { Fields } from '../fields.ts';
import type { JobSpec } from './job-fields.ts';

type Rule = Fields<V1PodFailurePolicyRule>;
type ExitCodes = Fields<V1PodFailurePolicyOnExitCodesRequirement>;

const mostRules = 20;
const mostPatterns = 20;
const mostExitCodes = 255;
const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore'];
const operators = ['In', 'NotIn'];
const conditionStatuses = ['False', 'True', 'Unknown'];

export function validatePodFailurePolicy(spec: JobSpec, path: string, errors: FieldErrors): void {
  const rules = spec.podFailurePolicy?.rules ?? [];
  if (rules.length > mostRules) errors.tooMany(`${path}.rules`, rules.length, mostRules);
  const { containers = [], initContainers = [] } = spec.template?.spec ?? {};
  const names = new Set([...containers, ...initContainers].map(({ name = '' }) => name));
  const countsByIndex = spec.backoffLimitPerIndex !== undefined;
  rules.forEach((rule, index) => {
    const at = `${path}.rules[${index}]`;
    validateAction(rule, countsByIndex, `${at}.action`, errors);
    validateRule(rule, names, at, errors);
  });
}

function validateAction({ action = '' }: Rule, countsByIndex: boolean, path: string, errors: FieldErrors): void {
  if (action === 'FailIndex' && !countsByIndex)
    errors.invalid(path, action, 'requires the backoffLimitPerIndex to be set');
  else validateChoice(action, actions, path, errors);
}

function validateRule(rule: Rule, names: ReadonlySet<string>, path: string, errors: FieldErrors): void {
  const { onExitCodes, onPodConditions = [] } = rule;
  if (onExitCodes) validateExitCodes(onExitCodes, names, `${path}.onExitCodes`, errors);
  if (onPodConditions.length > mostPatterns)
    errors.tooMany(`${path}.onPodConditions`, onPodConditions.length, mostPatterns);
  onPodConditions.forEach(({ type = '', status = '' }, index) => {
    const at = `${path}.onPodConditions[${index}]`;
    errors.invalidEach(`${at}.type`, type, checkQualifiedName(type));
    validateChoice(status, conditionStatuses, `${at}.status`, errors);
  });
  if (onExitCodes && onPodConditions.length)
    errors.invalidUnsaid(path, 'specifying both OnExitCodes and OnPodConditions is not supported');
  if (!onExitCodes && !onPodConditions.length)
    errors.invalidUnsaid(path, 'specifying one of OnExitCodes and OnPodConditions is required');
}

function validateExitCodes(codes: ExitCodes, names: ReadonlySet<string>, path: string, errors: FieldErrors): void {
  const { operator = '', containerName, values = [] } = codes;
  validateChoice(operator, operators, `${path}.operator`, errors);
  if (containerName !== undefined && !names.has(containerName))
    errors.invalid(
      `${path}.containerName`,
      containerName,
      'must be one of the container or initContainer names in the pod template',
    );
  if (!values.length) errors.invalid(`${path}.values`, values, 'at least one value is required');
  else if (values.length > mostExitCodes) errors.tooMany(`${path}.values`, values.length, mostExitCodes);
  const seen = new Set<number>();
  values.forEach((code, index) => {
    const at = `${path}.values[${index}]`;
    if (operator === 'In' && code === 0) errors.invalid(at, code, 'must not be 0 for the In operator');
    if (seen.has(code)) errors.duplicate(at, code);
    seen.add(code);
  });
  if (values.some((code, index) => index > 0 && (values[index - 1] ?? 0) > code))
    errors.invalid(`${path}.values`, values, 'must be ordered');
}

function validateChoice(value: string, choices: readonly string[], path: string, errors: FieldErrors): void {
  if (!value) errors.required(path, `valid values: ${goQuotedList(choices)}`);
  else if (!choices.includes(value)) errors.notSupported(path, value, choices);
}
