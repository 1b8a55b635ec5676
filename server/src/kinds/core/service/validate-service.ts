/** All that can be wrong with a Service. */
// Like ValidateService of pkg/apis/core/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import { checkCIDRSloppily, checkIP, checkNonSpecialIP } from '@naru/api/ip-addresses';
import { checkDNS1123Label, checkDNS1123Subdomain, checkPortNumber, checkQualifiedName } from '@naru/api/names';
import { goStruct } from '../../go-struct.ts';
import { validateLabels } from '../../label-maps.ts';
import { validatePortNumberOrName, validateProtocol } from '../pod/ports.ts';
import { isExternal, isHeadless, needsHealthCheckPort } from './allocated-values.ts';
import type { Service, ServicePort, ServiceSpec } from './allocated-values.ts';
import { validateClusterIPs } from './validate-cluster-ips.ts';

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort'];
const topologyMode = 'service.kubernetes.io/topology-mode';
const topologyHints = 'service.kubernetes.io/topology-aware-hints';
const sourceRangesAnnotation = 'service.beta.kubernetes.io/load-balancer-source-ranges';

export function validateService({ metadata, spec = {} }: Service, errors: FieldErrors): void {
  const annotations = new Map(Object.entries(metadata.annotations ?? {}));
  const [mode, hints] = [annotations.get(topologyMode), annotations.get(topologyHints)];
  if (mode !== undefined && hints !== undefined && mode !== hints)
    errors.invalid(
      `metadata.annotations[${topologyMode}]`,
      mode,
      `must match annotations[${topologyHints}] when both are specified`,
    );
  if (!spec.ports?.length && !isHeadless(spec) && spec.type !== 'ExternalName') errors.required('spec.ports');
  validateType(spec, errors);
  validatePorts(spec, errors);
  validateLabels(spec.selector, 'spec.selector', errors);
  validateSessionAffinity(spec, errors);
  validateClusterIPs(spec, errors);
  validateExternalIPs(spec, errors);
  if (!spec.type) errors.required('spec.type');
  else if (!types.includes(spec.type)) errors.notSupported('spec.type', spec.type, types);
  validateNodePorts(spec, errors);
  validateDuplicatePorts(spec, errors);
  validateSourceRanges(spec, annotations.get(sourceRangesAnnotation), errors);
  validateLoadBalancerFields(spec, errors);
  validateTrafficPolicies(spec, errors);
}

function validateType(spec: ServiceSpec, errors: FieldErrors): void {
  if ((spec.type === 'LoadBalancer' || spec.type === 'NodePort') && isHeadless(spec))
    errors.invalid('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${spec.type} services`);
  if (spec.type !== 'ExternalName') return;
  const notThere = 'may not be set for ExternalName services';
  if (spec.clusterIPs?.length) errors.forbidden('spec.clusterIPs', notThere);
  if (spec.ipFamilies?.length) errors.forbidden('spec.ipFamilies', notThere);
  if (spec.ipFamilyPolicy !== undefined) errors.forbidden('spec.ipFamilyPolicy', notThere);
  const name = (spec.externalName ?? '').replace(/\.$/, '');
  if (!name) errors.required('spec.externalName');
  else errors.invalidEach('spec.externalName', name, checkDNS1123Subdomain(name));
}

function validatePorts({ ports = [] }: ServiceSpec, errors: FieldErrors): void {
  const names = new Set<string>();
  ports.forEach((port, index) => validatePort(port, ports.length > 1, names, `spec.ports[${index}]`, errors));
}

function validatePort(
  { name = '', port = 0, protocol = '', targetPort, appProtocol }: ServicePort,
  mustHaveName: boolean,
  names: Set<string>,
  path: string,
  errors: FieldErrors,
): void {
  if (mustHaveName && !name) errors.required(`${path}.name`);
  else if (name) {
    errors.invalidEach(`${path}.name`, name, checkDNS1123Label(name));
    if (names.has(name)) errors.duplicate(`${path}.name`, name);
    names.add(name);
  }
  errors.invalidEach(`${path}.port`, port, checkPortNumber(port));
  validateProtocol(protocol, `${path}.protocol`, errors);
  validatePortNumberOrName(targetPort, `${path}.targetPort`, errors);
  if (appProtocol !== undefined)
    errors.invalidEach(`${path}.appProtocol`, appProtocol, checkQualifiedName(appProtocol));
}

const maxAffinitySeconds = 86400;

function validateSessionAffinity(
  { sessionAffinity = '', sessionAffinityConfig: config }: ServiceSpec,
  errors: FieldErrors,
): void {
  if (!sessionAffinity) errors.required('spec.sessionAffinity');
  else if (sessionAffinity !== 'ClientIP' && sessionAffinity !== 'None')
    errors.notSupported('spec.sessionAffinity', sessionAffinity, ['ClientIP', 'None']);
  const path = 'spec.sessionAffinityConfig';
  if (sessionAffinity === 'None' && config) errors.forbidden(path, 'must not be set when session affinity is None');
  if (sessionAffinity !== 'ClientIP') return;
  const why = 'when session affinity type is ClientIP';
  if (!config) return errors.required(path, why);
  if (!config.clientIP) return errors.required(`${path}.clientIP`, why);
  const { timeoutSeconds } = config.clientIP;
  if (timeoutSeconds === undefined) return errors.required(`${path}.clientIP.timeoutSeconds`, why);
  if (timeoutSeconds <= 0 || timeoutSeconds > maxAffinitySeconds)
    errors.invalid(
      `${path}.clientIP.timeoutSeconds`,
      timeoutSeconds,
      `must be greater than 0 and less than ${maxAffinitySeconds}`,
    );
}

function validateExternalIPs({ externalIPs = [] }: ServiceSpec, errors: FieldErrors): void {
  externalIPs.forEach((address, index) => {
    const messages = checkIP(address);
    errors.invalidEach(`spec.externalIPs[${index}]`, address, messages.length ? messages : checkNonSpecialIP(address));
  });
}

function validateNodePorts({ type, ports = [] }: ServiceSpec, errors: FieldErrors): void {
  const taken = new Set<string>();
  ports.forEach(({ nodePort = 0 }, index) => {
    if (type === 'ClusterIP' && nodePort)
      errors.forbidden(`spec.ports[${index}].nodePort`, "may not be used when `type` is 'ClusterIP'");
  });
  ports.forEach(({ nodePort = 0, protocol = '' }, index) => {
    if (!nodePort) return;
    const key = `${protocol}/${nodePort}`;
    if (taken.has(key)) errors.duplicate(`spec.ports[${index}].nodePort`, nodePort);
    taken.add(key);
  });
}

function validateDuplicatePorts({ ports = [] }: ServiceSpec, errors: FieldErrors): void {
  const taken = new Set<string>();
  ports.forEach(({ port = 0, protocol = '' }, index) => {
    const key = `${protocol}/${port}`;
    if (taken.has(key))
      errors.duplicate(`spec.ports[${index}]`, goStruct({ protocol, port }, 'k8s.io.api.core.v1.ServicePort'));
    taken.add(key);
  });
}

function validateSourceRanges(spec: ServiceSpec, annotation: string | undefined, errors: FieldErrors): void {
  const ranges = spec.loadBalancerSourceRanges ?? [];
  const onlyFor = "may only be used when `type` is 'LoadBalancer'";
  const path = ranges.length ? 'spec.LoadBalancerSourceRanges' : `metadata.annotations[${sourceRangesAnnotation}]`;
  if (!ranges.length && annotation === undefined) return;
  if (spec.type !== 'LoadBalancer') errors.forbidden(path, onlyFor);
  if (ranges.length)
    ranges.forEach((range, index) =>
      errors.invalidEach(`${path}[${index}]`, range.trim(), checkCIDRSloppily(range.trim())),
    );
  else if (annotation?.trim())
    for (const range of annotation.split(',')) errors.invalidEach(path, range.trim(), checkCIDRSloppily(range.trim()));
}

function validateLoadBalancerFields(spec: ServiceSpec, errors: FieldErrors): void {
  const isLoadBalancer = spec.type === 'LoadBalancer';
  const onlyFor = "may only be used when `type` is 'LoadBalancer'";
  const { allocateLoadBalancerNodePorts: allocate, loadBalancerClass } = spec;
  if (allocate !== undefined && !isLoadBalancer) errors.forbidden('spec.allocateLoadBalancerNodePorts', onlyFor);
  if (allocate === undefined && isLoadBalancer) errors.required('allocateLoadBalancerNodePorts');
  if (loadBalancerClass === undefined) return;
  if (isLoadBalancer)
    errors.invalidEach('spec.loadBalancerClass', loadBalancerClass, checkQualifiedName(loadBalancerClass));
  else errors.forbidden('spec.loadBalancerClass', onlyFor);
}

const policies = ['Cluster', 'Local'];
const distributions = ['PreferClose', 'PreferSameZone', 'PreferSameNode'];

function validateTrafficPolicies(spec: ServiceSpec, errors: FieldErrors): void {
  const {
    externalTrafficPolicy: external = '',
    internalTrafficPolicy: internal,
    healthCheckNodePort: health = 0,
  } = spec;
  if (!isExternal(spec)) {
    if (external)
      errors.invalid('spec.externalTrafficPolicy', external, 'may only be set for externally-accessible services');
  } else if (!external) errors.required('spec.externalTrafficPolicy');
  else if (!policies.includes(external)) errors.notSupported('spec.externalTrafficPolicy', external, policies);

  if (needsHealthCheckPort(spec)) {
    if (!health) errors.required('spec.healthCheckNodePort');
    else errors.invalidEach('spec.healthCheckNodePort', health, checkPortNumber(health));
  } else if (health)
    errors.invalid(
      'spec.healthCheckNodePort',
      health,
      "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'",
    );

  const mustHaveInternal = spec.type !== 'ExternalName' && types.includes(spec.type ?? '');
  if (internal === undefined && mustHaveInternal) errors.required('spec.internalTrafficPolicy');
  else if (internal !== undefined && !policies.includes(internal))
    errors.notSupported('spec.internalTrafficPolicy', internal, policies);
  const { trafficDistribution } = spec;
  if (trafficDistribution !== undefined && !distributions.includes(trafficDistribution))
    errors.notSupported('spec.trafficDistribution', trafficDistribution, distributions);
}
