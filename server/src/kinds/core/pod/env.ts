/** Environment variables and where their values come from. */
// Like ValidateEnv and ValidateEnvFrom of pkg/apis/core/validation.
import type {
  V1EnvFromSource,
  V1EnvVar,
  V1EnvVarSource,
  V1FileKeySelector,
  V1ObjectFieldSelector,
  V1ResourceFieldSelector,
} from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkConfigMapKey, checkQualifiedName, checkRelaxedEnvVarName, subdomainName } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { isZero } from '../../quantities.ts';
import { validateLocalPath } from './paths.ts';

const envFieldPaths = [
  'metadata.name',
  'metadata.namespace',
  'metadata.uid',
  'spec.nodeName',
  'spec.serviceAccountName',
  'status.hostIP',
  'status.hostIPs',
  'status.podIP',
  'status.podIPs',
];

export function validateEnv(variables: readonly Fields<V1EnvVar>[], path: string, errors: FieldErrors): void {
  variables.forEach(({ name = '', value = '', valueFrom }, index) => {
    if (!name) errors.required(`${path}[${index}].name`);
    else errors.invalidEach(`${path}[${index}].name`, name, checkRelaxedEnvVarName(name));
    if (valueFrom) validateValueFrom(valueFrom, value, `${path}[${index}].valueFrom`, errors);
  });
}

function validateValueFrom(source: Fields<V1EnvVarSource>, value: string, path: string, errors: FieldErrors): void {
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source;
  if (fieldRef) validateFieldReference(fieldRef, envFieldPaths, `${path}.fieldRef`, errors);
  if (resourceFieldRef)
    validateResourceReference(resourceFieldRef, `${path}.resourceFieldRef`, { inVolume: false }, errors);
  if (configMapKeyRef) validateKeyReference(configMapKeyRef, `${path}.configMapKeyRef`, errors);
  if (secretKeyRef) validateKeyReference(secretKeyRef, `${path}.secretKeyRef`, errors);
  if (fileKeyRef) validateFileReference(fileKeyRef, `${path}.fileKeyRef`, errors);

  const sources = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(Boolean).length;
  if (sources === 0)
    errors.invalid(
      path,
      '',
      'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`',
    );
  else if (value) errors.invalid(path, '', 'may not be specified when `value` is not empty');
  else if (sources > 1) errors.invalid(path, '', 'may not have more than one field specified at a time');
}

function validateKeyReference(
  { name = '', key = '' }: { name?: string; key?: string },
  path: string,
  errors: FieldErrors,
): void {
  errors.invalidEach(`${path}.name`, name, subdomainName(name, { generateName: false }));
  if (!key) errors.required(`${path}.key`);
  else errors.invalidEach(`${path}.key`, key, checkConfigMapKey(key));
}

function validateFileReference(
  { key = '', volumeName = '', path: file = '' }: Fields<V1FileKeySelector>,
  path: string,
  errors: FieldErrors,
): void {
  if (!key) errors.required(`${path}.key`);
  else errors.invalidEach(`${path}.key`, key, checkRelaxedEnvVarName(key));
  if (!volumeName) errors.required(`${path}.volumeName`);
  if (!file) errors.required(`${path}.path`);
  else validateLocalPath(file, `${path}.path`, errors);
}

// Like ConvertDownwardAPIFieldLabel of pkg/apis/core/pods.
const knownFieldLabels = new Set([
  ...envFieldPaths,
  'metadata.annotations',
  'metadata.labels',
  'spec.restartPolicy',
  'spec.schedulerName',
  'status.phase',
]);

/** A field of the pod itself; `allowed` are the paths without a subscript. */
export function validateFieldReference(
  { apiVersion = '', fieldPath = '' }: Fields<V1ObjectFieldSelector>,
  allowed: readonly string[],
  path: string,
  errors: FieldErrors,
): void {
  if (!apiVersion) return errors.required(`${path}.apiVersion`);
  if (!fieldPath) return errors.required(`${path}.fieldPath`);
  const [, base = '', subscript] = /^([^[]*)\['(.*)'\]$/s.exec(fieldPath) ?? ['', fieldPath];
  const problem = conversionProblem(apiVersion, fieldPath, base, subscript);
  if (problem) return errors.invalid(`${path}.fieldPath`, fieldPath, `error converting fieldPath: ${problem}`);
  if (subscript === undefined) {
    const converted = base === 'spec.host' ? 'spec.nodeName' : base;
    if (!allowed.includes(converted)) errors.notSupported(`${path}.fieldPath`, converted, allowed);
  } else if (base === 'metadata.annotations')
    errors.invalidEach(path, subscript.toLowerCase(), checkQualifiedName(subscript.toLowerCase()));
  else errors.invalidEach(path, subscript, checkQualifiedName(subscript));
}

function conversionProblem(apiVersion: string, fieldPath: string, base: string, subscript: string | undefined): string {
  if (apiVersion !== 'v1') return `unsupported pod version: ${apiVersion}`;
  if (subscript !== undefined)
    return base === 'metadata.annotations' || base === 'metadata.labels'
      ? ''
      : `field label does not support subscript: ${fieldPath}`;
  return knownFieldLabels.has(base) || base === 'spec.host' ? '' : `field label not supported: ${fieldPath}`;
}

const resourcePaths = [
  'limits.cpu',
  'limits.ephemeral-storage',
  'limits.memory',
  'requests.cpu',
  'requests.ephemeral-storage',
  'requests.memory',
];

const byteDivisors = ['1', '1k', '1M', '1G', '1T', '1P', '1E', '1Ki', '1Mi', '1Gi', '1Ti', '1Pi', '1Ei'];
const isHugePages = (resource: string) =>
  resource.startsWith('limits.hugepages-') || resource.startsWith('requests.hugepages-');

/** A request or limit of a container; in a volume the container must be named. */
export function validateResourceReference(
  { containerName = '', resource = '', divisor = '0' }: Fields<V1ResourceFieldSelector>,
  path: string,
  { inVolume }: { inVolume: boolean },
  errors: FieldErrors,
): void {
  if (inVolume && !containerName) errors.required(`${path}.containerName`);
  else if (!resource) errors.required(`${path}.resource`);
  else if (!resourcePaths.includes(resource) && !isHugePages(resource))
    errors.notSupported(`${path}.resource`, resource, resourcePaths);
  validateDivisor(resource, divisor, path, errors);
}

function validateDivisor(resource: string, divisor: string, path: string, errors: FieldErrors): void {
  if (isZero(divisor)) return;
  const what = resource.replace(/^(limits|requests)\./, '');
  if (what === 'cpu') {
    if (divisor !== '1m' && divisor !== '1')
      errors.invalid(`${path}.divisor`, resource, "only divisor's values 1m and 1 are supported with the cpu resource");
    return;
  }
  const spelled = isHugePages(resource)
    ? 'hugepages'
    : { memory: 'memory', 'ephemeral-storage': 'local ephemeral storage' }[what];
  if (spelled && !byteDivisors.includes(divisor))
    errors.invalid(
      `${path}.divisor`,
      resource,
      `only divisor's values ${byteDivisors.join(', ')} are supported with the ${spelled} resource`,
    );
}

export function validateEnvFrom(sources: readonly Fields<V1EnvFromSource>[], path: string, errors: FieldErrors): void {
  sources.forEach(({ prefix = '', configMapRef, secretRef }, index) => {
    const sourcePath = `${path}[${index}]`;
    if (prefix) errors.invalidEach(`${sourcePath}.prefix`, prefix, checkRelaxedEnvVarName(prefix));
    if (configMapRef) validateSourceName(configMapRef.name ?? '', `${sourcePath}.configMapRef.name`, errors);
    if (secretRef) validateSourceName(secretRef.name ?? '', `${sourcePath}.secretRef.name`, errors);
    if (!configMapRef && !secretRef) errors.invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`');
    else if (configMapRef && secretRef)
      errors.invalid(path, '', 'may not have more than one field specified at a time');
  });
}

function validateSourceName(name: string, path: string, errors: FieldErrors): void {
  if (!name) errors.required(path);
  else errors.invalidEach(path, name, subdomainName(name, { generateName: true }));
}
