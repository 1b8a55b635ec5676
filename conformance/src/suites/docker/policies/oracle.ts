/** What NetworkPolicies allow, told anew from the words of the API's documentation: the judge of the agent's rules. */
import type {
  V1LabelSelector,
  V1NetworkPolicy,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
} from '@kubernetes/client-node';
import type { Protocol } from '../../../harness/peer/peers.ts';

/** One end of a connection. Without a namespace it is outside the cluster. */
export interface End {
  id: string;
  address: string;
  namespace?: string;
  namespaceLabels?: Record<string, string>;
  labels?: Record<string, string>;
  namedPorts?: readonly { name: string; protocol: Protocol; port: number }[];
}

export interface Attempt {
  from: End;
  to: End;
  protocol: Protocol;
  port: number;
}

function selects(
  { matchLabels = {}, matchExpressions = [] }: V1LabelSelector,
  labels: Record<string, string>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      if (operator === 'Exists') return value !== undefined;
      if (operator === 'DoesNotExist') return value === undefined;
      if (operator === 'In') return value !== undefined && values.includes(value);
      return value === undefined || !values.includes(value);
    })
  );
}

const numberOf = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);

function inBlock(address: string, cidr: string): boolean {
  const [network = '', length = '32'] = cidr.split('/');
  const size = 2 ** (32 - Number(length));
  return Math.floor(numberOf(address) / size) === Math.floor(numberOf(network) / size);
}

function isPeer({ ipBlock, podSelector, namespaceSelector }: V1NetworkPolicyPeer, end: End, own: string): boolean {
  if (ipBlock) {
    return inBlock(end.address, ipBlock.cidr) && !(ipBlock.except ?? []).some((hole) => inBlock(end.address, hole));
  }
  if (end.namespace === undefined) return false;
  const inNamespace = namespaceSelector ? selects(namespaceSelector, end.namespaceLabels ?? {}) : end.namespace === own;
  return inNamespace && selects(podSelector ?? {}, end.labels ?? {});
}

function isPort({ protocol = 'TCP', port, endPort }: V1NetworkPolicyPort, attempt: Attempt): boolean {
  if (protocol !== attempt.protocol) return false;
  if (port === undefined) return true;
  if (typeof port === 'number') return attempt.port >= port && attempt.port <= (endPort ?? port);
  return (attempt.to.namedPorts ?? []).some(
    (named) => named.name === port && named.protocol === protocol && named.port === attempt.port,
  );
}

function directionAllows(policies: readonly V1NetworkPolicy[], type: 'Ingress' | 'Egress', attempt: Attempt): boolean {
  const [own, other] = type === 'Ingress' ? [attempt.to, attempt.from] : [attempt.from, attempt.to];
  const asked = policies.filter(({ metadata, spec }) => {
    const types = spec?.policyTypes ?? (spec?.egress ? ['Ingress', 'Egress'] : ['Ingress']);
    return (
      types.includes(type) &&
      metadata?.namespace === own.namespace &&
      selects(spec?.podSelector ?? {}, own.labels ?? {})
    );
  });
  if (own.namespace === undefined || asked.length === 0) return true;
  return asked.some(({ metadata, spec }) => {
    const rules =
      type === 'Ingress'
        ? (spec?.ingress ?? []).map(({ _from = [], ports = [] }) => ({ peers: _from, ports }))
        : (spec?.egress ?? []).map(({ to = [], ports = [] }) => ({ peers: to, ports }));
    return rules.some(
      ({ peers, ports }) =>
        (peers.length === 0 || peers.some((peer) => isPeer(peer, other, metadata?.namespace ?? ''))) &&
        (ports.length === 0 || ports.some((port) => isPort(port, attempt))),
    );
  });
}

/** Whether the connection must come about. */
export const allows = (policies: readonly V1NetworkPolicy[], attempt: Attempt): boolean =>
  attempt.from === attempt.to ||
  (directionAllows(policies, 'Egress', attempt) && directionAllows(policies, 'Ingress', attempt));
