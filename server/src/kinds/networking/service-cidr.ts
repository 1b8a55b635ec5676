/** ServiceCIDR: addresses that services may get. */
// Like pkg/registry/networking/servicecidr and ValidateServiceCIDR.
import type { V1ServiceCIDR } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { checkCanonicalCIDR, parseCIDR } from '@naru/api/ip-addresses';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import { dropStatus, keepTheOtherPart } from '../spec-and-status.ts';

const cidrsOf = (object: AnyObject): readonly string[] => fieldsOf<V1ServiceCIDR>(object).spec?.cidrs ?? [];

export const serviceCIDR = defineKind({
  group: 'networking.k8s.io',
  kind: 'ServiceCIDR',
  scope: 'Cluster',
  schema: 'k8s.io.api.networking.v1.ServiceCIDR',
  subresources: ['status'],
  notActedOn: 'services get addresses of the range that the server was started with, and of no other',
  generation: false,

  prepareForCreate: dropStatus,
  prepareForUpdate: keepTheOtherPart,

  validate: (object) => validateCIDRs(cidrsOf(object)).list,

  validateUpdate(object, old, { subresource }) {
    return subresource === 'status' ? [] : validateChange(cidrsOf(object), cidrsOf(old)).list;
  },

  columns: [{ name: 'CIDRs', value: (object) => cidrsOf(object).join(',') }],

  example: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'example' },
    spec: { cidrs: ['192.0.2.0/24'] },
  },
});

const path = 'spec.cidrs';

function validateCIDRs(cidrs: readonly string[]): FieldErrors {
  const errors = new FieldErrors();
  if (!cidrs.length) errors.required(path, 'at least one CIDR required');
  else if (cidrs.length > 2) errors.invalid(path, { CIDRs: cidrs }, 'may only hold up to 2 values');
  else {
    cidrs.forEach((cidr, index) => errors.invalidEach(`${path}[${index}]`, cidr, checkCanonicalCIDR(cidr)));
    const [first, second] = cidrs.map((cidr) => parseCIDR(cidr)?.family);
    if (first && first === second)
      errors.invalid(
        path,
        cidrs,
        'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64',
      );
  }
  return errors;
}

/** The only change there may be is a second family beside the first. */
function validateChange(cidrs: readonly string[], old: readonly string[]): FieldErrors {
  const becomesDual = old.length === 1 && cidrs.length === 2;
  const errors = new FieldErrors();
  if (cidrs.length !== old.length && !becomesDual) errors.invalid(path, cidrs, 'field is immutable');
  else
    old.forEach((cidr, index) => {
      if (cidr !== cidrs[index]) errors.invalid(`${path}[${index}]`, cidrs[index], 'field is immutable');
    });
  if (becomesDual) errors.add(...validateCIDRs(cidrs).list);
  return errors;
}
