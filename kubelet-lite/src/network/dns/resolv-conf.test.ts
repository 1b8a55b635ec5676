import { expect, test } from '@jest/globals';
import type { PodDns } from '../pod-network.ts';
import { chooseResolvers } from './host-resolvers.ts';
import { parseResolvConf, resolvConf } from './resolv-conf.ts';

const facts = {
  host: parseResolvConf('# host\nnameserver 192.0.2.53\nsearch example.com. lab.example.com\noptions edns0 trust-ad\n'),
  clusterDns: '10.96.0.10',
  clusterDomain: 'cluster.local',
};
const pod = (rest: Partial<PodDns> = {}): PodDns => ({
  namespace: 'shop',
  hostNetwork: false,
  dnsPolicy: 'ClusterFirst',
  ...rest,
});
const hostLines = 'search example.com lab.example.com\nnameserver 192.0.2.53\noptions edns0 trust-ad\n';
const clusterLines =
  'search shop.svc.cluster.local svc.cluster.local cluster.local example.com lab.example.com\nnameserver 10.96.0.10\noptions ndots:5\n';

test.each([
  [pod(), clusterLines],
  [pod({ hostNetwork: true }), hostLines],
  [pod({ dnsPolicy: 'Default' }), hostLines],
  [pod({ hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }), clusterLines],
])('%j', (given, content) => expect(resolvConf(given, facts)).toEqual({ content, warnings: [] }));

test('dnsConfig adds servers and searches, and its options win', () => {
  const dnsConfig = {
    nameservers: ['1.1.1.1'],
    searches: ['my.search', 'cluster.local'],
    options: [{ name: 'ndots', value: '3' }, { name: 'single-request' }],
  };
  expect(resolvConf(pod({ dnsConfig }), facts).content).toBe(
    'search shop.svc.cluster.local svc.cluster.local cluster.local example.com lab.example.com my.search\n' +
      'nameserver 10.96.0.10\nnameserver 1.1.1.1\noptions ndots:3 single-request\n',
  );
  expect(resolvConf(pod({ dnsPolicy: 'None', dnsConfig }), facts).content).toBe(
    'search my.search cluster.local\nnameserver 1.1.1.1\noptions ndots:3 single-request\n',
  );
});

test('what does not fit is left out with a warning', () => {
  const dnsConfig = { nameservers: ['1.1.1.1', '2.2.2.2', '3.3.3.3'], searches: ['x'.repeat(254)] };
  expect(resolvConf(pod({ dnsConfig }), facts).warnings).toEqual([
    'Search Line limits were exceeded, some search paths have been omitted, the applied search line is: shop.svc.cluster.local svc.cluster.local cluster.local example.com lab.example.com',
    'Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.96.0.10 1.1.1.1 2.2.2.2',
  ]);
});

test('a stub on loopback serves the host, its servers serve the pods', () => {
  const stub = parseResolvConf('nameserver 127.0.0.53\noptions edns0\nsearch lab');
  const behind = parseResolvConf('nameserver 192.0.2.1');
  expect(chooseResolvers(stub, behind, '10.96.0.10')).toEqual({
    forwardTo: ['192.0.2.1'],
    forPods: { nameservers: ['192.0.2.1'], searches: ['lab'], options: [] },
  });
  expect(chooseResolvers(stub, undefined, '10.96.0.10')).toEqual({
    forwardTo: ['127.0.0.53'],
    forPods: { nameservers: ['10.96.0.10'], searches: ['lab'], options: ['edns0'] },
  });
});
