/** The sets of policies that the truth table goes through: what the documentation speaks of, and as many made by chance from a fixed seed. */
import type {
  V1LabelSelector,
  V1NetworkPolicy,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
  V1NetworkPolicySpec,
} from '@kubernetes/client-node';

export interface World {
  /** Namespaces x and y. */
  x: string;
  y: string;
  /** Addresses by end: `x/a`. */
  addressOf(id: string): string;
}

export interface PolicySet {
  title: string;
  policies(world: World): V1NetworkPolicy[];
}

const policy = (namespace: string, name: string, spec: V1NetworkPolicySpec): V1NetworkPolicy => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { namespace, name },
  spec,
});

const inX = (title: string, spec: (world: World) => V1NetworkPolicySpec): PolicySet => ({
  title,
  policies: (world) => [policy(world.x, 'p', spec(world))],
});

const podA: V1LabelSelector = { matchLabels: { pod: 'a' } };
const podB: V1LabelSelector = { matchLabels: { pod: 'b' } };
const blue: V1LabelSelector = { matchLabels: { team: 'blue' } };
const from = (...peers: V1NetworkPolicyPeer[]) => ({ _from: peers });

const written: PolicySet[] = [
  { title: 'no policy', policies: () => [] },
  inX('deny all ingress', () => ({ podSelector: {}, policyTypes: ['Ingress'] })),
  inX('deny all egress', () => ({ podSelector: {}, policyTypes: ['Egress'] })),
  inX('deny everything', () => ({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] })),
  inX('allow all ingress', () => ({ podSelector: {}, policyTypes: ['Ingress'], ingress: [{}] })),
  inX('one pod, from a pod of the namespace', () => ({ podSelector: podA, ingress: [from({ podSelector: podB })] })),
  inX('from another namespace', () => ({ podSelector: podA, ingress: [from({ namespaceSelector: blue })] })),
  inX('from one pod of another namespace', () => ({
    podSelector: podA,
    ingress: [from({ namespaceSelector: blue, podSelector: podB })],
  })),
  inX('from a namespace or a pod: two peers', () => ({
    podSelector: podA,
    ingress: [from({ namespaceSelector: blue }, { podSelector: podB })],
  })),
  inX('a number, a name, a range', () => ({
    podSelector: {},
    ingress: [
      { ...from({ podSelector: podA }), ports: [{ protocol: 'TCP', port: 80 }] },
      { ...from({ namespaceSelector: blue }), ports: [{ protocol: 'TCP', port: 'web' }] },
      { ...from({ podSelector: podB }), ports: [{ protocol: 'TCP', port: 81, endPort: 90 }] },
    ],
  })),
  inX('one protocol', () => ({ podSelector: {}, ingress: [{ ports: [{ protocol: 'UDP' }] }] })),
  inX('egress to a name, which pods give different numbers', () => ({
    podSelector: podA,
    policyTypes: ['Egress'],
    egress: [{ ports: [{ protocol: 'TCP', port: 'web' }] }],
  })),
  inX('egress to the outside but for one address', () => ({
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [{ to: [{ ipBlock: { cidr: '192.168.77.0/24', except: ['192.168.77.9/32'] } }] }],
  })),
  inX('ingress from the outside but for one address', () => ({
    podSelector: {},
    ingress: [from({ ipBlock: { cidr: '0.0.0.0/0', except: ['192.168.77.8/30', '10.0.0.0/8'] } })],
  })),
  inX('a block that means a pod', ({ addressOf }) => ({
    podSelector: podA,
    ingress: [from({ ipBlock: { cidr: `${addressOf('y/b')}/32` } })],
  })),
  inX('expressions', () => ({
    podSelector: { matchExpressions: [{ key: 'pod', operator: 'NotIn', values: ['c'] }] },
    ingress: [
      from({
        namespaceSelector: { matchExpressions: [{ key: 'team', operator: 'Exists' }] },
        podSelector: { matchExpressions: [{ key: 'tier', operator: 'In', values: ['front'] }] },
      }),
      from({ podSelector: { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] } }),
    ],
  })),
  {
    title: 'several policies add up; both ends are asked',
    policies: ({ x, y }) => [
      policy(x, 'closed', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }),
      policy(x, 'b-to-a', { podSelector: podA, ingress: [from({ podSelector: podB })] }),
      policy(x, 'b-out', { podSelector: podB, policyTypes: ['Egress'], egress: [{ to: [{ podSelector: {} }] }] }),
      policy(y, 'closed', { podSelector: podA, policyTypes: ['Ingress'] }),
    ],
  },
];

/** Mulberry32: small, and the same everywhere. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function byChance(seed: number, { x, y, addressOf }: World): V1NetworkPolicy[] {
  const next = random(seed);
  const one = <T>(choices: readonly T[]): T => choices[Math.floor(next() * choices.length)]!;
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: Math.floor(next() * (most + 1)) }, make);
  const pods = (): V1LabelSelector =>
    one<V1LabelSelector>([
      {},
      podA,
      podB,
      { matchLabels: { tier: 'front' } },
      { matchExpressions: [{ key: 'tier', operator: 'NotIn', values: ['front'] }] },
    ]);
  const namespaces = (): V1LabelSelector => one<V1LabelSelector>([{}, blue, { matchLabels: { team: 'red' } }]);
  const block = () =>
    one([
      { cidr: '192.168.77.0/24' },
      { cidr: '192.168.77.0/24', except: ['192.168.77.0/29'] },
      { cidr: '0.0.0.0/0', except: [`${addressOf('x/b')}/32`, '192.168.77.9/32'] },
      { cidr: `${addressOf('y/a')}/32` },
    ]);
  const peer = (): V1NetworkPolicyPeer =>
    one([
      () => ({ podSelector: pods() }),
      () => ({ namespaceSelector: namespaces() }),
      () => ({ namespaceSelector: namespaces(), podSelector: pods() }),
      () => ({ ipBlock: block() }),
    ])();
  const port = (): V1NetworkPolicyPort =>
    one<V1NetworkPolicyPort>([
      { protocol: 'TCP', port: 80 },
      { protocol: 'TCP', port: 'web' },
      { protocol: 'UDP', port: 'datagrams' },
      { protocol: 'UDP' },
      { protocol: 'TCP', port: 80, endPort: 81 },
      { protocol: 'TCP' },
    ]);
  return Array.from({ length: 1 + Math.floor(next() * 3) }, (_, index) => {
    const types = one([['Ingress'], ['Egress'], ['Ingress', 'Egress']]);
    return policy(one([x, x, y]), `p${index}`, {
      podSelector: pods(),
      policyTypes: types,
      ...(types.includes('Ingress') && { ingress: some(2, () => ({ _from: some(2, peer), ports: some(2, port) })) }),
      ...(types.includes('Egress') && { egress: some(2, () => ({ to: some(2, peer), ports: some(2, port) })) }),
    });
  });
}

export const policySets: readonly PolicySet[] = [
  ...written,
  ...Array.from({ length: 10 }, (_, index) => ({
    title: `by chance, seed ${index + 1}`,
    policies: (world: World) => byChance(index + 1, world),
  })),
];

/** As it goes over the wire: client-node calls the field `from` `_from`. */
export function onTheWire(policy: V1NetworkPolicy): object {
  const ingress = policy.spec?.ingress?.map(({ _from, ...rest }) => ({ ...rest, ...(_from && { from: _from }) }));
  return { ...policy, spec: { ...policy.spec, ...(ingress && { ingress }) } };
}
