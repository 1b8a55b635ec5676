/** A pod's own resolver settings and host names. */
// Like validatePodDNSConfig and ValidateHostAliases of pkg/apis/core/validation.
import type { V1HostAlias } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkIP } from '@naru/api/ip-addresses';
import { checkDNS1123Subdomain, checkDNS1123SubdomainWithUnderscore } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import type { PodSpec } from './pod-fields.ts';

const policies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'];

export function validateDNSPolicy(policy: string, path: string, errors: FieldErrors): void {
  if (!policy) errors.required(path);
  else if (!policies.includes(policy)) errors.notSupported(path, policy, policies);
}

export function validateDNSConfig({ dnsPolicy, dnsConfig }: PodSpec, path: string, errors: FieldErrors): void {
  if (dnsPolicy === 'None') {
    if (!dnsConfig) return errors.required(path, 'must provide `dnsConfig` when `dnsPolicy` is None');
    if (!dnsConfig.nameservers?.length)
      return errors.required(
        `${path}.nameservers`,
        'must provide at least one DNS nameserver when `dnsPolicy` is None',
      );
  }
  const { nameservers = [], searches = [], options = [] } = dnsConfig ?? {};
  if (nameservers.length > 3)
    errors.invalid(`${path}.nameservers`, nameservers, 'must not have more than 3 nameservers');
  nameservers.forEach((address, index) =>
    errors.invalidEach(`${path}.nameservers[${index}]`, address, checkIP(address)),
  );
  if (searches.length > 32) errors.invalid(`${path}.searches`, searches, 'must not have more than 32 search paths');
  if (Buffer.byteLength(searches.join(' ')) > 2048)
    errors.invalid(
      `${path}.searches`,
      searches,
      'must not have more than 2048 characters (including spaces) in the search list',
    );
  searches.forEach((search, index) => {
    if (search === '.') return;
    const domain = search.endsWith('.') ? search.slice(0, -1) : search;
    errors.invalidEach(`${path}.searches[${index}]`, domain, checkDNS1123SubdomainWithUnderscore(domain));
  });
  options.forEach(({ name }, index) => {
    if (!name) errors.required(`${path}.options[${index}]`, 'must not be empty');
  });
}

export function validateHostAliases(aliases: readonly Fields<V1HostAlias>[], path: string, errors: FieldErrors): void {
  aliases.forEach(({ ip = '', hostnames = [] }, index) => {
    errors.invalidEach(`${path}[${index}].ip`, ip, checkIP(ip));
    hostnames.forEach((name, at) =>
      errors.invalidEach(`${path}[${index}].hostnames[${at}]`, name, checkDNS1123Subdomain(name)),
    );
  });
}
