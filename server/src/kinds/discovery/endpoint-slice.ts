/** EndpointSlice: where the pods of a service are reached. */
// Like pkg/registry/discovery/endpointslice and ValidateEndpointSlice.
import type { DiscoveryV1EndpointPort, V1Endpoint, V1EndpointSlice } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { checkIP, checkNonSpecialIP, ipFamily } from '@naru/api/ip-addresses';
import {
  checkDNS1123Label,
  checkDNS1123Subdomain,
  checkLabelValue,
  checkQualifiedName,
  subdomainName,
} from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { protocols } from '../core/pod/ports.ts';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields, ObjectFields } from '../fields.ts';
import { withMore } from './some-of-list.ts';

type Endpoint = Fields<V1Endpoint>;
type Port = Fields<DiscoveryV1EndpointPort>;
const sliceOf = (object: AnyObject): ObjectFields<V1EndpointSlice> => fieldsOf<V1EndpointSlice>(object);

const addressTypes = ['FQDN', 'IPv4', 'IPv6'];
const limits = { endpoints: 1000, addresses: 100, ports: 20000, hints: 8 };

export const endpointSlice = defineKind({
  group: 'discovery.k8s.io',
  kind: 'EndpointSlice',
  schema: 'k8s.io.api.discovery.v1.EndpointSlice',
  generation: true,

  setDefaults(object) {
    for (const port of sliceOf(object).ports ?? []) {
      port.name ??= '';
      port.protocol ??= 'TCP';
    }
  },

  prepareForCreate: dropTopology,
  prepareForUpdate: dropTopology,

  validate: (object) => validateSlice(object).list,

  validateUpdate(object, old) {
    const [changed, stored] = [sliceOf(object), sliceOf(old)];
    const errors = new FieldErrors();
    if (changed.addressType === stored.addressType) return validateSlice(object).list;
    if (!changed.addressType) errors.required('addressType');
    errors.invalid('addressType', changed.addressType ?? '', 'field is immutable');
    return errors.list;
  },

  warnings: (object) =>
    sliceOf(object).addressType === 'FQDN' ? ['spec.addressType: FQDN endpoints are deprecated'] : [],

  columns: [
    { name: 'AddressType', value: (object) => sliceOf(object).addressType ?? '' },
    {
      name: 'Ports',
      value: (object) => withMore((sliceOf(object).ports ?? []).map(({ port, name }) => port ?? name ?? '*')),
    },
    {
      name: 'Endpoints',
      value: (object) => withMore((sliceOf(object).endpoints ?? []).flatMap(({ addresses }) => addresses ?? [])),
    },
  ],

  example: {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: 'example', labels: { 'kubernetes.io/service-name': 'example' } },
    addressType: 'IPv4',
    endpoints: [{ addresses: ['10.1.2.3'] }],
    ports: [{ port: 80 }],
  },
});

function dropTopology(object: AnyObject): void {
  for (const endpoint of sliceOf(object).endpoints ?? []) delete endpoint.deprecatedTopology;
}

function validateSlice(object: AnyObject): FieldErrors {
  const errors = new FieldErrors();
  const { addressType = '', ...lists } = sliceOf(object);
  // Both lists stand as null when there is nothing in them.
  const [endpoints, ports] = [lists.endpoints ?? [], lists.ports ?? []];
  if (!addressType) errors.required('addressType');
  else if (!addressTypes.includes(addressType)) errors.notSupported('addressType', addressType, addressTypes);
  if (endpoints.length > limits.endpoints) errors.tooMany('endpoints', endpoints.length, limits.endpoints);
  else endpoints.forEach((endpoint, index) => validateEndpoint(endpoint, addressType, `endpoints[${index}]`, errors));
  if (ports.length > limits.ports) errors.tooMany('ports', ports.length, limits.ports);
  else validatePorts(ports, errors);
  return errors;
}

function validateEndpoint(endpoint: Endpoint, addressType: string, path: string, errors: FieldErrors): void {
  const { addresses = [], nodeName, hostname, hints } = endpoint;
  if (!addresses.length) errors.required(`${path}.addresses`, 'must contain at least 1 address');
  else if (addresses.length > limits.addresses) errors.tooMany(`${path}.addresses`, addresses.length, limits.addresses);
  addresses.forEach((address, index) => validateAddress(address, addressType, `${path}.addresses`, index, errors));
  if (nodeName !== undefined)
    errors.invalidEach(`${path}.nodeName`, nodeName, subdomainName(nodeName, { generateName: false }));
  if (hostname !== undefined) errors.invalidEach(`${path}.hostname`, hostname, checkDNS1123Label(hostname));
  for (const field of ['forZones', 'forNodes'] as const)
    validateHints(hints?.[field] ?? [], `${path}.hints.${field}`, errors);
}

function validateAddress(address: string, type: string, path: string, index: number, errors: FieldErrors): void {
  const at = `${path}[${index}]`;
  if (type === 'FQDN') return errors.invalidEach(at, address, domainProblems(address));
  if (type !== 'IPv4' && type !== 'IPv6') return;
  const messages = checkIP(address);
  if (messages.length) return errors.invalidEach(at, address, messages);
  if (ipFamily(address) !== type) errors.invalid(path, address, `must be an ${type} address`);
  errors.invalidEach(at, address, checkNonSpecialIP(address));
}

// Like IsFullyQualifiedDomainName.
function domainProblems(address: string): string[] {
  const name = address.replace(/\.$/, '');
  const problems = checkDNS1123Subdomain(name);
  if (problems.length) return [problems.join(',')];
  if (!name.includes('.')) return ['should be a domain with at least two segments separated by dots'];
  const label = name
    .split('.')
    .map(checkDNS1123Label)
    .find((messages) => messages.length);
  return label ? [label.join(',')] : [];
}

function validateHints(hints: readonly { name?: string }[], path: string, errors: FieldErrors): void {
  if (hints.length > limits.hints) return errors.tooMany(path, hints.length, limits.hints);
  const names = new Set<string>();
  hints.forEach(({ name = '' }, index) => {
    const at = `${path}[${index}].name`;
    if (names.has(name)) errors.duplicate(at, name);
    else {
      names.add(name);
      errors.invalidEach(at, name, checkLabelValue(name));
    }
  });
}

function validatePorts(ports: readonly Port[], errors: FieldErrors): void {
  const names = new Set<string>();
  ports.forEach(({ name = '', protocol = '', appProtocol }, index) => {
    const at = `ports[${index}]`;
    if (name) errors.invalidEach(`${at}.name`, name, checkDNS1123Label(name));
    if (names.has(name)) errors.duplicate(`${at}.name`, name);
    names.add(name);
    if (!protocol) errors.required(`${at}.protocol`);
    else if (!protocols.includes(protocol)) errors.notSupported(`${at}.protocol`, protocol, protocols);
    if (appProtocol !== undefined)
      errors.invalidEach(`${at}.appProtocol`, appProtocol, checkQualifiedName(appProtocol));
  });
}
