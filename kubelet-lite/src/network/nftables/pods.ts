/** Pure: what one attached pod, and the cluster's nodes, have in the table. */
import type { Node } from '../api-objects.ts';
import type { HostPort } from '../pod-network.ts';
import { contains, formatCidr, parseCidr, parseIPv4 } from '../pod-addresses.ts';
import type { Cidr } from '../pod-addresses.ts';
import type { Element, Fragment } from './ruleset.ts';

export interface AttachedPod {
  interfaceName: string;
  ip: string;
  hostPorts: readonly HostPort[];
}

/** Host ports on 127.0.0.1 only are served by listeners. */
const isEverywhere = (hostIP: string) => hostIP === '' || hostIP === '0.0.0.0';

export function podFragment({ interfaceName, ip, hostPorts }: AttachedPod): Fragment {
  const elements: Element[] = [
    { in: 'pod-sources', key: `"${interfaceName}" . ${ip}` },
    { in: 'hairpin', key: `${ip} . ${ip}` },
  ];
  for (const { hostIP, hostPort, containerPort, protocol } of hostPorts) {
    const port = `${protocol.toLowerCase()} . ${hostPort}`;
    const data = `${ip} . ${containerPort}`;
    if (isEverywhere(hostIP)) elements.push({ in: 'host-ports', key: port, data });
    else if (parseIPv4(hostIP) !== undefined && !hostIP.startsWith('127.'))
      elements.push({ in: 'host-ports-at', key: `${hostIP} . ${port}`, data });
  }
  return { chains: new Map(), sets: new Map(), elements };
}

export const podCidrsOf = ({ spec }: Node): string[] => spec?.podCIDRs ?? (spec?.podCIDR ? [spec.podCIDR] : []);

export const internalIpsOf = ({ status }: Node): string[] =>
  (status?.addresses ?? []).flatMap(({ type, address }) =>
    type === 'InternalIP' && parseIPv4(address) !== undefined ? [address] : [],
  );

/** Networks that do not overlap, as an interval set must have them: the wider one wins. */
export function apart(networks: readonly string[]): Cidr[] {
  const kept: Cidr[] = [];
  const wideFirst = networks.flatMap((text) => parseCidr(text) ?? []).sort((a, b) => b.size - a.size);
  for (const network of wideFirst) if (!kept.some((wider) => contains(wider, network.first))) kept.push(network);
  return kept;
}

/** `own` stands even while the Node object is not known yet. */
export function nodesFragment(nodes: readonly Node[], own: { podCidr: string; nodeIp: string }): Fragment {
  const networks = apart([own.podCidr, ...nodes.flatMap(podCidrsOf)]);
  const addresses = new Set([...(own.nodeIp ? [own.nodeIp] : []), ...nodes.flatMap(internalIpsOf)]);
  return {
    chains: new Map(),
    sets: new Map(),
    elements: [
      ...networks.map((network) => ({ in: 'pod-networks', key: formatCidr(network) })),
      ...[...addresses].map((key) => ({ in: 'node-addresses', key })),
    ],
  };
}
