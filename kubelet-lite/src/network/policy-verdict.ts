/** Pure: whether the policies allow a connection, in the same words as the kernel's rules. */
import type { Protocol } from './api-objects.ts';
import { contains, parseIPv4 } from './pod-addresses.ts';
import type { CompiledPolicy, Direction, PolicyRule } from './policy-model.ts';

/** A connection after translation: who began it, and where it really goes. */
export interface Flow {
  protocol: Protocol | 'OTHER';
  from: string;
  to: string;
  /** Of the far end; 0: the protocol has none. */
  port: number;
}

function ruleAllows({ peers, ports }: PolicyRule, direction: Direction, flow: Flow): boolean {
  const peer = direction === 'ingress' ? flow.from : flow.to;
  const isPort =
    ports === 'any' ||
    ports.some(
      ({ protocol, from = 0, to = 65_535, at }) =>
        protocol === flow.protocol && flow.port >= from && flow.port <= to && (at?.includes(flow.to) ?? true),
    );
  if (!isPort) return false;
  if (peers === 'any' || peers.addresses.includes(peer)) return true;
  const number = parseIPv4(peer);
  return (
    number !== undefined &&
    peers.blocks.some(({ cidr, except }) => contains(cidr, number) && !except.some((hole) => contains(hole, number)))
  );
}

function directionAllows(policies: readonly CompiledPolicy[], uid: string, direction: Direction, flow: Flow): boolean {
  const asked = policies.filter((policy) => policy[direction] && policy.selected.includes(uid));
  return (
    asked.length === 0 || asked.some((policy) => policy[direction]?.some((rule) => ruleAllows(rule, direction, flow)))
  );
}

export interface NodeView {
  /** UIDs of the pods of this node by their address. */
  pods: ReadonlyMap<string, string>;
  /** Addresses of the node itself, which may always speak to its pods. */
  own: ReadonlySet<string>;
}

export function allows(policies: readonly CompiledPolicy[], { pods: uids, own }: NodeView, flow: Flow): boolean {
  if (flow.from === flow.to || own.has(flow.from)) return true;
  const [source, target] = [uids.get(flow.from), uids.get(flow.to)];
  return (
    (source === undefined || directionAllows(policies, source, 'egress', flow)) &&
    (target === undefined || directionAllows(policies, target, 'ingress', flow))
  );
}
