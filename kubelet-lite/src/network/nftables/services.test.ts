import { expect, test } from '@jest/globals';
import type { EndpointSlice, Service, SliceEndpoint } from '../api-objects.ts';
import type { Leaving } from './endpoints.ts';
import { categorize, endpointsOf } from './endpoints.ts';
import { serviceRules } from './services.ts';
import { conntrackCommand, staleFlows } from './stale-connections.ts';

const place = { nodeName: 'here', zone: 'z1' };
const service = (spec: Service['spec']): Service => ({
  metadata: { name: 'web', namespace: 'shop' },
  spec: { type: 'ClusterIP', clusterIP: '10.96.0.9', ports: [{ port: 80 }], ...spec },
});
const slice = (endpoints: SliceEndpoint[] | null, rest: Partial<EndpointSlice> = {}): EndpointSlice => ({
  ...{ metadata: { name: 'web-1', namespace: 'shop' }, addressType: 'IPv4', endpoints },
  ...{ ports: [{ name: '', protocol: 'TCP', port: 8080 }], ...rest },
});
const at = (address: string, rest: Partial<SliceEndpoint> = {}): SliceEndpoint => ({ addresses: [address], ...rest });
const rules = (given: Service, slices: EndpointSlice[]) => {
  const { fragment } = serviceRules(given, slices, place);
  const strip = (text: string) => text.replaceAll(/-[0-9a-f]{10}\/shop\/web\/[\w-]+/g, '');
  return {
    chains: Object.fromEntries([...fragment.chains].map(([name, chain]) => [strip(name), chain.rules.map(strip)])),
    elements: fragment.elements.map(({ in: set, key, data }) => strip(`${set}: ${key}${data ? ` → ${data}` : ''}`)),
    sets: [...fragment.sets.keys()].map(strip),
  };
};
const ended = (...uids: string[]): Leaving => new Map(uids.map((uid) => [uid, 'ending' as const]));
const ready = { ready: true, serving: true, terminating: false };
const ending = { ready: false, serving: true, terminating: true };

test('every endpoint has the same chance', () => {
  expect(rules(service({}), [slice([at('10.0.0.2'), at('10.0.0.1'), at('10.0.0.3')])])).toEqual({
    chains: {
      s: [
        'numgen random mod 3 == 0 meta l4proto tcp dnat ip to 10.0.0.1:8080',
        'numgen random mod 2 == 0 meta l4proto tcp dnat ip to 10.0.0.2:8080',
        'meta l4proto tcp dnat ip to 10.0.0.3:8080',
      ],
    },
    elements: ['cluster-ips: 10.96.0.9', 'service-ips: 10.96.0.9 . tcp . 80 → goto s'],
    sets: [],
  });
});

test('a pod that ends here is passed by, one that is gone has no part', () => {
  const slices = [
    slice([at('10.0.0.1', { targetRef: { uid: 'one' } }), at('10.0.0.2', { targetRef: { uid: 'two' } })]),
  ];
  const targets = (leaving: Leaving, spec: Service['spec'] = {}) =>
    serviceRules(service(spec), slices, place, leaving).ports[0]?.endpoints;
  expect(targets(ended('one'))).toEqual(['10.0.0.2:8080']);
  const all = ['10.0.0.1:8080', '10.0.0.2:8080'];
  expect(targets(ended('one', 'two'))).toEqual(all);
  expect(targets(ended('one'), { publishNotReadyAddresses: true })).toEqual(all);
  expect(targets(new Map([['one', 'gone']]), { publishNotReadyAddresses: true })).toEqual(['10.0.0.2:8080']);
  expect(targets(new Map([...ended('one'), ['two', 'gone' as const]]))).toEqual(['10.0.0.1:8080']);
});

test('many endpoints are looked up, not walked through', () => {
  const many = Array.from({ length: 40 }, (_, index) => at(`10.0.1.${index + 100}`));
  const { chains } = rules(service({}), [slice(many)]);
  expect(chains['s']).toHaveLength(1);
  expect(chains['s']?.[0]).toContain('numgen random mod 40 map { 0 : 10.0.1.100 . 8080');
});

test.each([
  ['headless', { clusterIP: 'None' }],
  ['a name', { type: 'ExternalName' as const }],
  ['without an address yet', { clusterIP: '' }],
])('%s has no rules', (_name, spec) => {
  expect(rules(service(spec), [slice([at('10.0.0.1')])]).elements).toEqual([]);
});

test('no endpoints: addresses of the cluster are known but not served, others are refused', () => {
  const exposed = service({ type: 'NodePort', externalIPs: ['192.0.2.7'], ports: [{ port: 80, nodePort: 30080 }] });
  expect(rules(exposed, [slice(null, { ports: null })]).elements).toEqual([
    'cluster-ips: 10.96.0.9',
    'unserved-ips: 192.0.2.7 . tcp . 80 → goto refuse',
    'unserved-node-ports: tcp . 30080 → goto refuse',
  ]);
});

test('internalTrafficPolicy Local without an endpoint here drops', () => {
  const local = service({ internalTrafficPolicy: 'Local' });
  const there = slice([at('10.0.0.1', { nodeName: 'there' })]);
  expect(rules(local, [there]).elements).toContain('service-ips: 10.96.0.9 . tcp . 80 → drop');
  const here = slice([at('10.0.0.1', { nodeName: 'there' }), at('10.0.0.2', { nodeName: 'here' })]);
  expect(rules(local, [here]).chains).toEqual({ l: ['meta l4proto tcp dnat ip to 10.0.0.2:8080'] });
});

test('externalTrafficPolicy Local: pods and the node go anywhere, the outside stays here', () => {
  const local = service({ type: 'NodePort', externalTrafficPolicy: 'Local', ports: [{ port: 80, nodePort: 30080 }] });
  const { chains } = rules(local, [slice([at('10.0.0.1', { nodeName: 'there' })])]);
  expect(chains['x']).toEqual([
    'ip saddr @pod-networks goto s',
    'fib saddr type local meta mark set meta mark | 0x4000 goto s',
    'drop',
  ]);
});

test('affinity: a set for each endpoint, whose name tells its timeout', () => {
  const config = { clientIP: { timeoutSeconds: 60 } };
  const { chains, sets } = rules(service({ sessionAffinity: 'ClientIP', sessionAffinityConfig: config }), [
    slice([at('10.0.0.1'), at('10.0.0.2')]),
  ]);
  expect(sets).toEqual(['a/60/10.0.0.1/8080', 'a/60/10.0.0.2/8080']);
  expect(chains['s']).toEqual([
    'ip saddr @a/60/10.0.0.1/8080 goto e/10.0.0.1/8080',
    'ip saddr @a/60/10.0.0.2/8080 goto e/10.0.0.2/8080',
    'numgen random mod 2 == 0 goto e/10.0.0.1/8080',
    'goto e/10.0.0.2/8080',
  ]);
});

test('endpoints that would be the node itself are left out', () => {
  const bad = ['127.0.0.1', '169.254.169.254', '0.0.0.0', '224.0.0.1', 'fd00::1', '10.0.0.1.2'];
  expect(endpointsOf([slice(bad.map((address) => at(address)))], { name: '', protocol: 'TCP' })).toEqual([]);
});

test('while none is ready, those that end serve on', () => {
  const given = (endpoints: SliceEndpoint[]) => {
    const { cluster, any } = categorize(endpointsOf([slice(endpoints)], { name: '', protocol: 'TCP' }), place);
    return [cluster.map(({ address }) => address), any];
  };
  expect(given([at('10.0.0.1', { conditions: ready }), at('10.0.0.2', { conditions: ending })])).toEqual([
    ['10.0.0.1'],
    true,
  ]);
  expect(given([at('10.0.0.2', { conditions: ending })])).toEqual([['10.0.0.2'], true]);
  expect(given([at('10.0.0.3', { conditions: { ready: false } })])).toEqual([[], false]);
});

test('hints count when all have them and one means this zone or node', () => {
  const chosen = (endpoints: SliceEndpoint[]) =>
    categorize(endpointsOf([slice(endpoints)], { name: '', protocol: 'TCP' }), place).cluster.map(
      ({ address }) => address,
    );
  const zone = (name: string) => ({ hints: { forZones: [{ name }] } });
  expect(chosen([at('10.0.0.1', zone('z1')), at('10.0.0.2', zone('z2'))])).toEqual(['10.0.0.1']);
  expect(chosen([at('10.0.0.1', zone('z1')), at('10.0.0.2')])).toHaveLength(2);
  expect(chosen([at('10.0.0.1', zone('z3')), at('10.0.0.2', zone('z2'))])).toHaveLength(2);
  const node = { hints: { forNodes: [{ name: 'here' }], forZones: [{ name: 'z1' }] } };
  expect(chosen([at('10.0.0.1', node), at('10.0.0.2', { hints: { forNodes: [{ name: 'x' }] } })])).toEqual([
    '10.0.0.1',
  ]);
});

test('UDP flows to an endpoint that went, and from before there was one', () => {
  const udp = { protocol: 'UDP' as const, port: 53, nodePort: 30053, addresses: ['10.96.0.9'] };
  const [one, none] = [[{ ...udp, endpoints: ['10.0.0.1:5353'] }], [{ ...udp, endpoints: [] }]];
  expect(staleFlows(one, none).map(conntrackCommand)).toEqual([
    'conntrack -D -p udp --orig-port-dst 53 --orig-dst 10.96.0.9 --reply-src 10.0.0.1'.split(' '),
    'conntrack -D -p udp --orig-port-dst 30053 --reply-src 10.0.0.1'.split(' '),
  ]);
  expect(staleFlows(none, one)).toHaveLength(2);
  expect(staleFlows(one, one)).toEqual([]);
  expect(staleFlows([{ ...udp, protocol: 'TCP', endpoints: ['10.0.0.1:1'] }], [])).toEqual([]);
});
