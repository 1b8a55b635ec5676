/** What is wrong with one metric of an autoscaler. */
// Like validateMetricSpec of pkg/apis/autoscaling/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Label, checkPathSegment } from '@naru/api/names';
import { validateContainerResourceName } from '../core/resource-names.ts';
import { isPositive } from '../quantities.ts';
import type { MetricIdentifier, MetricSpec, MetricTarget } from './autoscaler-fields.ts';
import { validateReference } from './target-reference.ts';
import type { VersionRule } from './target-reference.ts';

const fieldOfType = new Map<string, keyof MetricSpec>([
  ['ContainerResource', 'containerResource'],
  ['External', 'external'],
  ['Object', 'object'],
  ['Pods', 'pods'],
  ['Resource', 'resource'],
]);
const types = [...fieldOfType.keys()];

/** In upstream's order: of several sources the first is looked at. */
const sources = ['object', 'external', 'pods', 'resource', 'containerResource'] as const;

/** `objects`: how the apiVersion of a described object is read. */
export function validateMetric(metric: MetricSpec, path: string, objects: VersionRule, errors: FieldErrors): void {
  const { type = '' } = metric;
  const field = fieldOfType.get(type);
  if (!type) errors.required(`${path}.type`, 'must specify a metric source type');
  if (!field) errors.notSupported(`${path}.type`, type, types);
  const present = sources.filter((source) => metric[source] !== undefined);
  if (present[0]) validateSource(metric, present[0], path, objects, errors);
  if (!field) errors.notSupported(`${path}.type`, type, types);
  else if (metric[field] === undefined)
    errors.required(`${path}.${field}`, 'must populate information for the given metric source');
  if (present.length === 1) return;
  for (const source of present.filter((source) => source !== field))
    errors.forbidden(`${path}.${source}`, 'must populate the given metric source only');
}

function validateSource(
  metric: MetricSpec,
  source: (typeof sources)[number],
  metricPath: string,
  objects: VersionRule,
  errors: FieldErrors,
): void {
  const path = `${metricPath}.${source}`;
  const target = metric[source]?.target ?? {};
  const missing = (field: string, detail: string) => errors.required(`${path}.target.${field}`, detail);
  switch (source) {
    case 'object':
      validateReference(metric.object?.describedObject ?? {}, `${path}.describedObject`, objects, errors);
      validateIdentifier(metric.object?.metric, path, errors);
      validateTarget(target, path, errors);
      if (!hasValue(target)) missing('averageValue', 'must set either a target value or averageValue');
      return;
    case 'external':
      validateIdentifier(metric.external?.metric, path, errors);
      validateTarget(target, path, errors);
      if (!hasValue(target)) missing('averageValue', 'must set either a target value for metric or a per-pod target');
      if (target.value !== undefined && target.averageValue !== undefined)
        errors.forbidden(`${path}.target.value`, 'may not set both a target value for metric and a per-pod target');
      return;
    case 'pods':
      validateIdentifier(metric.pods?.metric, path, errors);
      validateTarget(target, path, errors);
      if (target.averageValue === undefined) missing('averageValue', 'must specify a positive target averageValue');
      return;
    case 'resource':
      if (!metric.resource?.name) errors.required(`${path}.name`, 'must specify a resource name');
      return validateResourceTarget(target, path, errors);
    case 'containerResource':
      validateContainerSource(metric.containerResource ?? {}, path, errors);
      return validateResourceTarget(target, path, errors);
  }
}

const hasValue = ({ value, averageValue }: MetricTarget) => value !== undefined || averageValue !== undefined;

function validateContainerSource(
  { name = '', container = '' }: { name?: string; container?: string },
  path: string,
  errors: FieldErrors,
): void {
  if (name) validateContainerResourceName(name, `${path}.name`, errors);
  else errors.required(`${path}.name`, 'must specify a resource name');
  if (container) errors.invalidEach(`${path}.container`, container, checkDNS1123Label(container));
  else errors.required(`${path}.container`, 'must specify a container');
}

function validateResourceTarget(target: MetricTarget, path: string, errors: FieldErrors): void {
  validateTarget(target, path, errors);
  const { averageUtilization, averageValue } = target;
  if (averageUtilization === undefined && averageValue === undefined)
    errors.required(`${path}.target.averageUtilization`, 'must set either a target raw value or a target utilization');
  if (averageUtilization !== undefined && averageValue !== undefined)
    errors.forbidden(`${path}.target.averageValue`, 'may not set both a target raw value and a target utilization');
}

const targetTypes = ['Utilization', 'Value', 'AverageValue'];

function validateTarget({ type = '', ...target }: MetricTarget, path: string, errors: FieldErrors): void {
  if (!type) errors.required(`${path}.target.type`, 'must specify a metric target type');
  if (!targetTypes.includes(type))
    errors.invalid(`${path}.target.type`, type, 'must be either Utilization, Value, or AverageValue');
  for (const field of ['value', 'averageValue'] as const) {
    const value = target[field];
    if (value !== undefined && !isPositive(value)) errors.invalid(`${path}.target.${field}`, value, 'must be positive');
  }
  const { averageUtilization } = target;
  if (averageUtilization !== undefined && averageUtilization < 1)
    errors.invalid(`${path}.target.averageUtilization`, averageUtilization, 'must be greater than 0');
}

function validateIdentifier(metric: MetricIdentifier | undefined, path: string, errors: FieldErrors): void {
  const name = metric?.name ?? '';
  if (name) errors.invalidEach(`${path}.metric.name`, name, checkPathSegment(name));
  else errors.required(`${path}.metric.name`, 'must specify a metric name');
}
