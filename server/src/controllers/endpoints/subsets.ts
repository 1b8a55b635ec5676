/** The subsets of an Endpoints object: addresses that serve the same ports together. Pure. */
// Like pkg/api/v1/endpoints RepackSubsets.
import type { KubeObject } from '@naru/api/object';
import type { ObjectReference } from '@naru/api/events/event';
import { isFinished, isReady, isTerminating, type Pod } from '../runtime/pod.ts';
import { addressOf, endpointPorts, hostnameIn, isHeadless, type Service } from '../endpoint-slice/service.ts';

export interface EndpointAddress {
  ip: string;
  hostname?: string;
  nodeName?: string;
  targetRef?: ObjectReference;
}

export interface SubsetPort {
  name?: string;
  port: number;
  protocol?: string;
  appProtocol?: string;
}

export interface Subset {
  addresses?: EndpointAddress[];
  notReadyAddresses?: EndpointAddress[];
  ports?: SubsetPort[];
}

export interface Endpoints extends KubeObject {
  subsets?: Subset[];
}

interface Placed {
  address: EndpointAddress;
  ready: boolean;
  ports: SubsetPort[];
}

/** The subsets of a service's pods, sorted so that the same pods always give the same text. */
export function subsetsOf(service: Service, pods: readonly Pod[]): Subset[] {
  const family = service.spec.ipFamilies?.[0] ?? 'IPv4';
  const publish = service.spec.publishNotReadyAddresses ?? false;
  const placed = pods.flatMap((pod): Placed[] => {
    const ip = addressOf(pod, family);
    if (!ip || isFinished(pod) || (isTerminating(pod) && !publish)) return [];
    const { namespace, name = '', uid = '' } = pod.metadata;
    const hostname = hostnameIn(service, pod);
    const address: EndpointAddress = {
      ip,
      ...(hostname && { hostname }),
      ...(pod.spec.nodeName && { nodeName: pod.spec.nodeName }),
      targetRef: { kind: 'Pod', ...(namespace && { namespace }), name, uid },
    };
    const ports = endpointPorts(service, pod).map(({ name: portName, ...port }) => ({
      ...(portName && { name: portName }),
      ...port,
    }));
    // A service with ports none of which this pod has is not served by it.
    if (ports.length === 0 && !(isHeadless(service) && !service.spec.ports?.length)) return [];
    return [{ address, ready: publish || isReady(pod), ports }];
  });
  return repacked(placed);
}

const text = (value: unknown) => JSON.stringify(value);
const byText =
  <T>(key: (value: T) => string) =>
  (a: T, b: T) =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0;

function repacked(placed: readonly Placed[]): Subset[] {
  const groups = Map.groupBy(placed, ({ ports }) => text(ports));
  const subsets = [...groups.values()].map((members): Subset => {
    const addresses = (ready: boolean) =>
      members
        .filter((member) => member.ready === ready)
        .map(({ address }) => address)
        .sort(byText(({ ip, targetRef }) => `${ip}/${targetRef?.uid}`));
    const [ready, notReady] = [addresses(true), addresses(false)];
    const ports = [...(members[0]?.ports ?? [])].sort(byText(text));
    return {
      ...(ready.length && { addresses: ready }),
      ...(notReady.length && { notReadyAddresses: notReady }),
      ...(ports.length && { ports }),
    };
  });
  return subsets.sort(byText(text));
}

const capacity = 1000;
export const overCapacityAnnotation = 'endpoints.kubernetes.io/over-capacity';

/** The first thousand addresses, ready ones before the others; `truncated` when that was not all. */
export function withinCapacity(subsets: readonly Subset[]): { subsets: Subset[]; truncated: boolean } {
  const total = subsets.reduce(
    (sum, { addresses = [], notReadyAddresses = [] }) => sum + addresses.length + notReadyAddresses.length,
    0,
  );
  if (total <= capacity) return { subsets: [...subsets], truncated: false };
  let left = capacity;
  const cut = (addresses: EndpointAddress[] = []) => {
    const kept = addresses.slice(0, left);
    left -= kept.length;
    return kept;
  };
  const ready = subsets.map(({ addresses }) => cut(addresses));
  const notReady = subsets.map(({ notReadyAddresses }) => cut(notReadyAddresses));
  const shortened = subsets.flatMap(({ ports }, index): Subset[] => {
    const [addresses = [], notReadyAddresses = []] = [ready[index], notReady[index]];
    if (addresses.length + notReadyAddresses.length === 0) return [];
    return [
      {
        ...(addresses.length && { addresses }),
        ...(notReadyAddresses.length && { notReadyAddresses }),
        ...(ports && { ports }),
      },
    ];
  });
  return { subsets: shortened, truncated: true };
}
