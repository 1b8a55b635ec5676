/** Where a load balancer is reached, in the status of a Service or an Ingress. */
// Like ValidateLoadBalancerStatus of pkg/apis/core/validation.
import type { V1LoadBalancerStatus } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkIPSloppily, ipFamily } from '@naru/api/ip-addresses';
import { checkDNS1123Subdomain } from '@naru/api/names';
import type { Fields } from '../../fields.ts';
import type { ServiceSpec } from './allocated-values.ts';

export function validateLoadBalancerStatus(
  { ingress = [] }: Fields<V1LoadBalancerStatus>,
  { type }: ServiceSpec,
  errors: FieldErrors,
): void {
  const path = 'status.loadBalancer.ingress';
  if (type !== 'LoadBalancer' && ingress.length)
    return errors.forbidden(path, "may only be used when `spec.type` is 'LoadBalancer'");
  ingress.forEach(({ ip = '', ipMode, hostname = '' }, index) => {
    const at = `${path}[${index}]`;
    if (ip) errors.invalidEach(`${at}.ip`, ip, checkIPSloppily(ip));
    if (ipMode === undefined) {
      if (ip) errors.required(`${at}.ipMode`, 'must be specified when `ip` is set');
    } else if (!ip) errors.forbidden(`${at}.ipMode`, 'may not be specified when `ip` is not set');
    else if (ipMode !== 'Proxy' && ipMode !== 'VIP') errors.notSupported(`${at}.ipMode`, ipMode, ['Proxy', 'VIP']);
    validateHostname(hostname, `${at}.hostname`, errors);
  });
}

export function validateHostname(hostname: string, path: string, errors: FieldErrors): void {
  if (!hostname) return;
  errors.invalidEach(path, hostname, checkDNS1123Subdomain(hostname));
  if (ipFamily(hostname)) errors.invalid(path, hostname, 'must be a DNS name, not an IP address');
}
