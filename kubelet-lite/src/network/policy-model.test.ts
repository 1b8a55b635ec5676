import { expect, test } from '@jest/globals';
import type { NetworkPolicy } from './api-objects.ts';
import { parseFlows } from './cut-forbidden.ts';
import { isolatedPodFragment, policyFragment, tightens } from './nftables/policies.ts';
import type { PolicyPod } from './policy-model.ts';
import { compilePolicies, policyPodOf } from './policy-model.ts';
import { allows } from './policy-verdict.ts';

const pod = (ip: string, app: string, rest: Partial<PolicyPod> = {}): PolicyPod => ({
  ...{ namespace: 'shop', labels: { app }, ip, ports: [{ name: 'http', protocol: 'TCP', port: 8080 }], ...rest },
});
const world = (spec: NonNullable<NetworkPolicy['spec']>) => ({
  policies: [{ metadata: { name: 'p', namespace: 'shop' }, spec }],
  pods: [
    pod('10.0.0.1', 'web', { uid: 'u1' }),
    pod('10.0.0.2', 'db', { ports: [{ name: 'http', protocol: 'TCP', port: 9090 }] }),
    pod('10.0.0.3', 'web', { namespace: 'other' }),
  ],
  namespaces: new Map([
    ['shop', { tier: 'a' }],
    ['other', { tier: 'b' }],
  ]),
});
const selected = { podSelector: { matchLabels: { app: 'web' } } };
const view = { pods: new Map([['10.0.0.1', 'u1']]), own: new Set(['192.0.2.2']) };
const to = (from: string, port = 8080, protocol: 'TCP' | 'UDP' = 'TCP') => ({ protocol, from, to: '10.0.0.1', port });
const judge = (spec: NonNullable<NetworkPolicy['spec']>) => {
  const compiled = compilePolicies(world(spec));
  return (flow: Parameters<typeof allows>[2]) => allows(compiled, view, flow);
};
const rulesOf = (spec: NonNullable<NetworkPolicy['spec']>) => {
  const [policy] = compilePolicies(world(spec));
  const { chains, elements } = policyFragment(policy!);
  return { rules: [...chains.values()].flatMap(({ rules }) => rules), elements: elements.map(({ key }) => key) };
};

test('a policy that allows nothing denies everybody but the node and the pod itself', () => {
  const isAllowed = judge({ ...selected, policyTypes: ['Ingress'] });
  expect(isAllowed(to('10.0.0.2'))).toBe(false);
  expect(isAllowed(to('192.0.2.2'))).toBe(true);
  expect(isAllowed(to('10.0.0.1'))).toBe(true);
  expect(isAllowed({ ...to('10.0.0.1'), to: '10.0.0.2' })).toBe(true);
});

test('peers: pods of the own namespace, of chosen namespaces, and both', () => {
  const from = (peer: object) => judge({ ...selected, policyTypes: ['Ingress'], ingress: [{ from: [peer] }] });
  const both = { namespaceSelector: { matchLabels: { tier: 'b' } }, podSelector: { matchLabels: { app: 'web' } } };
  expect(from({ podSelector: { matchLabels: { app: 'db' } } })(to('10.0.0.2'))).toBe(true);
  expect(from({ podSelector: {} })(to('10.0.0.3'))).toBe(false);
  expect(from({ namespaceSelector: {} })(to('10.0.0.3'))).toBe(true);
  expect(from(both)(to('10.0.0.3'))).toBe(true);
  expect(from(both)(to('10.0.0.2'))).toBe(false);
  expect(from({ namespaceSelector: {} })(to('198.51.100.1'))).toBe(false);
});

test('an empty list of peers means everybody, no rule nobody', () => {
  expect(judge({ ...selected, policyTypes: ['Ingress'], ingress: [{}] })(to('198.51.100.1'))).toBe(true);
  expect(judge({ ...selected, policyTypes: ['Ingress'], ingress: [] })(to('198.51.100.1'))).toBe(false);
});

test('address blocks with exceptions; an IPv6 block allows nobody', () => {
  const block = (cidr: string, except?: string[]) => ({ from: [{ ipBlock: { cidr, ...(except && { except }) } }] });
  const isAllowed = judge({ ...selected, ingress: [block('198.51.0.0/16', ['198.51.100.0/24', '198.51.100.7/32'])] });
  expect(isAllowed(to('198.51.7.1'))).toBe(true);
  expect(isAllowed(to('198.51.100.7'))).toBe(false);
  expect(judge({ ...selected, ingress: [block('fd00::/8')] })(to('198.51.7.1'))).toBe(false);
  expect(
    rulesOf({ ...selected, ingress: [block('198.51.0.0/16', ['198.51.100.0/24', '198.51.100.7/32'])] }).rules,
  ).toEqual([
    expect.stringMatching(/^ip saddr @p-ingress-\w+\/shop\/p\/0 accept$/),
    'ip saddr 198.51.0.0/16 ip saddr != { 198.51.100.0/24 } accept',
  ]);
});

test('ports: numbers, ranges, protocols, and names looked up where they are reached', () => {
  const ports = [{ port: 'http' }, { port: 100, endPort: 200 }, { protocol: 'UDP' as const }];
  const isAllowed = judge({ ...selected, ingress: [{ ports }] });
  expect([8080, 100, 200, 201].map((port) => isAllowed(to('10.0.0.2', port)))).toEqual([true, true, true, false]);
  expect(isAllowed(to('10.0.0.2', 5, 'UDP'))).toBe(true);
  expect(rulesOf({ ...selected, ingress: [{ ports }] }).rules).toEqual([
    'ip daddr { 10.0.0.1 } tcp dport 8080 accept',
    'tcp dport 100-200 accept',
    'meta l4proto udp accept',
  ]);
  const egress = judge({ ...selected, policyTypes: ['Egress'], egress: [{ ports: [{ port: 'http' }] }] });
  const leave = (target: string, port: number) => egress({ protocol: 'TCP', from: '10.0.0.1', to: target, port });
  expect([leave('10.0.0.2', 9090), leave('10.0.0.2', 8080), leave('10.0.0.3', 8080)]).toEqual([true, false, true]);
  expect(egress(to('10.0.0.2'))).toBe(true);
});

test('a pod that no policy selects has no rules', () => {
  const compiled = compilePolicies(world({ podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'] }));
  expect(compiled).toEqual([]);
  expect(isolatedPodFragment({ uid: 'u1', ip: '10.0.0.1' }, compiled).elements).toEqual([]);
});

test('only what may forbid something tightens', () => {
  const fragment = (ingress: object[]) => policyFragment(compilePolicies(world({ ...selected, ingress }))[0]!);
  const [one, two] = [{ ports: [{ port: 1 }] }, { ports: [{ port: 2 }] }];
  expect(tightens(fragment([one]), fragment([one, two]))).toBe(false);
  expect(tightens(fragment([one, two]), fragment([one]))).toBe(true);
  const compiled = compilePolicies(world({ ...selected, policyTypes: ['Ingress'] }));
  const isolated = isolatedPodFragment({ uid: 'u1', ip: '10.0.0.1' }, compiled);
  expect(tightens(undefined, isolated)).toBe(true);
  expect(tightens(isolated, undefined)).toBe(true);
});

test('pods without an address of their own are nobody’s peers', () => {
  const metadata = { name: 'a', namespace: 'shop' };
  expect(policyPodOf({ metadata, status: {} })).toBeUndefined();
  expect(policyPodOf({ metadata, spec: { hostNetwork: true }, status: { podIP: '192.0.2.2' } })).toBeUndefined();
  expect(policyPodOf({ metadata, status: { podIP: '10.0.0.1', phase: 'Succeeded' } })).toBeUndefined();
});

test('connections as conntrack prints them', () => {
  const listing = [
    'tcp      6 431999 ESTABLISHED src=10.0.0.2 dst=10.96.0.1 sport=5000 dport=80 src=10.0.0.1 dst=10.0.0.2 sport=8080 dport=5000 [ASSURED] mark=0 use=1',
    'tcp      6 119 TIME_WAIT src=10.0.0.2 dst=10.0.0.1 sport=5001 dport=80 src=10.0.0.1 dst=10.0.0.2 sport=80 dport=5001 mark=0 use=1',
    'icmp     1 29 src=10.0.0.2 dst=10.0.0.1 type=8 code=0 id=1 src=10.0.0.1 dst=10.0.0.2 type=0 code=0 id=1 mark=0 use=1',
    '',
  ].join('\n');
  expect(parseFlows(listing)).toEqual([
    {
      ...{ protocol: 'TCP', from: '10.0.0.2', to: '10.0.0.1', port: 8080 },
      selection: ['-p', 'tcp', '-s', '10.0.0.2', '-d', '10.96.0.1', '--sport', '5000', '--dport', '80'],
    },
    {
      ...{ protocol: 'OTHER', from: '10.0.0.2', to: '10.0.0.1', port: 0 },
      selection: ['-p', 'icmp', '-s', '10.0.0.2', '-d', '10.0.0.1'],
    },
  ]);
});
