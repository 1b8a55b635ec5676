/** Pure: NetworkPolicies, pods and namespaces → what each policy allows, in addresses and ports. */
// Like api networking/v1 NetworkPolicySpec, whose comments are the specification.
import type { LabelSelector as LabelSelectorObject } from '@naru/api/object';
import { matchesLabels, selectorFromObject } from '@naru/api/label-selector';
import type { NetworkPolicy, Pod, PolicyPeer, PolicyPort, Protocol } from './api-objects.ts';
import { apart } from './nftables/pods.ts';
import type { Cidr } from './pod-addresses.ts';
import { parseCidr } from './pod-addresses.ts';

export type Direction = 'ingress' | 'egress';

/** A pod as policies see it. */
export interface PolicyPod {
  /** Set for pods of this node. */
  uid?: string;
  namespace: string;
  labels: Record<string, string>;
  ip: string;
  ports: readonly { name: string; protocol: Protocol; port: number }[];
}

export interface Peers {
  addresses: readonly string[];
  blocks: readonly { cidr: Cidr; except: readonly Cidr[] }[];
}

export interface PortMatch {
  protocol: Protocol;
  /** Absent: every port. */
  from?: number;
  to?: number;
  /** A named port: only at these addresses it has this number. */
  at?: readonly string[];
}

export interface PolicyRule {
  peers: Peers | 'any';
  ports: readonly PortMatch[] | 'any';
}

/** A policy that selects pods of this node. */
export interface CompiledPolicy {
  namespace: string;
  name: string;
  /** UIDs of the pods it selects here. */
  selected: readonly string[];
  /** Absent: the policy says nothing about that direction. */
  ingress?: readonly PolicyRule[];
  egress?: readonly PolicyRule[];
}

export interface PolicyWorld {
  policies: readonly NetworkPolicy[];
  /** Every pod with an address of its own. */
  pods: readonly PolicyPod[];
  /** Labels of each namespace. */
  namespaces: ReadonlyMap<string, Record<string, string>>;
}

/** The pod of an object, or undefined when no policy can mean it: without an address, with the node's, or ended. */
export function policyPodOf({ metadata, spec, status }: Pod): PolicyPod | undefined {
  const hasEnded = status?.phase === 'Succeeded' || status?.phase === 'Failed';
  if (!status?.podIP || spec?.hostNetwork || hasEnded) return undefined;
  const { namespace = '', labels = {} } = metadata;
  return { namespace, labels, ip: status.podIP, ports: namedPorts(spec) };
}

/** Container ports that have names; those of sidecars count. */
export function namedPorts(spec: Pod['spec']): PolicyPod['ports'] {
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...(spec?.containers ?? []), ...sidecars].flatMap(({ ports = [] }) =>
    ports.flatMap(({ name, containerPort, protocol = 'TCP' }) =>
      name ? [{ name, protocol, port: containerPort }] : [],
    ),
  );
}

type Matcher = (labels: Record<string, string>) => boolean;

function matcher(selector: LabelSelectorObject): Matcher {
  const parsed = selectorFromObject(selector);
  return (labels) => matchesLabels(parsed, labels);
}

/** The policies of the world that select a pod of this node. */
export function compilePolicies(world: PolicyWorld): CompiledPolicy[] {
  const local = world.pods.filter(({ uid }) => uid !== undefined);
  return world.policies.flatMap((policy) => {
    const { namespace = '', name = '' } = policy.metadata;
    const matches = matcher(policy.spec?.podSelector ?? {});
    const selected = local.filter((pod) => pod.namespace === namespace && matches(pod.labels));
    if (selected.length === 0) return [];
    const types = policy.spec?.policyTypes ?? ['Ingress'];
    const { ingress = [], egress = [] } = policy.spec ?? {};
    return [
      {
        ...{ namespace, name, selected: selected.flatMap(({ uid }) => uid ?? []) },
        ...(types.includes('Ingress') && {
          ingress: ingress.map(({ from = [], ports = [] }) => ({
            peers: peersOf(from, namespace, world),
            ports: portsOf(ports, selected),
          })),
        }),
        ...(types.includes('Egress') && {
          egress: egress.map(({ to = [], ports = [] }) => ({
            peers: peersOf(to, namespace, world),
            ports: portsOf(ports, world.pods),
          })),
        }),
      },
    ];
  });
}

function peersOf(peers: readonly PolicyPeer[], namespace: string, world: PolicyWorld): PolicyRule['peers'] {
  if (peers.length === 0) return 'any';
  const blocks = peers.flatMap(({ ipBlock }) => {
    const cidr = parseCidr(ipBlock?.cidr ?? ''); // IPv6 blocks mean nothing where pods have IPv4 addresses
    return cidr ? [{ cidr, except: apart(ipBlock?.except ?? []) }] : [];
  });
  const selects = peers.filter(({ ipBlock }) => !ipBlock).map((peer) => selectorPeer(peer, namespace, world));
  const chosen = world.pods.filter((pod) => selects.some((select) => select(pod)));
  return { addresses: [...new Set(chosen.map(({ ip }) => ip))].sort(), blocks };
}

function selectorPeer(
  { podSelector, namespaceSelector }: PolicyPeer,
  own: string,
  { namespaces }: PolicyWorld,
): (pod: PolicyPod) => boolean {
  const pods = matcher(podSelector ?? {});
  if (!namespaceSelector) return ({ namespace, labels }) => namespace === own && pods(labels);
  const matches = matcher(namespaceSelector);
  const chosen = new Set([...namespaces].filter(([, labels]) => matches(labels)).map(([name]) => name));
  return ({ namespace, labels }) => chosen.has(namespace) && pods(labels);
}

/** `reached`: the pods among which a port's name is looked up. */
function portsOf(ports: readonly PolicyPort[], reached: readonly PolicyPod[]): PolicyRule['ports'] {
  if (ports.length === 0) return 'any';
  return ports.flatMap(({ protocol = 'TCP', port, endPort }) => {
    if (port === undefined) return [{ protocol }];
    if (typeof port === 'number') return [{ protocol, from: port, to: endPort ?? port }];
    return namedMatches(port, protocol, reached);
  });
}

function namedMatches(name: string, protocol: Protocol, reached: readonly PolicyPod[]): PortMatch[] {
  const byNumber = new Map<number, string[]>();
  for (const { ip, ports } of reached) {
    for (const port of ports) {
      if (port.name !== name || port.protocol !== protocol) continue;
      const addresses = byNumber.get(port.port);
      if (!addresses) byNumber.set(port.port, [ip]);
      else if (!addresses.includes(ip)) addresses.push(ip);
    }
  }
  return [...byNumber].map(([number, at]) => ({ protocol, from: number, to: number, at: at.sort() }));
}
