/** The slices that show an Endpoints object, for those who read slices only. Pure. */
// Like staging/src/k8s.io/endpointslice pkg/controller/endpointslicemirroring/reconciler.go.
import { isIPv6 } from 'node:net';
import type { EndpointAddress, Endpoints, SubsetPort } from '../endpoints/subsets.ts';
import { managedByLabel, serviceNameLabel, type Endpoint, type EndpointSlice } from '../endpoint-slice/slices.ts';
import type { EndpointPort } from '../endpoint-slice/service.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { controllerReference } from '../runtime/owners.ts';
import { endpoints as endpointsResource } from '../runtime/resources.ts';

export const mirroringController = 'endpointslicemirroring-controller.k8s.io';
/** Of one subset's addresses; more are not shown. */
const mostOfSubset = 1000;
const mostInSlice = 100;

const leftOut = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  'endpoints.kubernetes.io/last-change-trigger-time',
]);

export interface MirrorChanges {
  create: EndpointSlice[];
  update: EndpointSlice[];
  delete: EndpointSlice[];
}

interface Group {
  addressType: 'IPv4' | 'IPv6';
  ports: EndpointPort[];
  endpoints: Endpoint[];
}

/** What must change so that the slices show just what the object holds. */
export function planMirror(endpoints: Endpoints, existing: readonly EndpointSlice[]): MirrorChanges {
  const changes: MirrorChanges = { create: [], update: [], delete: [] };
  const left = new Set(existing);
  for (const group of groupsOf(endpoints)) {
    for (let start = 0; start < group.endpoints.length; start += mostInSlice) {
      const part = { ...group, endpoints: group.endpoints.slice(start, start + mostInSlice) };
      const slice = [...left].find((one) => one.addressType === part.addressType && equalJson(one.ports, part.ports));
      if (!slice) {
        changes.create.push(sliceFor(endpoints, part));
        continue;
      }
      left.delete(slice);
      const wanted = withContent(slice, endpoints, part);
      if (!equalJson(wanted, slice)) changes.update.push(wanted);
    }
  }
  changes.delete.push(...left);
  return changes;
}

function groupsOf({ subsets = [] }: Endpoints): Iterable<Group> {
  const groups = new Map<string, Group>();
  for (const { addresses = [], notReadyAddresses = [], ports = [] } of subsets) {
    const shown = [
      ...addresses.map((address) => [address, true] as const),
      ...notReadyAddresses.map((address) => [address, false] as const),
    ];
    const portList = ports.map(portOf);
    for (const [address, ready] of shown.slice(0, mostOfSubset)) {
      const addressType = isIPv6(address.ip) ? 'IPv6' : 'IPv4';
      const key = JSON.stringify([addressType, portList]);
      const group = groups.get(key) ?? { addressType, ports: portList, endpoints: [] };
      group.endpoints.push(endpointFor(address, ready));
      groups.set(key, group);
    }
  }
  return groups.values();
}

const portOf = ({ name = '', port, protocol = 'TCP', appProtocol }: SubsetPort): EndpointPort =>
  ({ name, protocol, port, ...(appProtocol && { appProtocol }) }) as EndpointPort;

const endpointFor = ({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean): Endpoint => ({
  addresses: [ip],
  conditions: { ready },
  ...(hostname && { hostname }),
  ...(nodeName && { nodeName }),
  ...(targetRef && { targetRef: targetRef as NonNullable<Endpoint['targetRef']> }),
});

function sliceFor(endpoints: Endpoints, group: Group): EndpointSlice {
  const { name, namespace } = endpoints.metadata;
  const slice = {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: {
      generateName: `${name}-`,
      ...(namespace && { namespace }),
      ownerReferences: [controllerReference(endpoints, endpointsResource)],
    },
    addressType: group.addressType,
    endpoints: null,
    ports: null,
  };
  return withContent(slice, endpoints, group);
}

function withContent(slice: EndpointSlice, { metadata }: Endpoints, { ports, endpoints }: Group): EndpointSlice {
  const { annotations: _, ...rest } = slice.metadata;
  const annotations = Object.fromEntries(
    Object.entries(metadata.annotations ?? {}).filter(([key]) => !leftOut.has(key)),
  );
  const labels = { ...metadata.labels, [serviceNameLabel]: metadata.name ?? '', [managedByLabel]: mirroringController };
  return {
    ...slice,
    metadata: { ...rest, labels, ...(Object.keys(annotations).length && { annotations }) },
    endpoints,
    ports,
  };
}

/** Whether the user asks that the object be left alone, or it is a lock of leader election. */
export const isLeftAlone = ({ metadata }: Endpoints): boolean =>
  metadata.labels?.['endpointslice.kubernetes.io/skip-mirror'] === 'true' ||
  metadata.annotations?.['control-plane.alpha.kubernetes.io/leader'] !== undefined;
