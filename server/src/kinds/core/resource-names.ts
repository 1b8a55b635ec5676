/** Names of compute resources: which are known, which may be overcommitted, which count whole things. */
// Like pkg/apis/core/helper and component-helpers/resource.
import { checkQualifiedName } from '@naru/api/names';
import type { FieldErrors } from '@naru/api/field-errors';

const containerResources = new Set(['cpu', 'memory', 'ephemeral-storage']);
const integerResources = new Set([
  'pods',
  'services',
  'resourcequotas',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
]);
const quotaResources = new Set([
  ...integerResources,
  'cpu',
  'memory',
  'ephemeral-storage',
  'requests.cpu',
  'requests.memory',
  'requests.storage',
  'requests.ephemeral-storage',
  'limits.cpu',
  'limits.memory',
  'limits.ephemeral-storage',
]);
const otherStandardResources = new Set(['storage']);

export const isHugePageResource = (name: string): boolean => name.startsWith('hugepages-');

const isQuotaHugePageResource = (name: string) => isHugePageResource(name) || name.startsWith('requests.hugepages-');

export const isStandardQuotaResource = (name: string): boolean =>
  quotaResources.has(name) || isQuotaHugePageResource(name);

export const isStandardContainerResource = (name: string): boolean =>
  containerResources.has(name) || isHugePageResource(name);

const isStandardResource = (name: string) =>
  isStandardQuotaResource(name) || otherStandardResources.has(name) || isHugePageResource(name);

/** Without a domain, or in kubernetes.io. */
export const isNativeResource = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/');

/** A resource of somebody's own, such as example.com/gpu. */
export const isExtendedResource = (name: string): boolean =>
  !isNativeResource(name) && !name.startsWith('requests.') && checkQualifiedName(`requests.${name}`).length === 0;

/** Whether requests may stay below limits. */
export const isOvercommitAllowed = (name: string): boolean => isNativeResource(name) && !isHugePageResource(name);

export const isIntegerResource = (name: string): boolean => integerResources.has(name) || isExtendedResource(name);

export const isSupportedPodLevelResource = (name: string): boolean =>
  name === 'cpu' || name === 'memory' || isHugePageResource(name);

/** A resource anywhere. */
export function validateResourceName(name: string, path: string, errors: FieldErrors): void {
  const messages = checkQualifiedName(name);
  errors.invalidEach(path, name, messages);
  if (!messages.length && !name.includes('/') && !isStandardResource(name))
    errors.invalid(path, name, 'must be a standard resource type or fully qualified');
}

/** A resource of a container. */
export function validateContainerResourceName(name: string, path: string, errors: FieldErrors): void {
  validateResourceName(name, path, errors);
  if (!name.includes('/')) {
    if (!isStandardContainerResource(name)) errors.invalid(path, name, 'must be a standard resource for containers');
  } else if (!isNativeResource(name) && !isExtendedResource(name))
    errors.invalid(path, name, "doesn't follow extended resource name standard");
}

/** A resource of a whole pod. */
export function validatePodResourceName(name: string, path: string, errors: FieldErrors): void {
  const before = errors.list.length;
  validateResourceName(name, path, errors);
  if (errors.list.length === before && !isSupportedPodLevelResource(name))
    errors.notSupported(path, name, ['cpu', 'hugepages-', 'memory']);
}

/** A resource that a quota counts. */
export function validateQuotaResourceName(name: string, path: string, errors: FieldErrors): void {
  validateResourceName(name, path, errors);
  if (!name.includes('/') && !isStandardQuotaResource(name))
    errors.invalid(path, name, 'must be a standard resource for quota');
}
