/** Which endpoints of a service port take its traffic on this node. */
// Like pkg/proxy topology.go CategorizeEndpoints and endpointslicecache.go.
import type { EndpointSlice, Protocol, SliceEndpoint } from '../api-objects.ts';
import { parseIPv4 } from '../pod-addresses.ts';

export interface Endpoint {
  address: string;
  port: number;
  ready: boolean;
  serving: boolean;
  terminating: boolean;
  nodeName: string;
  zoneHints: readonly string[];
  nodeHints: readonly string[];
}

export interface NodePlace {
  nodeName: string;
  /** Label topology.kubernetes.io/zone; empty: none. */
  zone: string;
}

/** Pods of this node that end or are gone by their UID: known here before the API server has it in a slice. */
export type Leaving = ReadonlyMap<string, 'ending' | 'gone'>;

export interface Categorized {
  /** For traffic that may go anywhere. */
  cluster: Endpoint[];
  /** For traffic that stays on this node. */
  local: Endpoint[];
  /** Whether any endpoint could take traffic, here or elsewhere. */
  any: boolean;
}

/** Loopback and link-local endpoints would be this node's own, whoever wrote them; CVE-2021-25737. */
const isReachable = (address: string): boolean => {
  const number = parseIPv4(address);
  if (number === undefined) return false;
  const first = number >>> 24;
  return first !== 0 && first !== 127 && first < 224 && number >>> 16 !== 0xa9fe;
};

/** Its conditions as they are going to be. Like endpointslice/utils.go podToEndpoint, which tells of the same end later. */
function conditionsOf({ conditions, targetRef }: SliceEndpoint, leaving: Leaving) {
  const isEnding = leaving.has(targetRef?.uid ?? '');
  const ready = conditions?.ready ?? true;
  return {
    ready: ready && !isEnding,
    serving: conditions?.serving ?? ready,
    terminating: (conditions?.terminating ?? false) || isEnding,
  };
}

function endpointOf(entry: SliceEndpoint, port: number, leaving: Leaving): Endpoint[] {
  const { addresses, nodeName, hints, targetRef } = entry;
  if (leaving.get(targetRef?.uid ?? '') === 'gone') return [];
  return addresses.filter(isReachable).map((address) => ({
    address,
    port,
    ...conditionsOf(entry, leaving),
    nodeName: nodeName ?? '',
    zoneHints: hints?.forZones?.map(({ name }) => name) ?? [],
    nodeHints: hints?.forNodes?.map(({ name }) => name) ?? [],
  }));
}

/** The endpoints of one service port, each address and port once, in a steady order. */
export function endpointsOf(
  slices: readonly EndpointSlice[],
  wanted: { name: string; protocol: Protocol },
  leaving: Leaving = new Map(),
): Endpoint[] {
  const found = new Map<string, Endpoint>();
  for (const slice of slices) {
    if (slice.addressType !== 'IPv4' || slice.metadata.labels?.['service.kubernetes.io/headless'] !== undefined)
      continue;
    for (const { name = '', protocol = 'TCP', port } of slice.ports ?? []) {
      if (name !== wanted.name || protocol !== wanted.protocol || !port) continue;
      for (const endpoint of (slice.endpoints ?? []).flatMap((entry) => endpointOf(entry, port, leaving))) {
        const key = `${endpoint.address}:${endpoint.port}`;
        // While a pod moves from one slice to another it stands in both; what is ready counts.
        if (!found.get(key)?.ready) found.set(key, endpoint);
      }
    }
  }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint);
}

/** Hints count only when every ready endpoint has them and one of them means us; a service must not lose its last endpoint to a hint. */
function closest(ready: readonly Endpoint[], { nodeName, zone }: NodePlace): Endpoint[] {
  const forNode = ready.filter(({ nodeHints }) => nodeHints.includes(nodeName));
  if (forNode.length > 0 && ready.every(({ nodeHints }) => nodeHints.length > 0)) return forNode;
  const forZone = ready.filter(({ zoneHints }) => zoneHints.includes(zone));
  if (zone && forZone.length > 0 && ready.every(({ zoneHints }) => zoneHints.length > 0)) return forZone;
  return [...ready];
}

export function categorize(endpoints: readonly Endpoint[], place: NodePlace): Categorized {
  const ready = endpoints.filter((endpoint) => endpoint.ready);
  // With no ready endpoint left, those that still serve while they end are better than none.
  const ending = endpoints.filter(({ serving, terminating, ready }) => !ready && serving && terminating);
  const here = ({ nodeName }: Endpoint) => nodeName === place.nodeName;
  const localReady = ready.filter(here);
  return {
    cluster: ready.length > 0 ? closest(ready, place) : ending,
    local: localReady.length > 0 ? localReady : ending.filter(here),
    any: ready.length > 0 || ending.length > 0,
  };
}
