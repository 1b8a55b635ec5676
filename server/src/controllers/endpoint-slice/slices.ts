/** Which endpoints a service has, and how its slices change to hold them. Pure. */
// Like staging/src/k8s.io/endpointslice/reconciler.go.
import type { KubeObject } from '@naru/api/object';
import { equalJson } from '../runtime/equal-json.ts';
import { controllerReference } from '../runtime/owners.ts';
import { isFinished, isReady, isTerminating, type Pod } from '../runtime/pod.ts';
import { services } from '../runtime/resources.ts';
import {
  addressOf,
  endpointPorts,
  headlessLabel,
  hostnameIn,
  isHeadless,
  type EndpointPort,
  type Service,
} from './service.ts';

export interface Endpoint {
  addresses: string[];
  conditions: { ready?: boolean; serving?: boolean; terminating?: boolean };
  hostname?: string;
  nodeName?: string;
  zone?: string;
  targetRef?: { kind: string; namespace?: string; name: string; uid: string };
}

export type Family = 'IPv4' | 'IPv6';

export interface EndpointSlice extends KubeObject {
  addressType: string;
  endpoints: Endpoint[] | null;
  ports: EndpointPort[] | null;
}

export interface SliceChanges {
  create: EndpointSlice[];
  update: EndpointSlice[];
  delete: EndpointSlice[];
}

export const serviceNameLabel = 'kubernetes.io/service-name';
export const managedByLabel = 'endpointslice.kubernetes.io/managed-by';
export const controllerName = 'endpointslice-controller.k8s.io';

const reserved = new Set([serviceNameLabel, managedByLabel, headlessLabel]);
const mostEndpoints = 100;

export interface NodeFacts {
  /** Undefined: there is no such node. */
  zoneOf(nodeName: string): { zone?: string } | undefined;
}

/** The pod as an endpoint; undefined when it has no address of the family, is finished, or its node is gone. */
export function endpointOf(service: Service, pod: Pod, family: Family, nodes: NodeFacts): Endpoint | undefined {
  const address = addressOf(pod, family);
  if (!address || isFinished(pod)) return undefined;
  const publish = service.spec.publishNotReadyAddresses ?? false;
  const { nodeName } = pod.spec;
  const node = nodeName ? nodes.zoneOf(nodeName) : {};
  if (!node && !publish) return undefined;
  const serving = isReady(pod);
  const terminating = isTerminating(pod);
  const hostname = hostnameIn(service, pod);
  const { namespace, name = '', uid = '' } = pod.metadata;
  return {
    addresses: [address],
    conditions: { ready: publish || (serving && !terminating), serving, terminating },
    ...(hostname && { hostname }),
    ...(nodeName && { nodeName }),
    ...(node?.zone && { zone: node.zone }),
    targetRef: { kind: 'Pod', ...(namespace && { namespace }), name, uid },
  };
}

export function sliceLabels(service: Service): Record<string, string> {
  const own = Object.entries(service.metadata.labels ?? {}).filter(([key]) => !reserved.has(key));
  return {
    ...Object.fromEntries(own),
    [serviceNameLabel]: service.metadata.name ?? '',
    [managedByLabel]: controllerName,
    ...(isHeadless(service) && { [headlessLabel]: '' }),
  };
}

/** What must change so that the slices of one family hold exactly the pods' endpoints. */
export function planSlices(
  service: Service,
  pods: readonly Pod[],
  existing: readonly EndpointSlice[],
  family: Family,
  nodes: NodeFacts,
): SliceChanges {
  const groups = new Map<string, { ports: EndpointPort[]; endpoints: Map<string, Endpoint> }>();
  for (const pod of pods) {
    const endpoint = endpointOf(service, pod, family, nodes);
    if (!endpoint) continue;
    const ports = endpointPorts(service, pod);
    const key = portsKey(ports);
    const group = groups.get(key) ?? { ports, endpoints: new Map<string, Endpoint>() };
    group.endpoints.set(identity(endpoint), endpoint);
    groups.set(key, group);
  }
  const changes: SliceChanges = { create: [], update: [], delete: [] };
  const byPorts = Map.groupBy(existing, (slice) => portsKey(slice.ports ?? []));
  for (const [key, slices] of byPorts) if (!groups.has(key)) changes.delete.push(...slices);
  for (const [key, { ports, endpoints }] of groups) {
    planGroup(service, family, ports, endpoints, byPorts.get(key) ?? [], changes);
  }
  if (groups.size === 0) changes.create.push(newSlice(service, family, null, null));
  return recycled(service, changes);
}

const portsKey = (ports: readonly EndpointPort[]): string =>
  JSON.stringify(
    ports.map(({ name, port, protocol, appProtocol }) => [name, port, protocol, appProtocol ?? null]).sort(),
  );

const identity = ({ targetRef, addresses }: Endpoint): string => `${targetRef?.uid ?? ''}/${addresses.join(',')}`;

function planGroup(
  service: Service,
  family: Family,
  ports: EndpointPort[],
  wanted: Map<string, Endpoint>,
  existing: readonly EndpointSlice[],
  changes: SliceChanges,
): void {
  const kept = existing.map((slice) => ({ slice, endpoints: keep(slice, wanted) }));
  const changed = ({ slice, endpoints }: (typeof kept)[number]) =>
    !equalJson(endpoints, slice.endpoints ?? []) || !equalJson(slice.metadata.labels, sliceLabels(service));
  const left = [...wanted.values()];
  // Slices that are written anyway are filled first; then the fullest that can take all that is left.
  const open = kept.filter((one) => one.endpoints.length > 0 && changed(one));
  for (const one of open) one.endpoints.push(...left.splice(0, mostEndpoints - one.endpoints.length));
  const fitting = kept
    .filter(({ endpoints }) => endpoints.length > 0 && endpoints.length + left.length <= mostEndpoints)
    .sort((a, b) => b.endpoints.length - a.endpoints.length)[0];
  if (left.length) fitting?.endpoints.push(...left.splice(0));
  while (left.length) changes.create.push(newSlice(service, family, ports, left.splice(0, mostEndpoints)));
  for (const one of kept) {
    if (one.endpoints.length === 0) changes.delete.push(one.slice);
    else if (changed(one)) changes.update.push(withContent(one.slice, service, one.slice.ports, one.endpoints));
  }
}

/** The slice's endpoints that are still wanted, as they are now; takes them from `wanted`. */
function keep({ endpoints }: EndpointSlice, wanted: Map<string, Endpoint>): Endpoint[] {
  return (endpoints ?? []).flatMap((endpoint) => {
    const key = identity(endpoint);
    const current = wanted.get(key);
    wanted.delete(key);
    return current ? [current] : [];
  });
}

const newSlice = (
  service: Service,
  addressType: Family,
  ports: EndpointPort[] | null,
  endpoints: Endpoint[] | null,
): EndpointSlice => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    generateName: `${service.metadata.name}-`,
    ...(service.metadata.namespace && { namespace: service.metadata.namespace }),
    labels: sliceLabels(service),
    ownerReferences: [controllerReference(service, services)],
  },
  addressType,
  endpoints,
  ports: ports?.length ? ports : null,
});

const withContent = (
  slice: EndpointSlice,
  service: Service,
  ports: EndpointPort[] | null,
  endpoints: Endpoint[] | null,
): EndpointSlice => ({
  ...slice,
  metadata: { ...slice.metadata, labels: sliceLabels(service) },
  ports,
  endpoints,
});

/** A slice that would go takes the content of one that would come: one write instead of two, and no gap for watchers. */
function recycled(service: Service, changes: SliceChanges): SliceChanges {
  const going = [...changes.delete];
  const create: EndpointSlice[] = [];
  const update = [...changes.update];
  for (const slice of changes.create) {
    const old = going.shift();
    if (!old) create.push(slice);
    else {
      const next = withContent(old, service, slice.ports, slice.endpoints);
      if (!equalJson(next, { ...old, ports: old.ports ?? null, endpoints: old.endpoints ?? null })) update.push(next);
    }
  }
  return { create, update, delete: going };
}
