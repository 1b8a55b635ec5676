/** The kinds of networking.k8s.io, in the order discovery lists them. */
import type { Kind } from '../define-kind.ts';
import { ingressClass } from './ingress-class.ts';
import { ingress } from './ingress.ts';
import { ipAddress } from './ip-address.ts';
import { networkPolicy } from './network-policy.ts';
import { serviceCIDR } from './service-cidr.ts';

export const networking: readonly Kind[] = [ingressClass, ingress, ipAddress, networkPolicy, serviceCIDR];
