/** Service: one name and address for a set of pods. */
// Like pkg/registry/core/service and pkg/api/service warnings.
import type { V1Service } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { goQuote } from '@naru/api/go-values';
import { canonicalAddress, ipFamily } from '@naru/api/ip-addresses';
import { labelName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import { formatLabels } from '../label-selectors.ts';
import {
  dropValuesOfOldType,
  isExternal,
  keepAllocatedValues,
  needsHealthCheckPort,
  syncClusterIPs,
} from './service/allocated-values.ts';
import type { Service, ServiceSpec } from './service/allocated-values.ts';
import { validateLoadBalancerStatus } from './service/load-balancer-status.ts';
import { validateClusterIPChange } from './service/validate-cluster-ips.ts';
import { validateService } from './service/validate-service.ts';

const serviceOf = (object: AnyObject): Service => fieldsOf<V1Service>(object);

export const service = defineKind({
  kind: 'Service',
  shortNames: ['svc'],
  categories: ['all'],
  schema: 'k8s.io.api.core.v1.Service',
  storagePrefix: 'services/specs',
  subresources: ['proxy', 'status'],
  generation: false,
  allowCreateOnUpdate: true,
  returnsDeletedObject: true,
  validateName: labelName,
  metadataRechecks: 1,

  setDefaults(object) {
    const service = serviceOf(object);
    setSpecDefaults((service.spec ??= {}));
    if (service.spec?.type !== 'LoadBalancer') return;
    for (const ingress of service.status?.loadBalancer?.ingress ?? []) if (ingress.ip) ingress.ipMode ??= 'VIP';
  },

  prepareForCreate(object) {
    const service = serviceOf(object);
    syncClusterIPs((service.spec ??= {}));
    service.status = { loadBalancer: {} };
  },

  prepareForUpdate(object, old, { subresource }) {
    const [changed, stored] = [serviceOf(object), serviceOf(old)];
    if (subresource === 'status') {
      if (stored.spec) changed.spec = stored.spec;
      return;
    }
    changed.status = { ...stored.status };
    if (changed.spec?.type !== 'LoadBalancer') changed.status.loadBalancer = {};
    const [spec, before] = [(changed.spec ??= {}), stored.spec ?? {}];
    syncClusterIPs(spec, before);
    keepAllocatedValues(spec, before);
    dropValuesOfOldType(spec, before);
  },

  validate(object) {
    const errors = new FieldErrors();
    validateService(serviceOf(object), errors);
    return errors.list;
  },

  validateUpdate(object, old, { subresource }) {
    const errors = new FieldErrors();
    const [changed, { spec: before = {} }] = [serviceOf(object), serviceOf(old)];
    const { spec = {} } = changed;
    if (subresource === 'status') {
      validateLoadBalancerStatus(changed.status?.loadBalancer ?? {}, spec, errors);
      return errors.list;
    }
    validateClusterIPChange(spec, before, errors);
    if (
      spec.type === 'LoadBalancer' &&
      before.type === 'LoadBalancer' &&
      spec.loadBalancerClass !== before.loadBalancerClass
    )
      errors.invalid('spec.loadBalancerClass', spec.loadBalancerClass ?? null, 'may not change once set');
    if (
      needsHealthCheckPort(spec) &&
      needsHealthCheckPort(before) &&
      spec.healthCheckNodePort !== before.healthCheckNodePort
    )
      errors.forbidden('spec.healthCheckNodePort', 'field is immutable');
    validateService(changed, errors);
    return errors.list;
  },

  warnings: (object) => warningsFor(serviceOf(object)),

  selectableFields: {
    'spec.clusterIP': (object) => serviceOf(object).spec?.clusterIP ?? '',
    'spec.type': (object) => serviceOf(object).spec?.type ?? '',
  },

  columns: [
    { name: 'Type', value: (object) => serviceOf(object).spec?.type ?? '' },
    { name: 'Cluster-IP', value: (object) => serviceOf(object).spec?.clusterIP || '<none>' },
    { name: 'External-IP', value: (object) => externalAddress(serviceOf(object)) },
    { name: 'Port(s)', value: (object) => portList(serviceOf(object)) },
    { name: 'Selector', priority: 1, value: (object) => formatLabels(serviceOf(object).spec?.selector) },
  ],

  example: {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'example' },
    spec: { selector: { app: 'example' }, ports: [{ port: 80, targetPort: 8080 }] },
  },
});

const defaultAffinitySeconds = 10800;

// Like SetDefaults_Service.
function setSpecDefaults(spec: ServiceSpec): void {
  spec.sessionAffinity ||= 'None';
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig;
  if (spec.sessionAffinity === 'ClientIP' && spec.sessionAffinityConfig?.clientIP?.timeoutSeconds === undefined)
    spec.sessionAffinityConfig = { clientIP: { timeoutSeconds: defaultAffinitySeconds } };
  spec.type ||= 'ClusterIP';
  for (const port of spec.ports ?? []) {
    port.protocol ||= 'TCP';
    port.targetPort ||= port.port ?? 0;
  }
  if (isExternal(spec)) spec.externalTrafficPolicy ||= 'Cluster';
  if (spec.type === 'NodePort' || spec.type === 'LoadBalancer' || spec.type === 'ClusterIP')
    spec.internalTrafficPolicy ??= 'Cluster';
  if (spec.type === 'LoadBalancer') spec.allocateLoadBalancerNodePorts ??= true;
}

// Like getServiceExternalIP of pkg/printers.
function externalAddress({ spec = {}, status }: Service): string {
  const external = spec.externalIPs ?? [];
  const balancer = (status?.loadBalancer?.ingress ?? []).map(({ ip, hostname = '' }) => ip || hostname).filter(Boolean);
  switch (spec.type) {
    case 'ExternalName':
      return spec.externalName ?? '';
    case 'LoadBalancer':
      return [...new Set([...balancer, ...external])].join(',') || '<pending>';
    case 'ClusterIP':
    case 'NodePort':
      return external.join(',') || '<none>';
    default:
      return '<unknown>';
  }
}

function portList({ spec = {} }: Service): string {
  const ports = (spec.ports ?? []).map(({ port = 0, nodePort, protocol = '' }) =>
    nodePort ? `${port}:${nodePort}/${protocol}` : `${port}/${protocol}`,
  );
  return ports.join(',') || '<none>';
}

function warningsFor({ metadata, spec = {} }: Service): string[] {
  const warnings: string[] = [];
  if (Object.hasOwn(metadata.annotations ?? {}, 'service.kubernetes.io/topology-aware-hints'))
    warnings.push(
      'annotation service.kubernetes.io/topology-aware-hints is deprecated, please use service.kubernetes.io/topology-mode instead',
    );
  if (spec.clusterIPs?.[0] !== 'None')
    (spec.clusterIPs ?? []).forEach((address, index) =>
      warnings.push(...addressWarning(address, `spec.clusterIPs[${index}]`)),
    );
  if (spec.externalIPs?.length)
    warnings.push('spec.externalIPs is deprecated and may no longer be implemented in some clusters');
  (spec.externalIPs ?? []).forEach((address, index) =>
    warnings.push(...addressWarning(address, `spec.externalIPs[${index}]`)),
  );
  if (spec.type === 'ExternalName' && spec.externalIPs?.length)
    warnings.push('spec.externalIPs is ignored when spec.type is "ExternalName"');
  if (spec.type !== 'ExternalName' && spec.externalName)
    warnings.push('spec.externalName is ignored when spec.type is not "ExternalName"');
  if (spec.trafficDistribution === 'PreferClose')
    warnings.push('spec.trafficDistribution: "PreferClose" is deprecated; use "PreferSameZone"');
  return warnings;
}

function addressWarning(address: string, path: string): string[] {
  const canonical = canonicalAddress(address);
  if (ipFamily(address) !== 'IPv6' || canonical === address) return [];
  return [`${path}: IPv6 address ${goQuote(address)} should be in RFC 5952 canonical format (${goQuote(canonical)})`];
}
