/** Requests and limits of containers and pods. */
// Like validateResourceRequirements and validatePodResources of pkg/apis/core/validation.
import type { CoreV1ResourceClaim } from '@kubernetes/client-node';
import { fieldNotFound } from '@naru/api/field-errors';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Label } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { compareQuantities, isNegative, isWhole, quantityValue } from '../../quantities.ts';
import {
  isHugePageResource,
  isIntegerResource,
  isOvercommitAllowed,
  validateContainerResourceName,
  validatePodResourceName,
} from '../resource-names.ts';
import { aggregateContainerRequests } from './pod-resources.ts';
import type { PodSpec, Resources } from './pod-fields.ts';

/** A quantity of `resource`: never negative, whole where halves make no sense. */
export function validateResourceQuantity(resource: string, quantity: string, path: string, errors: FieldErrors): void {
  if (isNegative(quantity)) errors.invalid(path, quantity, 'must be greater than or equal to 0');
  if (isIntegerResource(resource) && !isWhole(quantity)) errors.invalid(path, quantity, 'must be an integer');
}

type NameValidator = (name: string, path: string, errors: FieldErrors) => void;

export function validateContainerResources(
  resources: Resources,
  claimNames: ReadonlySet<string>,
  path: string,
  errors: FieldErrors,
): void {
  validateRequirements(resources, validateContainerResourceName, path, errors);
  validateClaims(resources.claims ?? [], claimNames, `${path}.claims`, errors);
}

function validateRequirements(
  resources: Resources,
  validateName: NameValidator,
  path: string,
  errors: FieldErrors,
): void {
  const limits = new Map(Object.entries(resources.limits ?? {}));
  const requests = new Map(Object.entries(resources.requests ?? {}));
  for (const [name, quantity] of limits) validateEntry(name, quantity, `${path}.limits[${name}]`, validateName, errors);
  for (const [name, quantity] of requests) {
    const entryPath = `${path}.requests[${name}]`;
    validateName(name, entryPath, errors);
    validateResourceQuantity(name, quantity, entryPath, errors);
    validateAgainstLimit(name, quantity, limits.get(name), path, errors);
    validateHugePages(name, quantity, entryPath, errors);
  }
  const names = [...limits.keys(), ...requests.keys()];
  if (names.some(isHugePageResource) && !names.includes('cpu') && !names.includes('memory'))
    errors.forbidden(path, 'HugePages require cpu or memory');
}

function validateEntry(
  name: string,
  quantity: string,
  path: string,
  validateName: NameValidator,
  errors: FieldErrors,
): void {
  validateName(name, path, errors);
  validateResourceQuantity(name, quantity, path, errors);
  validateHugePages(name, quantity, path, errors);
}

function validateAgainstLimit(
  name: string,
  request: string,
  limit: string | undefined,
  path: string,
  errors: FieldErrors,
): void {
  const mayDiffer = isOvercommitAllowed(name);
  if (limit === undefined) {
    if (!mayDiffer) errors.required(`${path}.limits`, 'Limit must be set for non overcommitable resources');
    return;
  }
  const order = compareQuantities(request, limit);
  if (order !== 0 && !mayDiffer)
    errors.invalid(`${path}.requests`, request, `must be equal to ${name} limit of ${limit}`);
  else if (order > 0)
    errors.invalid(`${path}.requests`, request, `must be less than or equal to ${name} limit of ${limit}`);
}

function validateHugePages(name: string, quantity: string, path: string, errors: FieldErrors): void {
  if (!isHugePageResource(name)) return;
  const size = pageSize(name.slice('hugepages-'.length));
  const value = quantityValue(quantity);
  if (!(size > 0 && value > 0 && value % size === 0))
    errors.invalid(path, quantity, `${quantity} is not positive integer multiple of ${name}`);
}

const pageSize = (text: string): number => {
  try {
    return quantityValue(text);
  } catch {
    return 0;
  }
};

function validateClaims(
  claims: readonly Fields<CoreV1ResourceClaim>[],
  claimNames: ReadonlySet<string>,
  path: string,
  errors: FieldErrors,
): void {
  const names = new Set<string>();
  claims.forEach(({ name = '', request = '' }, index) => {
    const claimPath = `${path}[${index}]`;
    if (!name) {
      errors.required(claimPath);
      return;
    }
    if (names.has(name)) errors.duplicate(claimPath, name);
    else {
      const key = request ? `${name}/${request}` : name;
      if (request) errors.invalidEach(`${claimPath}.request`, request, checkDNS1123Label(request));
      if (names.has(key)) errors.duplicate(claimPath, key);
      else if (!request)
        for (const present of names) if (present.startsWith(`${name}/`)) errors.duplicate(claimPath, name);
      names.add(key);
    }
    if (claimNames.has(name)) return;
    const notFound = fieldNotFound(claimPath, name);
    const known = claimNames.size ? `: ${[...claimNames].sort().join(', ')}` : ' which is empty';
    errors.add({
      ...notFound,
      message: `${notFound.message}: must be one of the names in pod.spec.resourceClaims${known}`,
    });
  });
}

/** spec.resources: what the pod as a whole may use. */
export function validatePodLevelResources(
  spec: PodSpec,
  claimNames: ReadonlySet<string>,
  path: string,
  errors: FieldErrors,
): void {
  const { resources } = spec;
  if (!resources) return;
  if (resources.claims?.length) errors.forbidden(`${path}.claims`, 'claims may not be set for Resources at pod-level');
  validateRequirements(resources, validatePodResourceName, path, errors);
  validateClaims(resources.claims ?? [], claimNames, `${path}.claims`, errors);

  for (const [name, total] of aggregateContainerRequests(spec)) {
    const request = resources.requests?.[name] ?? '0';
    if (compareQuantities(total, request) > 0 && isPodLevelChecked(name))
      errors.invalid(
        `${path}.requests[${name}]`,
        request,
        `must be greater than or equal to aggregate container requests of ${total}`,
      );
  }
  (spec.containers ?? []).forEach(({ resources: own }, index) => {
    for (const [name, limit] of Object.entries(own?.limits ?? {})) {
      const podLimit = Object.hasOwn(resources.limits ?? {}, name) ? resources.limits?.[name] : undefined;
      if (podLimit !== undefined && compareQuantities(limit, podLimit) > 0)
        errors.invalid(
          `${path}.containers[${index}][${name}].limits`,
          limit,
          `must be less than or equal to pod limits of ${podLimit}`,
        );
    }
  });
}

// Resources that only containers may name are not compared with the pod's.
const isPodLevelChecked = (name: string) => name === 'cpu' || name === 'memory' || isHugePageResource(name);
