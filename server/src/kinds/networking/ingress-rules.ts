/** Rules of an Ingress: hosts, paths, and what stands behind them. */
// Like validateIngressRules and validateIngressBackend of pkg/apis/networking/validation.
import type {
  V1HTTPIngressPath,
  V1IngressBackend,
  V1IngressRule,
  V1IngressServiceBackend,
  V1TypedLocalObjectReference,
} from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { ipFamily } from '@naru/api/ip-addresses';
import {
  checkDNS1123Subdomain,
  checkPathSegment,
  checkPortName,
  checkPortNumber,
  checkWildcardDNS1123Subdomain,
  labelName,
} from '@naru/api/names';
import type { Fields } from '../fields.ts';

const forbiddenSequences = ['//', '/./', '/../', '%2f', '%2F'];
const forbiddenEndings = ['/..', '/.'];
const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix'];

export function validateRules(rules: readonly Fields<V1IngressRule>[], path: string, errors: FieldErrors): void {
  rules.forEach(({ host = '', http }, index) => {
    const at = `${path}[${index}]`;
    if (host) validateHost(host, `${at}.host`, errors);
    if (!http) return;
    const { paths = [] } = http;
    if (!paths.length) errors.required(`${at}.http.paths`);
    paths.forEach((each, position) => validatePath(each, `${at}.http.paths[${position}]`, errors));
  });
}

function validateHost(host: string, path: string, errors: FieldErrors): void {
  if (ipFamily(host)) errors.invalid(path, host, 'must be a DNS name, not an IP address');
  const check = host.includes('*') ? checkWildcardDNS1123Subdomain : checkDNS1123Subdomain;
  errors.invalidEach(path, host, check(host));
}

function validatePath(
  { path: url = '', pathType, backend = {} }: Fields<V1HTTPIngressPath>,
  path: string,
  errors: FieldErrors,
): void {
  if (pathType === undefined) return errors.required(`${path}.pathType`, 'pathType must be specified');
  const at = `${path}.path`;
  const isStrict = pathType === 'Exact' || pathType === 'Prefix';
  if (!pathTypes.includes(pathType)) errors.notSupported(`${path}.pathType`, pathType, pathTypes);
  else if ((isStrict || url) && !url.startsWith('/')) errors.invalid(at, url, 'must be an absolute path');
  if (isStrict) {
    for (const sequence of forbiddenSequences)
      if (url.includes(sequence)) errors.invalid(at, url, `must not contain '${sequence}'`);
    for (const ending of forbiddenEndings)
      if (url.endsWith(ending)) errors.invalid(at, url, `cannot end with '${ending}'`);
  }
  validateBackend(backend, `${path}.backend`, errors);
}

/** A service or another object of the namespace, one of them. */
export function validateBackend(
  { resource, service }: Fields<V1IngressBackend>,
  path: string,
  errors: FieldErrors,
): void {
  if (resource && service) errors.invalid(path, '', 'cannot set both resource and service backends');
  else if (resource) validateResourceBackend(resource, `${path}.resource`, errors);
  else if (service) validateServiceBackend(service, path, errors);
  else errors.invalid(path, '', 'resource or service backend is required');
}

function validateResourceBackend(
  { apiGroup, kind = '', name = '' }: Fields<V1TypedLocalObjectReference>,
  path: string,
  errors: FieldErrors,
): void {
  if (apiGroup !== undefined) errors.invalidEach(`${path}.apiGroup`, apiGroup, checkDNS1123Subdomain(apiGroup));
  validateRequiredSegment(kind, `${path}.kind`, errors);
  validateRequiredSegment(name, `${path}.name`, errors);
}

/** A name that must be given and may become part of a path. */
export function validateRequiredSegment(name: string, path: string, errors: FieldErrors): void {
  if (!name) errors.required(path);
  else errors.invalidEach(path, name, checkPathSegment(name));
}

function validateServiceBackend(
  { name = '', port = {} }: Fields<V1IngressServiceBackend>,
  path: string,
  errors: FieldErrors,
): void {
  if (!name) errors.required(`${path}.service.name`);
  else errors.invalidEach(`${path}.service.name`, name, labelName(name, { generateName: false }));
  if (port.name && port.number) errors.invalid(path, '', 'cannot set both port name & port number');
  else if (port.name) errors.invalidEach(`${path}.service.port.name`, port.name, checkPortName(port.name));
  else if (port.number) errors.invalidEach(`${path}.service.port.number`, port.number, checkPortNumber(port.number));
  else errors.required(path, 'port name or number is required');
}
