/** The part of the table that stands for the node itself: the hooks, the order in which a packet meets the rules, and the maps that services, pods and policies fill. */
import { podInterfacePrefix } from '../names.ts';
import type { Chain, Fragment, NamedSet } from './ruleset.ts';

export interface NodeFacts {
  clusterId: string;
  nodeName: string;
  /** The node's address, which pods see as the source of what was masqueraded. */
  nodeIp: string;
  podCidr: string;
  serviceCidr: string;
  clusterDns: string;
  /** TCP ports of nodes that pods never reach: the agent's, the engine's, etcd's. */
  closedPorts: readonly number[];
}

/** Set on a packet whose connection is to leave with the node's address; the bit kube-proxy uses. */
export const masqueradeMark = '0x4000';

const connection = 'ip daddr . meta l4proto . th dport';
const port = 'meta l4proto . th dport';
const midway = 'ct state new tcp flags & (fin | syn | rst | ack) != syn';
const transports = 'meta l4proto { tcp, udp, sctp }';

const set = (body: string): NamedSet => ({ kind: 'set', body });
const map = (body: string): NamedSet => ({ kind: 'map', body });

/** Sets and maps that fragments of others fill. */
const sets: [string, NamedSet][] = [
  ['pod-networks', set('type ipv4_addr; flags interval;')], // every node's pod CIDR
  ['node-addresses', set('type ipv4_addr;')], // every node's InternalIP
  ['pod-sources', set('type ifname . ipv4_addr;')], // what may come out of a pod's interface
  ['hairpin', set('type ipv4_addr . ipv4_addr;')], // each pod of this node, twice
  ['cluster-ips', set('type ipv4_addr;')],
  ['service-ips', map('type ipv4_addr . inet_proto . inet_service : verdict;')],
  ['service-node-ports', map('type inet_proto . inet_service : verdict;')],
  ['unserved-ips', map('type ipv4_addr . inet_proto . inet_service : verdict;')],
  ['unserved-node-ports', map('type inet_proto . inet_service : verdict;')],
  ['host-ports', map('type inet_proto . inet_service : ipv4_addr . inet_service;')],
  ['host-ports-at', map('type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service;')],
  ['policy-egress', map('type ipv4_addr : verdict;')],
  ['policy-ingress', map('type ipv4_addr : verdict;')],
  ['isolated-egress', set('type ipv4_addr;')], // the keys of the maps above, which cannot be asked as sets
  ['isolated-ingress', set('type ipv4_addr;')],
];

/** Nat chains see the first packet of a connection only. Their place is before Docker's, which would take published ports. */
function natChains(facts: NodeFacts, toPods: string): [string, Chain][] {
  const { podCidr, serviceCidr, nodeIp } = facts;
  return [
    ['nat-prerouting', { hook: 'type nat hook prerouting priority -105; policy accept;', rules: ['jump services'] }],
    ['nat-output', { hook: 'type nat hook output priority -105; policy accept;', rules: ['jump services'] }],
    [
      'services',
      {
        rules: [
          `${connection} vmap @service-ips`,
          // 127.0.0.1 is served by listeners (local-node-ports.ts): route_localnet stays off.
          'ip daddr != 127.0.0.0/8 fib daddr type local jump node-ports',
        ],
      },
    ],
    [
      'node-ports',
      {
        rules: [
          `${port} vmap @service-node-ports`,
          `${transports} dnat ip to ${connection} map @host-ports-at`,
          `${transports} dnat ip to ${port} map @host-ports`,
        ],
      },
    ],
    [
      'nat-postrouting',
      {
        hook: 'type nat hook postrouting priority 95; policy accept;',
        rules: [
          // A pod that reached itself through a service would otherwise answer itself past the translation.
          'ct status dnat ip saddr . ip daddr @hairpin goto leave-as-node',
          `meta mark & ${masqueradeMark} != 0 goto leave-as-node`,
          `ct status dnat ct original ip daddr ${serviceCidr} ip saddr != @pod-networks goto leave-as-node`,
          `ip saddr ${podCidr} ip daddr != @pod-networks ip daddr != 224.0.0.0/4 masquerade fully-random`,
        ],
      },
    ],
    [
      'leave-as-node',
      {
        rules: [
          `meta mark set meta mark & 0xffffbfff`,
          // The host end of a pod has no address of its own to masquerade with.
          ...(nodeIp ? [`${toPods} snat ip to ${nodeIp} fully-random`] : []),
          'masquerade fully-random',
        ],
      },
    ],
  ];
}

function filterChains(facts: NodeFacts, fromPods: string, toPods: string): [string, Chain][] {
  const { serviceCidr, clusterDns, closedPorts } = facts;
  const closed = closedPorts.length ? `tcp dport { ${closedPorts.join(', ')} }` : '';
  return [
    [
      'pod-spoofing',
      {
        hook: 'type filter hook prerouting priority -300; policy accept;',
        rules: [`${fromPods} iifname . ip saddr != @pod-sources drop`],
      },
    ],
    [
      'filter-forward',
      {
        hook: 'type filter hook forward priority -5; policy accept;',
        rules: [
          'ct state established,related accept',
          // A packet that belongs to no known connection would reach the pod untranslated, and be answered with a reset.
          `${fromPods} ct state invalid drop`,
          `${toPods} ct state invalid drop`,
          `${connection} vmap @unserved-ips`,
          `ip daddr ${serviceCidr} goto no-such-service`,
          `${fromPods} ip daddr 169.254.0.0/16 goto refuse`, // the cloud's metadata
          ...(closed ? [`${fromPods} ip daddr @node-addresses ${closed} reject with tcp reset`] : []),
          // The kernel takes up a connection it does not know from any packet of it: an answer within one that was cut
          // would bring it back, the other way round.
          `${midway} ip saddr @isolated-ingress reject with tcp reset`,
          `${midway} ip daddr @isolated-egress reject with tcp reset`,
          'ip saddr . ip daddr @hairpin accept', // no policy keeps a pod from itself
          'ip saddr vmap @policy-egress',
        ],
      },
    ],
    [
      // A hook of its own: an accept ends only the hook it stands in, and both ends of a connection are asked.
      'filter-to-pods',
      {
        hook: 'type filter hook forward priority -4; policy accept;',
        rules: [
          'ct state established,related accept',
          'ip saddr . ip daddr @hairpin accept',
          'ip daddr vmap @policy-ingress',
        ],
      },
    ],
    [
      'filter-input',
      {
        hook: 'type filter hook input priority -5; policy accept;',
        rules: [
          'ct state established,related accept',
          `${connection} vmap @unserved-ips`,
          `${port} vmap @unserved-node-ports`,
          ...(closed ? [`${fromPods} ${closed} reject with tcp reset`] : []),
          `${fromPods} ip saddr vmap @policy-egress`,
        ],
      },
    ],
    [
      // No policy here: the node may always speak to its own pods.
      'filter-output',
      {
        hook: 'type filter hook output priority -5; policy accept;',
        rules: [
          'ct state established,related accept',
          `${connection} vmap @unserved-ips`,
          `ip daddr ${serviceCidr} goto no-such-service`,
        ],
      },
    ],
    // Resets rather than ICMP for TCP: the kernel sends only a few ICMP errors a second to one address.
    ['refuse', { rules: ['meta l4proto tcp reject with tcp reset', 'reject'] }],
    [
      // What services took is translated by now: this is a port nobody serves, or an address nobody has.
      'no-such-service',
      { rules: [`ip daddr ${clusterDns} return`, 'ip daddr @cluster-ips goto refuse', 'drop'] },
    ],
  ];
}

/** The node's own fragment. */
export function baseFragment(facts: NodeFacts): Fragment {
  const pods = `"${podInterfacePrefix(facts.clusterId)}*"`;
  const [fromPods, toPods] = [`iifname ${pods}`, `oifname ${pods}`];
  return {
    sets: new Map(sets),
    chains: new Map([...natChains(facts, toPods), ...filterChains(facts, fromPods, toPods)]),
    elements: [],
  };
}
