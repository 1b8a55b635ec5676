/** A Service's addresses: of which families, and which may change. */
// Like ValidateServiceClusterIPsRelatedFields and validateUpgradeDowngradeClusterIPs of pkg/apis/core/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import { checkIP, ipFamily } from '@naru/api/ip-addresses';
import { isHeadless } from './allocated-values.ts';
import type { ServiceSpec } from './allocated-values.ts';

const families = ['IPv4', 'IPv6'];
const policies = ['PreferDualStack', 'RequireDualStack', 'SingleStack'];

export function validateClusterIPs(spec: ServiceSpec, errors: FieldErrors): void {
  if (spec.type === 'ExternalName') return;
  const { clusterIP = '', clusterIPs = [], ipFamilyPolicy } = spec;
  const path = 'spec.clusterIPs';
  if (clusterIP && !clusterIPs.length) errors.required(path);
  else if (clusterIP && clusterIPs[0] !== clusterIP)
    errors.invalid(path, clusterIPs, 'first value must match `clusterIP`');
  else if (!clusterIP && clusterIPs.length)
    errors.invalid(path, clusterIPs, 'must be empty when `clusterIP` is not specified');
  validateFamilies(spec, errors);
  if (ipFamilyPolicy !== undefined && !policies.includes(ipFamilyPolicy))
    errors.notSupported('spec.ipFamilyPolicy', ipFamilyPolicy, policies);
  if (!validateEach(clusterIPs, path, errors)) return;
  if (clusterIPs.length > 1 && new Set(clusterIPs.map(ipFamily)).size < clusterIPs.length)
    errors.invalid(path, clusterIPs, 'may specify no more than one IP for each IP family');
  if (!isHeadless(spec)) validateMatch(spec, path, errors);
}

function validateFamilies({ ipFamilies = [] }: ServiceSpec, errors: FieldErrors): void {
  ipFamilies.forEach((family, index) => {
    const at = `spec.ipFamilies[${index}]`;
    if (!families.includes(family)) errors.notSupported(at, family, families);
    if (ipFamilies.indexOf(family) < index) errors.duplicate(at, family);
  });
}

/** False when an address is none, so that comparing them makes no sense. */
function validateEach(clusterIPs: readonly string[], path: string, errors: FieldErrors): boolean {
  let areValid = true;
  clusterIPs.forEach((address, index) => {
    if (index === 0 && address === 'None') {
      if (clusterIPs.length === 1) return;
      errors.invalid(path, clusterIPs, "'None' must be the first and only value");
      areValid = false;
      return;
    }
    const messages = checkIP(address);
    errors.invalidEach(`${path}[${index}]`, address, messages);
    if (messages.length) areValid = false;
  });
  if (clusterIPs.length > 2) errors.invalid(path, clusterIPs, 'may only hold up to 2 values');
  return areValid;
}

function validateMatch({ clusterIPs = [], ipFamilies = [] }: ServiceSpec, path: string, errors: FieldErrors): void {
  clusterIPs.slice(0, ipFamilies.length).forEach((address, index) => {
    const family = ipFamilies[index] ?? '';
    if (families.includes(family) && ipFamily(address) !== family)
      errors.invalid(
        `${path}[${index}]`,
        address,
        `expected an ${family} value as indicated by \`ipFamilies[${index}]\``,
      );
  });
}

/** An address stays until the type no longer has one; a second may come and go. */
export function validateClusterIPChange(spec: ServiceSpec, old: ServiceSpec, errors: FieldErrors): void {
  if (spec.type === 'ExternalName' || old.type === 'ExternalName') return;
  if (isHeadless(spec) && isHeadless(old)) return;
  validateChange(spec.clusterIPs ?? [], old.clusterIPs ?? [], spec, 'clusterIP', errors);
  if (isHeadless(spec) || isHeadless(old)) return;
  validateChange(spec.ipFamilies ?? [], old.ipFamilies ?? [], spec, 'ipFamily', errors);
}

function validateChange(
  now: readonly string[],
  before: readonly string[],
  { ipFamilyPolicy }: ServiceSpec,
  what: 'clusterIP' | 'ipFamily',
  errors: FieldErrors,
): void {
  const path = what === 'clusterIP' ? 'spec.clusterIPs' : 'spec.ipFamilies';
  const fixed = 'may not change once set';
  if (now.length === before.length) {
    before.forEach((value, index) => {
      if (value !== now[index]) errors.invalid(`${path}[${what === 'clusterIP' ? index : 0}]`, now, fixed);
    });
    return;
  }
  if (before.length > now.length && !now.length) errors.invalid(`${path}[0]`, now, `primary ${what} can not be unset`);
  if (before.length && now.length && now[0] !== before[0]) errors.invalid(`${path}[0]`, now, fixed);
  if (before.length > now.length && now.length === 1 && ipFamilyPolicy !== 'SingleStack')
    errors.invalid(
      'spec.ipFamilyPolicy',
      ipFamilyPolicy ?? null,
      `must be set to 'SingleStack' when releasing the secondary ${what}`,
    );
}
