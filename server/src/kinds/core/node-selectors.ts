/** Selectors of nodes, as affinity and volumes have them. */
// Like ValidateNodeSelector of pkg/apis/core/validation.
import type { V1NodeSelector, V1NodeSelectorRequirement, V1NodeSelectorTerm } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkLabelValue, checkQualifiedName, subdomainName } from '@naru/api/names';
import type { Fields } from '../fields.ts';

type Requirement = Fields<V1NodeSelectorRequirement>;
interface Options {
  /** Preferences are not held to label values: a node that cannot match is merely not preferred. */
  allowInvalidValues?: boolean;
}

export function validateNodeSelector(
  { nodeSelectorTerms = [] }: Fields<V1NodeSelector>,
  path: string,
  errors: FieldErrors,
  options: Options = {},
): void {
  const termsPath = `${path}.nodeSelectorTerms`;
  if (!nodeSelectorTerms.length) errors.required(termsPath, 'must have at least one node selector term');
  nodeSelectorTerms.forEach((term, index) => validateNodeSelectorTerm(term, `${termsPath}[${index}]`, errors, options));
}

export function validateNodeSelectorTerm(
  { matchExpressions = [], matchFields = [] }: Fields<V1NodeSelectorTerm>,
  path: string,
  errors: FieldErrors,
  options: Options = {},
): void {
  matchExpressions.forEach((requirement, index) =>
    validateRequirement(requirement, `${path}.matchExpressions[${index}]`, errors, options),
  );
  matchFields.forEach((requirement, index) =>
    validateFieldRequirement(requirement, `${path}.matchFields[${index}]`, errors),
  );
}

function validateRequirement(
  { key = '', operator = '', values = [] }: Requirement,
  path: string,
  errors: FieldErrors,
  { allowInvalidValues = false }: Options,
): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (!values.length) errors.required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length)
      errors.forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1)
      errors.required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'");
  } else errors.invalid(`${path}.operator`, operator, 'not a valid selector operator');
  errors.invalidEach(`${path}.key`, key, checkQualifiedName(key));
  if (allowInvalidValues) return;
  values.forEach((value, index) => errors.invalidEach(`${path}.values[${index}]`, value, checkLabelValue(value)));
}

function validateFieldRequirement(
  { key = '', operator = '', values = [] }: Requirement,
  path: string,
  errors: FieldErrors,
): void {
  if (operator !== 'In' && operator !== 'NotIn')
    errors.invalid(`${path}.operator`, operator, 'not a valid selector operator');
  else if (values.length !== 1)
    errors.required(
      `${path}.values`,
      "must be only one value when `operator` is 'In' or 'NotIn' for node field selector",
    );
  if (key !== 'metadata.name') errors.invalid(`${path}.key`, key, 'not a valid field selector key');
  else
    values.forEach((value, index) =>
      errors.invalidEach(`${path}.values[${index}]`, value, subdomainName(value, { generateName: false })),
    );
}
