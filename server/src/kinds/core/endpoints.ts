/** Endpoints: where a service is reached, all in one object; endpoint slices came after. */
// Like pkg/registry/core/endpoint and ValidateEndpoints.
import type { CoreV1EndpointPort, V1EndpointAddress, V1Endpoints, V1EndpointSubset } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { checkIP, checkNonSpecialIP } from '@naru/api/ip-addresses';
import { checkDNS1123Label, checkPortNumber, checkQualifiedName, subdomainName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { validateProtocol } from './pod/ports.ts';

type Subset = Fields<V1EndpointSubset>;
const subsetsOf = (object: AnyObject): readonly Subset[] => fieldsOf<V1Endpoints>(object).subsets ?? [];

export const endpoints = defineKind({
  kind: 'Endpoints',
  plural: 'endpoints',
  singular: 'endpoints',
  listKind: 'EndpointsList',
  shortNames: ['ep'],
  deprecation: 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
  schema: 'k8s.io.api.core.v1.Endpoints',
  storagePrefix: 'services/endpoints',
  allowCreateOnUpdate: true,
  metadataRechecks: 1,

  setDefaults(object) {
    for (const { ports } of subsetsOf(object)) for (const port of ports ?? []) port.protocol ||= 'TCP';
  },

  validate,
  validateUpdate: validate,

  columns: [{ name: 'Endpoints', value: (object) => endpointList(subsetsOf(object)) }],

  example: {
    apiVersion: 'v1',
    kind: 'Endpoints',
    metadata: { name: 'example' },
    subsets: [{ addresses: [{ ip: '10.1.2.3' }], ports: [{ port: 80 }] }],
  },
});

function validate(object: AnyObject) {
  const errors = new FieldErrors();
  subsetsOf(object).forEach(({ addresses = [], notReadyAddresses = [], ports = [] }, index) => {
    const at = `subsets[${index}]`;
    if (!addresses.length && !notReadyAddresses.length)
      errors.required(at, 'must specify `addresses` or `notReadyAddresses`');
    addresses.forEach((address, each) => validateAddress(address, `${at}.addresses[${each}]`, errors));
    notReadyAddresses.forEach((address, each) => validateAddress(address, `${at}.notReadyAddresses[${each}]`, errors));
    ports.forEach((port, each) => validatePort(port, ports.length > 1, `${at}.ports[${each}]`, errors));
  });
  return errors.list;
}

function validateAddress(
  { ip = '', hostname, nodeName }: Fields<V1EndpointAddress>,
  path: string,
  errors: FieldErrors,
): void {
  errors.invalidEach(`${path}.ip`, ip, checkIP(ip));
  if (hostname) errors.invalidEach(`${path}.hostname`, hostname, checkDNS1123Label(hostname));
  if (nodeName !== undefined)
    errors.invalidEach(`${path}.nodeName`, nodeName, subdomainName(nodeName, { generateName: false }));
  errors.invalidEach(`${path}.ip`, ip, checkNonSpecialIP(ip));
}

function validatePort(
  { name = '', port = 0, protocol = '', appProtocol }: Fields<CoreV1EndpointPort>,
  mustHaveName: boolean,
  path: string,
  errors: FieldErrors,
): void {
  if (mustHaveName && !name) errors.required(`${path}.name`);
  else if (name) errors.invalidEach(`${path}.name`, name, checkDNS1123Label(name));
  errors.invalidEach(`${path}.port`, port, checkPortNumber(port));
  validateProtocol(protocol, `${path}.protocol`, errors);
  if (appProtocol !== undefined)
    errors.invalidEach(`${path}.appProtocol`, appProtocol, checkQualifiedName(appProtocol));
}

const shown = 3;

// Like formatEndpoints of pkg/printers.
function endpointList(subsets: readonly Subset[]): string {
  if (!subsets.length) return '<none>';
  const list = subsets.flatMap(({ addresses, ports }) =>
    ports?.length
      ? ports.flatMap(({ port = 0 }) =>
          (addresses ?? []).map(({ ip = '' }) => (ip.includes(':') ? `[${ip}]:${port}` : `${ip}:${port}`)),
        )
      : (addresses ?? []).map(({ ip = '' }) => ip),
  );
  const text = list.slice(0, shown).join(',');
  return list.length > shown ? `${text} + ${list.length - shown} more...` : text;
}
