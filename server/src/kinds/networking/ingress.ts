/** Ingress: which service answers for which host and path. */
// Like pkg/registry/networking/ingress and ValidateIngress.
import type { V1Ingress, V1IngressLoadBalancerStatus, V1IngressSpec, V1IngressTLS } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { goQuote } from '@naru/api/go-values';
import { checkIP } from '@naru/api/ip-addresses';
import { checkDNS1123Subdomain, checkWildcardDNS1123Subdomain, subdomainName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { validateHostname } from '../core/service/load-balancer-status.ts';
import { defineKind } from '../define-kind.ts';
import { withMore } from '../discovery/some-of-list.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { dropStatus, keepTheOtherPart } from '../spec-and-status.ts';
import { validateBackend, validateRules } from './ingress-rules.ts';

const classAnnotation = 'kubernetes.io/ingress.class';
const ingressOf = (object: AnyObject) => fieldsOf<V1Ingress>(object);

export const ingress = defineKind({
  group: 'networking.k8s.io',
  kind: 'Ingress',
  plural: 'ingresses',
  shortNames: ['ing'],
  schema: 'k8s.io.api.networking.v1.Ingress',
  storagePrefix: 'ingress',
  subresources: ['status'],
  metadataRechecks: 1,

  prepareForCreate: dropStatus,
  prepareForUpdate: keepTheOtherPart,

  validate(object) {
    const { metadata, spec = {} } = ingressOf(object);
    const errors = validateSpec(spec);
    const annotated = annotatedClass(metadata.annotations);
    if (annotated !== undefined && spec.ingressClassName !== undefined && annotated !== spec.ingressClassName)
      errors.invalid(
        `annotations.${classAnnotation}`,
        annotated,
        'must match `ingressClassName` when both are specified',
      );
    return errors.list;
  },

  validateUpdate(object, _old, { subresource }) {
    const { spec = {}, status = {} } = ingressOf(object);
    return subresource === 'status' ? validateStatus(status.loadBalancer ?? {}).list : validateSpec(spec).list;
  },

  warnings(object, old) {
    const { metadata, spec } = ingressOf(object);
    if (old || annotatedClass(metadata.annotations) === undefined || spec?.ingressClassName !== undefined) return [];
    return [`annotation ${goQuote(classAnnotation)} is deprecated, please use 'spec.ingressClassName' instead`];
  },

  columns: [
    { name: 'Class', value: (object) => ingressOf(object).spec?.ingressClassName ?? '<none>' },
    { name: 'Hosts', value: (object) => hostList(ingressOf(object).spec ?? {}) },
    { name: 'Address', value: (object) => addressList(ingressOf(object).status?.loadBalancer ?? {}) },
    { name: 'Ports', value: (object) => (ingressOf(object).spec?.tls?.length ? '80, 443' : '80') },
  ],

  example: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'example' },
    spec: {
      rules: [
        {
          host: 'example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'example', port: { number: 80 } } } }],
          },
        },
      ],
    },
  },
});

const annotatedClass = (annotations: Record<string, string> = {}): string | undefined =>
  Object.hasOwn(annotations, classAnnotation) ? annotations[classAnnotation] : undefined;

function validateSpec(spec: Fields<V1IngressSpec>): FieldErrors {
  const errors = new FieldErrors();
  const { rules = [], defaultBackend, tls = [], ingressClassName } = spec;
  if (!rules.length && !defaultBackend)
    errors.invalid('spec', spec.rules ?? null, 'either `defaultBackend` or `rules` must be specified');
  if (defaultBackend) validateBackend(defaultBackend, 'spec.defaultBackend', errors);
  validateRules(rules, 'spec.rules', errors);
  tls.forEach((entry, index) => validateTLS(entry, `spec.tls[${index}]`, errors));
  if (ingressClassName !== undefined)
    errors.invalidEach(
      'spec.ingressClassName',
      ingressClassName,
      subdomainName(ingressClassName, { generateName: false }),
    );
  return errors;
}

function validateTLS({ hosts = [], secretName = '' }: Fields<V1IngressTLS>, path: string, errors: FieldErrors): void {
  hosts.forEach((host, index) => {
    const check = host.includes('*') ? checkWildcardDNS1123Subdomain : checkDNS1123Subdomain;
    errors.invalidEach(`${path}.hosts[${index}]`, host, check(host));
  });
  if (secretName)
    errors.invalidEach(`${path}.secretName`, secretName, subdomainName(secretName, { generateName: false }));
}

function validateStatus({ ingress = [] }: Fields<V1IngressLoadBalancerStatus>): FieldErrors {
  const errors = new FieldErrors();
  ingress.forEach(({ ip = '', hostname = '' }, index) => {
    const at = `status.loadBalancer.ingress[${index}]`;
    if (ip) errors.invalidEach(`${at}.ip`, ip, checkIP(ip));
    validateHostname(hostname, `${at}.hostname`, errors);
  });
  return errors;
}

// Like formatHosts of pkg/printers.
function hostList({ rules }: Fields<V1IngressSpec>): string {
  const hosts = (rules ?? []).map(({ host = '' }) => host).filter(Boolean);
  return hosts.length ? withMore(hosts) : '*';
}

const addressList = ({ ingress }: Fields<V1IngressLoadBalancerStatus>): string =>
  (ingress ?? [])
    .map(({ ip, hostname = '' }) => ip || hostname)
    .filter(Boolean)
    .join(',');
