/** Containers, init containers and ephemeral containers. */
// Like validateContainers, validateInitContainers and validateEphemeralContainers of pkg/apis/core/validation.
import type { V1ContainerRestartRule } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Label } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { validateEnv, validateEnvFrom } from './env.ts';
import { validateVolumeDevices, validateVolumeMounts } from './mounts.ts';
import { validateContainerPorts, validateHostPortConflicts } from './ports.ts';
import { validateLifecycle, validateProbes } from './probes.ts';
import { validateContainerResources } from './resources.ts';
import { validateSecurityContext } from './security-context.ts';
import { isSidecar } from './pod-fields.ts';
import type { Container, PodContext, PodSpec } from './pod-fields.ts';

const pullPolicies = ['Always', 'IfNotPresent', 'Never'];

export function validatePullPolicy(policy: string, path: string, errors: FieldErrors): void {
  if (!policy) errors.required(path);
  else if (!pullPolicies.includes(policy)) errors.notSupported(path, policy, pullPolicies);
}

export function validateContainers(
  { containers = [] }: PodSpec,
  context: PodContext,
  path: string,
  errors: FieldErrors,
): void {
  if (!containers.length) return errors.required(path);
  const names = new Set<string>();
  containers.forEach((container, index) => {
    const at = `${path}[${index}]`;
    const { name = '', lifecycle } = container;
    validateCommon(container, context, at, errors);
    if (names.has(name)) errors.duplicate(`${at}.name`, name);
    names.add(name);
    if (lifecycle) validateLifecycle(lifecycle, context.gracePeriod, `${at}.lifecycle`, errors);
    validateProbes(container, at, errors);
    validateRestartPolicy(container, at, errors);
  });
  validateHostPortConflicts(containers, path, errors);
}

/** What every container is asked. */
function validateCommon(container: Container, context: PodContext, path: string, errors: FieldErrors): void {
  const { name = '', image = '', terminationMessagePolicy: policy = '' } = container;
  if (!name) errors.required(`${path}.name`);
  else errors.invalidEach(`${path}.name`, name, checkDNS1123Label(name));
  if (!image) errors.required(`${path}.image`);
  if (!policy) errors.required(`${path}.terminationMessagePolicy`);
  else if (policy !== 'File' && policy !== 'FallbackToLogsOnError')
    errors.notSupported(`${path}.terminationMessagePolicy`, policy, ['File', 'FallbackToLogsOnError']);
  validateContainerPorts(container.ports ?? [], `${path}.ports`, errors);
  validateEnv(container.env ?? [], `${path}.env`, errors);
  validateEnvFrom(container.envFrom ?? [], `${path}.envFrom`, errors);
  validateVolumeMounts(container, context.volumes, `${path}.volumeMounts`, errors);
  validateVolumeDevices(container, context.volumes, `${path}.volumeDevices`, errors);
  validatePullPolicy(container.imagePullPolicy ?? '', `${path}.imagePullPolicy`, errors);
  validateContainerResources(container.resources ?? {}, context.claimNames, `${path}.resources`, errors);
  validateResizePolicy(container, context.restartPolicy, `${path}.resizePolicy`, errors);
  if (container.securityContext)
    validateSecurityContext(container.securityContext, context.hostUsers, `${path}.securityContext`, errors);
}

function validateResizePolicy(
  { resizePolicy = [] }: Container,
  podRestartPolicy: string,
  path: string,
  errors: FieldErrors,
): void {
  const resources = new Set<string>();
  resizePolicy.forEach(({ resourceName = '', restartPolicy = '' }, index) => {
    if (resources.has(resourceName)) errors.duplicate(`${path}[${index}]`, resourceName);
    resources.add(resourceName);
    if (!resourceName) errors.required(path);
    else if (resourceName !== 'cpu' && resourceName !== 'memory')
      errors.notSupported(path, resourceName, ['cpu', 'memory']);
    if (!restartPolicy) errors.required(path);
    else if (restartPolicy !== 'NotRequired' && restartPolicy !== 'RestartContainer')
      errors.notSupported(path, restartPolicy, ['NotRequired', 'RestartContainer']);
    if (podRestartPolicy === 'Never' && restartPolicy !== 'NotRequired')
      errors.invalid(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'");
  });
}

const restartPolicies = ['Always', 'Never', 'OnFailure'];

// Like validateContainerRestartPolicy: a container may differ from its pod.
function validateRestartPolicy(
  { restartPolicy, restartPolicyRules: rules = [] }: Container,
  path: string,
  errors: FieldErrors,
): void {
  if (restartPolicy === undefined) {
    if (rules.length)
      errors.required(`${path}.restartPolicy`, 'must specify restartPolicy when restart rules are used');
  } else if (!restartPolicies.includes(restartPolicy))
    errors.notSupported(`${path}.restartPolicy`, restartPolicy, restartPolicies);
  if (rules.length > 20) errors.tooMany(`${path}.restartPolicyRules`, rules.length, 20);
  rules.forEach((rule, index) => validateRestartRule(rule, `${path}.restartPolicyRules[${index}]`, errors));
}

function validateRestartRule(
  { action = '', exitCodes }: Fields<V1ContainerRestartRule>,
  path: string,
  errors: FieldErrors,
): void {
  if (action !== 'Restart' && action !== 'RestartAllContainers')
    errors.notSupported(`${path}.action`, action, ['Restart', 'RestartAllContainers']);
  if (!exitCodes) return errors.required(`${path}.exitCodes`, 'must be specified');
  const { operator = '', values = [] } = exitCodes;
  if (operator !== 'In' && operator !== 'NotIn')
    errors.notSupported(`${path}.exitCodes.operator`, operator, ['In', 'NotIn']);
  if (values.length > 255) errors.tooMany(`${path}.exitCodes.values`, values.length, 255);
}

const sidecarOnly = 'may not be set for init containers without restartPolicy=Always';

export function validateInitContainers(spec: PodSpec, context: PodContext, path: string, errors: FieldErrors): void {
  const names = new Set((spec.containers ?? []).map(({ name = '' }) => name));
  (spec.initContainers ?? []).forEach((container, index) => {
    const at = `${path}[${index}]`;
    const { name = '', lifecycle } = container;
    validateCommon(container, context, at, errors);
    validateRestartPolicy(container, at, errors);
    if (names.has(name)) errors.duplicate(`${at}.name`, name);
    else if (name) names.add(name);
    validateHostPortConflicts([container], path, errors);
    if (isSidecar(container)) {
      if (lifecycle) validateLifecycle(lifecycle, context.gracePeriod, `${at}.lifecycle`, errors);
      validateProbes(container, at, errors);
      return;
    }
    for (const field of ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const)
      if (container[field]) errors.forbidden(`${at}.${field}`, sidecarOnly);
  });
}

const notForEphemeral = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
] as const;

export function validateEphemeralContainers(
  spec: PodSpec,
  context: PodContext,
  path: string,
  errors: FieldErrors,
): void {
  const others = new Set([...(spec.containers ?? []), ...(spec.initContainers ?? [])].map(({ name = '' }) => name));
  const names = new Set(others);
  (spec.ephemeralContainers ?? []).forEach((container, index) => {
    const at = `${path}[${index}]`;
    const { name = '', targetContainerName = '' } = container;
    validateCommon(container, context, at, errors);
    validateImageBlanks(container, at, errors);
    if (names.has(name)) errors.duplicate(`${at}.name`, name);
    names.add(name);
    if (targetContainerName && !others.has(targetContainerName))
      errors.notFound(`${at}.targetContainerName`, targetContainerName);
    for (const field of notForEphemeral)
      if (isSet(container[field])) errors.forbidden(`${at}.${field}`, 'cannot be set for an Ephemeral Container');
    (container.volumeMounts ?? []).forEach((mount, mountIndex) => {
      for (const field of ['subPath', 'subPathExpr'] as const)
        if (mount[field])
          errors.forbidden(`${at}.volumeMounts[${mountIndex}].${field}`, 'cannot be set for an Ephemeral Container');
    });
  });
}

const isSet = (value: unknown): boolean =>
  value !== undefined && (typeof value !== 'object' || value === null || Object.keys(value).length > 0);

/** Asked of pods, not of templates: an image is named without blanks around. */
export function validateImageBlanks({ image = '' }: Container, path: string, errors: FieldErrors): void {
  if (image.trim() !== image) errors.invalid(`${path}.image`, image, 'must not have leading or trailing whitespace');
}
