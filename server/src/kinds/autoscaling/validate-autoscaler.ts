/** What is wrong with an autoscaler, in its v2 shape whichever version was written. */
// Like pkg/apis/autoscaling/validation.
import { FieldErrors } from '@naru/api/field-errors';
import type { FieldError } from '@naru/api/status';
import { validateNonNegative } from '../core/replicated-pods.ts';
import { isNegative } from '../quantities.ts';
import type { Autoscaler, AutoscalerSpec, ScalingRules } from './autoscaler-fields.ts';
import { validateReference, versionProblem } from './target-reference.ts';
import type { VersionRule } from './target-reference.ts';
import { validateMetric } from './validate-metric.ts';

interface Rules {
  leastMinimum: 0 | 1;
  target: VersionRule;
  objects: VersionRule;
}

export function validateAutoscaler({ spec = {} }: Autoscaler): FieldError[] {
  return validateSpec(spec, { leastMinimum: 1, target: targetRule(spec), objects: 'any version' });
}

export function validateAutoscalerUpdate(
  { spec = {}, status = {} }: Autoscaler,
  { spec: old = {} }: Autoscaler,
  subresource: string,
): FieldError[] {
  if (subresource === 'status') {
    const errors = new FieldErrors();
    validateNonNegative(status.currentReplicas, 'status.currentReplicas', errors);
    validateNonNegative(status.desiredReplicas, 'status.desiredReplicas', errors);
    return errors.list;
  }
  const [now, before] = [spec.scaleTargetRef, old.scaleTargetRef];
  const sameTarget = now?.apiVersion === before?.apiVersion && now?.kind === before?.kind;
  return validateSpec(spec, {
    leastMinimum: old.minReplicas === 0 ? 0 : 1,
    target: sameTarget ? 'unchecked' : targetRule(spec),
    objects: hasBadVersion(old) ? 'unchecked' : 'any version',
  });
}

// The one scalable kind without a group.
const targetRule = ({ scaleTargetRef }: AutoscalerSpec): VersionRule =>
  scaleTargetRef?.kind === 'ReplicationController' ? 'any version' : 'group needed';

const hasBadVersion = ({ metrics = [] }: AutoscalerSpec): boolean =>
  metrics.some(({ object }) => object && versionProblem(object.describedObject?.apiVersion, 'any version'));

function validateSpec(spec: AutoscalerSpec, { leastMinimum, target, objects }: Rules): FieldError[] {
  const errors = new FieldErrors();
  const { minReplicas, maxReplicas = 0, scaleTargetRef = {}, metrics = [], behavior } = spec;
  if (minReplicas !== undefined && minReplicas < leastMinimum)
    errors.invalid('spec.minReplicas', minReplicas, `must be greater than or equal to ${leastMinimum}`);
  if (maxReplicas < 1) errors.required('spec.maxReplicas', 'must be set and greater than 0');
  if (minReplicas !== undefined && maxReplicas < minReplicas)
    errors.invalid('spec.maxReplicas', maxReplicas, 'must be greater than or equal to `minReplicas`');
  validateReference(scaleTargetRef, 'spec.scaleTargetRef', target, errors);
  metrics.forEach((metric, index) => validateMetric(metric, `spec.metrics[${index}]`, objects, errors));
  if (minReplicas === 0 && !metrics.some(({ type }) => type === 'Object' || type === 'External'))
    errors.forbidden(
      'spec.metrics',
      'must specify at least one Object or External metric to support scaling to zero replicas',
    );
  validateScalingRules(behavior?.scaleUp, 'spec.behavior.scaleUp', errors);
  validateScalingRules(behavior?.scaleDown, 'spec.behavior.scaleDown', errors);
  return errors.list;
}

const selections = ['Disabled', 'Max', 'Min'];
const policyTypes = ['Percent', 'Pods'];
const longestWindow = 3600;
const longestPeriod = 1800;

function validateScalingRules(rules: ScalingRules | undefined, path: string, errors: FieldErrors): void {
  if (!rules) return;
  const { stabilizationWindowSeconds: window, selectPolicy, policies = [], tolerance } = rules;
  if (window !== undefined && window < 0)
    errors.invalid(`${path}.stabilizationWindowSeconds`, window, 'must be greater than or equal to zero');
  if (window !== undefined && window > longestWindow)
    errors.invalid(`${path}.stabilizationWindowSeconds`, window, `must be less than or equal to ${longestWindow}`);
  if (selectPolicy !== undefined && !selections.includes(selectPolicy))
    errors.notSupported(`${path}.selectPolicy`, selectPolicy, selections);
  if (!policies.length) errors.required(`${path}.policies`, 'must specify at least one Policy');
  policies.forEach(({ type = '', value = 0, periodSeconds = 0 }, index) => {
    const at = `${path}.policies[${index}]`;
    if (!policyTypes.includes(type)) errors.notSupported(`${at}.type`, type, policyTypes);
    if (value <= 0) errors.invalid(`${at}.value`, value, 'must be greater than zero');
    if (periodSeconds <= 0) errors.invalid(`${at}.periodSeconds`, periodSeconds, 'must be greater than zero');
    if (periodSeconds > longestPeriod)
      errors.invalid(`${at}.periodSeconds`, periodSeconds, `must be less than or equal to ${longestPeriod}`);
  });
  if (tolerance !== undefined && isNegative(tolerance))
    errors.invalid(`${path}.tolerance`, tolerance, 'must be greater than or equal to 0');
}
