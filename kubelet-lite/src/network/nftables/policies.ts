/** Pure: compiled policies → what they, and the pods they select, have in the table. */
import { shortHash } from '../names.ts';
import { formatCidr } from '../pod-addresses.ts';
import type { CompiledPolicy, Direction, PolicyRule, PortMatch } from '../policy-model.ts';
import type { Chain, Element, Fragment, NamedSet } from './ruleset.ts';

const directions = ['ingress', 'egress'] as const;

const chainOf = ({ namespace, name }: { namespace: string; name: string }, direction: Direction) =>
  `p-${direction}-${shortHash(`${namespace}/${name}`)}/${`${namespace}/${name}`.slice(0, 80)}`;

const podChain = (uid: string, direction: Direction) => `pod-${direction}-${shortHash(uid)}`;

function portMatches(ports: PolicyRule['ports']): string[] {
  if (ports === 'any') return [''];
  return ports.map(({ protocol, from, to, at }: PortMatch) => {
    const name = protocol.toLowerCase();
    const where = at ? `ip daddr { ${at.join(', ')} } ` : '';
    if (from === undefined) return `meta l4proto ${name} `;
    return `${where}${name} dport ${from === to ? from : `${from}-${to}`} `;
  });
}

/** One policy: for each direction a chain that accepts what it allows and returns from the rest. */
export function policyFragment(policy: CompiledPolicy): Fragment {
  const chains = new Map<string, Chain>();
  const sets = new Map<string, NamedSet>();
  const elements: Element[] = [];
  for (const direction of directions) {
    const rules = policy[direction];
    if (!rules) continue;
    const name = chainOf(policy, direction);
    const end = direction === 'ingress' ? 'ip saddr' : 'ip daddr';
    const peerMatches = ({ peers }: PolicyRule, index: number): string[] => {
      if (peers === 'any') return [''];
      const set = `${name}/${index}`;
      sets.set(set, { kind: 'set', body: 'type ipv4_addr;' });
      for (const key of peers.addresses) elements.push({ in: set, key });
      const blocks = peers.blocks.map(({ cidr, except }) => {
        const holes = except.length ? `${end} != { ${except.map(formatCidr).join(', ')} } ` : '';
        return `${end} ${formatCidr(cidr)} ${holes}`;
      });
      return [`${end} @${set} `, ...blocks];
    };
    const accepts = rules.flatMap((rule, index) =>
      peerMatches(rule, index).flatMap((peer) => portMatches(rule.ports).map((port) => `${peer}${port}accept`)),
    );
    chains.set(name, { rules: accepts });
  }
  return { chains, sets, elements };
}

/** One pod that policies select: what none of them accepts is dropped. */
export function isolatedPodFragment(
  { uid, ip }: { uid: string; ip: string },
  policies: readonly CompiledPolicy[],
): Fragment {
  const chains = new Map<string, Chain>();
  const elements: Element[] = [];
  for (const direction of directions) {
    const asked = policies.filter((policy) => policy[direction] && policy.selected.includes(uid));
    if (asked.length === 0) continue;
    const name = podChain(uid, direction);
    chains.set(name, { rules: [...asked.map((policy) => `jump ${chainOf(policy, direction)}`), 'drop'] });
    elements.push({ in: `policy-${direction}`, key: ip, data: `goto ${name}` });
    elements.push({ in: `isolated-${direction}`, key: ip });
  }
  return { chains, sets: new Map(), elements };
}

/** Whether `next` may forbid what `old` allowed. A new fragment of a pod that was not isolated does. */
export function tightens(old: Fragment | undefined, next: Fragment | undefined): boolean {
  const allowing = (fragment: Fragment | undefined) => [
    ...[...(fragment?.chains ?? [])].flatMap(([name, { rules }]) => rules.map((rule) => `${name} ${rule}`)),
    ...(fragment?.elements ?? []).map(({ in: set, key }) => `${set} ${key}`),
  ];
  const isolates = (fragment: Fragment | undefined) =>
    (fragment?.elements ?? [])
      .filter(({ in: map }) => map.startsWith('policy-'))
      .map(({ in: map, key }) => `${map} ${key}`);
  const [before, after] = [new Set(isolates(old)), new Set(allowing(next))];
  return isolates(next).some((key) => !before.has(key)) || allowing(old).some((rule) => !after.has(rule));
}
