/** The limits of a LimitRange: what follows from what is given, and whether the amounts agree. */
// Like SetDefaults_LimitRangeItem and ValidateLimitRange.
import type { V1LimitRangeItem } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkQualifiedName } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import { compareQuantities, quantityMilliValue } from '../../quantities.ts';
import { roundList } from '../pod/defaults.ts';
import { isOvercommitAllowed, validateContainerResourceName, validateResourceName } from '../resource-names.ts';

export type Limit = Fields<V1LimitRangeItem>;
type Quantities = Record<string, string>;

const standardTypes = ['Pod', 'Container', 'PersistentVolumeClaim'];
const lists = ['max', 'min', 'default', 'defaultRequest', 'maxLimitRequestRatio'] as const;

/** Changes `limit`. */
export function setLimitDefaults(limit: Limit): void {
  for (const list of lists) roundList(limit[list]);
  if (limit.type !== 'Container') return;
  const defaults = { ...limit.max, ...limit.default };
  const requests = { ...limit.min, ...defaults, ...limit.defaultRequest };
  if (Object.keys(defaults).length) limit.default = defaults;
  if (Object.keys(requests).length) limit.defaultRequest = requests;
}

export function validateLimits(limits: readonly Limit[], path: string, errors: FieldErrors): void {
  const types = new Set<string>();
  limits.forEach((limit, index) => {
    const at = `${path}[${index}]`;
    const { type = '' } = limit;
    validateType(type, `${at}.type`, errors);
    if (types.has(type)) errors.duplicate(`${at}.type`, type);
    types.add(type);
    const names = validateNames(limit, at, errors);
    for (const name of names) validateAmounts(name, limit, at, errors);
  });
}

function validateType(type: string, path: string, errors: FieldErrors): void {
  const messages = checkQualifiedName(type);
  errors.invalidEach(path, type, messages);
  if (!messages.length && !type.includes('/') && !standardTypes.includes(type))
    errors.invalid(path, type, 'must be a standard limit type or fully qualified');
}

/** All resources that the limit names. */
function validateNames(limit: Limit, path: string, errors: FieldErrors): Set<string> {
  const names = new Set<string>();
  const validateName =
    limit.type === 'Pod' || limit.type === 'Container' ? validateContainerResourceName : validateResourceName;
  for (const list of lists) {
    const isDefault = list === 'default' || list === 'defaultRequest';
    const given = Object.keys(limit[list] ?? {});
    if (isDefault && limit.type === 'Pod') {
      if (given.length) errors.forbidden(`${path}.${list}`, "may not be specified when `type` is 'Pod'");
      continue;
    }
    if (list === 'maxLimitRequestRatio') requireStorage(limit, path, errors);
    for (const name of given) {
      validateName(name, `${path}.${list}[${name}]`, errors);
      names.add(name);
    }
  }
  return names;
}

function requireStorage({ type, min, max }: Limit, path: string, errors: FieldErrors): void {
  if (type !== 'PersistentVolumeClaim' || own(min, 'storage') !== undefined || own(max, 'storage') !== undefined)
    return;
  errors.required(`${path}.limits`, 'either minimum or maximum storage value is required, but neither was provided');
}

const own = (quantities: Quantities | undefined, name: string): string | undefined =>
  quantities && Object.hasOwn(quantities, name) ? quantities[name] : undefined;

function validateAmounts(name: string, limit: Limit, path: string, errors: FieldErrors): void {
  const [min, max] = [own(limit.min, name), own(limit.max, name)];
  const [limited, request] = [own(limit.default, name), own(limit.defaultRequest, name)];
  const ratio = own(limit.maxLimitRequestRatio, name);
  const at = (list: string) => `${path}.${list}[${name}]`;
  if (exceeds(min, max)) errors.invalid(at('min'), min, `min value ${min} is greater than max value ${max}`);
  if (exceeds(min, request))
    errors.invalid(at('defaultRequest'), request, `min value ${min} is greater than default request value ${request}`);
  if (exceeds(request, max))
    errors.invalid(at('defaultRequest'), request, `default request value ${request} is greater than max value ${max}`);
  if (exceeds(request, limited))
    errors.invalid(
      at('defaultRequest'),
      request,
      `default request value ${request} is greater than default limit value ${limited}`,
    );
  // Upstream shows the bound, not the default that breaks it.
  if (exceeds(min, limited))
    errors.invalid(at('default'), min, `min value ${min} is greater than default value ${limited}`);
  if (exceeds(limited, max))
    errors.invalid(at('default'), max, `default value ${limited} is greater than max value ${max}`);
  if (ratio !== undefined) validateRatio(ratio, min, max, at('maxLimitRequestRatio'), errors);
  if (limited !== undefined && request !== undefined && !isOvercommitAllowed(name) && differ(limited, request))
    errors.invalid(
      at('defaultRequest'),
      request,
      `default value ${limited} must equal to defaultRequest value ${request} in ${name}`,
    );
}

const differ = (left: string, right: string): boolean => compareQuantities(left, right) !== 0;

const exceeds = (left: string | undefined, right: string | undefined): boolean =>
  left !== undefined && right !== undefined && compareQuantities(left, right) > 0;

function validateRatio(
  ratio: string,
  min: string | undefined,
  max: string | undefined,
  path: string,
  errors: FieldErrors,
): void {
  if (compareQuantities(ratio, '1') < 0) errors.invalid(path, ratio, `ratio ${ratio} is less than 1`);
  if (min === undefined || max === undefined) return;
  const most = Number(quantityMilliValue(max)) / Number(quantityMilliValue(min));
  if (Number(quantityMilliValue(ratio)) / 1000 > most)
    errors.invalid(path, ratio, `ratio ${ratio} is greater than max/min = ${most.toFixed(6)}`);
}
