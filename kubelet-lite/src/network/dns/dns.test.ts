import { expect, test } from '@jest/globals';
import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { FakeClock, systemClock } from '@naru/api/clock';
import { Informer } from '@naru/api/client/informer';
import type { KubeObject } from '@naru/api/object';
import type { DnsRecord, Packet } from 'dns-packet';
import dnsPacket from 'dns-packet';
import type { EndpointSlice, Service } from '../api-objects.ts';
import { endpointSlices, services } from '../api-objects.ts';
import { MemoryClient } from '../testing/memory-client.ts';
import { informedNames } from './cluster-names.ts';
import type { Forwarder } from './forward.ts';
import { forwarder } from './forward.ts';
import { responder } from './respond.ts';

const inShop = (name: string, rest: object): KubeObject => ({ metadata: { name, namespace: 'shop' }, ...rest });
const slice = (service: string, endpoints: object[], ports: object[] | null) => ({
  metadata: { name: `${service}-x`, namespace: 'shop', labels: { 'kubernetes.io/service-name': service } },
  ...{ addressType: 'IPv4', endpoints, ports },
});
const http = { name: 'http', protocol: 'TCP', port: 80 };

function cluster(): MemoryClient {
  const client = new MemoryClient();
  const ports = [http, { name: 'dns', protocol: 'UDP', port: 53 }];
  client.put('services', inShop('web', { spec: { clusterIP: '10.96.1.1', clusterIPs: ['10.96.1.1'], ports } }));
  client.put('services', inShop('db', { spec: { clusterIP: 'None', clusterIPs: ['None'], ports: [http] } }));
  client.put('services', inShop('bare', { spec: { clusterIP: 'None', clusterIPs: ['None'] } }));
  client.put('services', inShop('idle', { spec: { clusterIP: 'None', ports: [http] } }));
  client.put('services', inShop('far', { spec: { type: 'ExternalName', externalName: 'example.com' } }));
  client.put(
    'services',
    inShop('near', { spec: { type: 'ExternalName', externalName: 'web.shop.svc.cluster.local' } }),
  );
  client.put(
    'services',
    inShop('loop', { spec: { type: 'ExternalName', externalName: 'loop.shop.svc.cluster.local' } }),
  );
  const ready = { ready: true };
  const named = { addresses: ['10.244.0.5'], hostname: 'db-0', conditions: ready };
  const waiting = { addresses: ['10.244.0.7'], conditions: { ready: false } };
  client.put('endpointslices', slice('db', [named, { addresses: ['10.244.0.6'], conditions: ready }, waiting], [http]));
  client.put('endpointslices', slice('bare', [{ addresses: ['10.244.0.8'], conditions: ready }], []));
  client.put('endpointslices', slice('web', [{ addresses: ['10.244.0.9'], conditions: ready }], [http]));
  client.put('endpointslices', { ...slice('idle', [], null), endpoints: null } as KubeObject);
  return client;
}

const nobody: Forwarder = { ask: () => Promise.reject(new Error('nobody there')) };

async function dns(client = cluster(), asks: Forwarder = nobody) {
  const signal = new AbortController().signal;
  const options = { client, clock: systemClock };
  const serviceInformer = new Informer<Service>({ ...options, resource: services });
  const sliceInformer = new Informer<EndpointSlice>({ ...options, resource: endpointSlices });
  void serviceInformer.run(signal);
  void sliceInformer.run(signal);
  await Promise.all([serviceInformer.synced, sliceInformer.synced]);
  const zone = { domain: 'cluster.local', clusterDns: '10.96.0.10', now: () => 1 };
  const respond = responder({
    ...{ zone, names: informedNames(serviceInformer, sliceInformer), forwarder: asks, random: () => 0.99 },
  });
  const send = async (packet: Packet, transport: 'udp' | 'tcp' = 'udp') =>
    (await respond(dnsPacket.encode({ type: 'query', id: 7, flags: 0x100, ...packet }), transport))!;
  const ask = async (type: string, name: string) =>
    dnsPacket.decode(await send({ questions: [{ type, name, class: 'IN' }] }));
  return { respond, send, ask };
}

const datas = (records: readonly DnsRecord[]) => records.map(({ data }) => data);

test.each([
  ['A', 'web.shop.svc.cluster.local', ['10.96.1.1']],
  ['A', 'WEB.Shop.svc.cluster.local', ['10.96.1.1']],
  ['AAAA', 'web.shop.svc.cluster.local', []],
  ['A', 'db.shop.svc.cluster.local', ['10.244.0.5', '10.244.0.6']],
  ['A', 'db-0.db.shop.svc.cluster.local', ['10.244.0.5']],
  ['A', '10-244-0-6.db.shop.svc.cluster.local', ['10.244.0.6']],
  ['A', '10-244-0-9.web.shop.svc.cluster.local', ['10.244.0.9']],
  ['A', 'bare.shop.svc.cluster.local', ['10.244.0.8']],
  ['A', '_http._tcp.web.shop.svc.cluster.local', ['10.96.1.1']],
  ['A', '10-244-0-99.shop.pod.cluster.local', ['10.244.0.99']],
  ['A', 'shop.svc.cluster.local', []],
  ['A', 'svc.cluster.local', []],
  ['TXT', 'dns-version.cluster.local', [[Buffer.from('1.1.0')]]],
  ['NS', 'cluster.local', ['ns.dns.cluster.local']],
  ['A', 'ns.dns.cluster.local', ['10.96.0.10']],
  ['PTR', '1.1.96.10.in-addr.arpa', ['web.shop.svc.cluster.local']],
  ['PTR', '5.0.244.10.in-addr.arpa', ['db-0.db.shop.svc.cluster.local']],
  ['CNAME', 'far.shop.svc.cluster.local', ['example.com']],
  ['A', 'near.shop.svc.cluster.local', ['web.shop.svc.cluster.local', '10.96.1.1']],
])('%s %s', async (type, name, wanted) => {
  const response = await (await dns()).ask(type, name);
  expect([response.rcode, datas(response.answers)]).toEqual(['NOERROR', wanted]);
  expect(response.authorities.map(({ type }) => type)).toEqual(wanted.length ? [] : ['SOA']);
  for (const { ttl } of response.answers) expect(ttl).toBe(30);
});

test.each([
  'nothing.shop.svc.cluster.local',
  'idle.shop.svc.cluster.local',
  'web.elsewhere.svc.cluster.local',
  'elsewhere.svc.cluster.local',
  '_none._tcp.web.shop.svc.cluster.local',
  'a.b.c.web.shop.svc.cluster.local',
  'db-7.db.shop.svc.cluster.local',
  '10-244-0-7.db.shop.svc.cluster.local',
  '300-1-1-1.shop.pod.cluster.local',
  'web.shop.other.cluster.local',
  '__proto__.constructor.svc.cluster.local',
])('%s does not exist', async (name) => {
  const response = await (await dns()).ask('A', name);
  expect(response.rcode).toBe('NXDOMAIN');
  expect(response.authorities).toMatchObject([{ type: 'SOA', name: 'cluster.local', ttl: 30 }]);
});

test('SRV names ports and targets, and brings the addresses along', async () => {
  const { ask } = await dns();
  const one = await ask('SRV', '_http._tcp.web.shop.svc.cluster.local');
  expect(datas(one.answers)).toEqual([{ priority: 0, weight: 100, port: 80, target: 'web.shop.svc.cluster.local' }]);
  const all = await ask('SRV', 'db.shop.svc.cluster.local');
  expect(datas(all.answers)).toEqual([
    { priority: 0, weight: 50, port: 80, target: 'db-0.db.shop.svc.cluster.local' },
    { priority: 0, weight: 50, port: 80, target: '10-244-0-6.db.shop.svc.cluster.local' },
  ]);
  expect(all.additionals.map((record) => 'data' in record && record.data)).toEqual(['10.244.0.5', '10.244.0.6']);
});

test('a circle of aliases ends', async () => {
  const response = await (await dns()).ask('A', 'loop.shop.svc.cluster.local');
  expect(response.answers.length).toBeLessThan(20);
});

test('what does not fit is cut, with EDNS or TCP it fits', async () => {
  const client = new MemoryClient();
  client.put('services', inShop('many', { spec: { clusterIP: 'None', ports: [http] } }));
  const endpoints = Array.from({ length: 60 }, (_, index) => ({ addresses: [`10.244.1.${index + 1}`] }));
  client.put('endpointslices', slice('many', endpoints, [http]));
  const { send } = await dns(client);
  const questions = [{ type: 'A', name: 'many.shop.svc.cluster.local', class: 'IN' }];
  const plain = await send({ questions });
  expect(plain.length).toBeLessThanOrEqual(512);
  expect(dnsPacket.decode(plain)).toMatchObject({ flag_tc: true });
  const edns = await send({ questions, additionals: [{ type: 'OPT', name: '.', udpPayloadSize: 4096 }] });
  expect(dnsPacket.decode(edns).answers).toHaveLength(60);
  expect(dnsPacket.decode(edns).additionals).toMatchObject([{ type: 'OPT' }]);
  expect(dnsPacket.decode(await send({ questions }, 'tcp')).answers).toHaveLength(60);
});

test('what is no query gets an error or nothing', async () => {
  const { respond, send } = await dns();
  expect(await respond(Buffer.from([1, 2, 3]), 'udp')).toBeUndefined();
  const bad = await respond(Buffer.from('0007010000010000000000003f', 'hex'), 'udp');
  expect(bad!.readUInt16BE(2) & 0xf).toBe(1);
  const chaos = await send({ questions: [{ type: 'TXT', name: 'version.bind', class: 'CH' }] });
  expect(dnsPacket.decode(chaos).rcode).toBe('REFUSED');
  const outside = await send({ questions: [{ type: 'A', name: 'example.com', class: 'IN' }] });
  expect(dnsPacket.decode(outside)).toMatchObject({ id: 7, rcode: 'SERVFAIL' });
});

/** A resolver that counts what it is asked, over UDP and TCP on one port. */
async function resolver(answers: DnsRecord[]) {
  const asked: string[] = [];
  const reply = (message: Buffer, transport: string) => {
    const query = dnsPacket.decode(message);
    asked.push(`${transport} ${query.questions[0]?.name}`);
    return dnsPacket.encode({ ...{ id: query.id, type: 'response', questions: query.questions }, answers });
  };
  const udp = createSocket('udp4');
  udp.on('message', (message, { port, address }) => udp.send(reply(message, 'udp'), port, address));
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
  const { port } = udp.address();
  const tcp = createServer((socket) => {
    socket.on('data', (data: Buffer) => {
      const response = reply(data.subarray(2), 'tcp');
      socket.write(Buffer.concat([Buffer.from([response.length >> 8, response.length & 255]), response]));
    });
  });
  await new Promise<void>((resolve) => tcp.listen(port, '127.0.0.1', resolve));
  expect((tcp.address() as AddressInfo).port).toBe(port);
  const close = () => {
    udp.close();
    tcp.close();
  };
  return { asked, port, close };
}

test('other names are asked outside, and remembered for at most 30 seconds', async () => {
  const far = await resolver([{ type: 'A', name: 'example.com', ttl: 3600, class: 'IN', data: '192.0.2.9' }]);
  const clock = new FakeClock();
  const outside = forwarder({ servers: () => ['127.0.0.1'], clock, port: far.port });
  const { ask, send } = await dns(cluster(), outside);
  expect(datas((await ask('A', 'example.com')).answers)).toEqual(['192.0.2.9']);
  clock.advance(20_000);
  const second = dnsPacket.decode(await send({ id: 9, questions: [{ type: 'A', name: 'EXAMPLE.com', class: 'IN' }] }));
  expect(second).toMatchObject({ id: 9, questions: [{ name: 'EXAMPLE.com' }], answers: [{ ttl: 3580 }] });
  expect(far.asked).toEqual(['udp example.com']);
  clock.advance(11_000);
  await ask('A', 'example.com');
  expect(far.asked).toHaveLength(2);
  expect(datas((await ask('A', 'far.shop.svc.cluster.local')).answers)).toEqual(['example.com', '192.0.2.9']);
  await send({ questions: [{ type: 'MX', name: 'example.com', class: 'IN' }] }, 'tcp');
  expect(far.asked.at(-1)).toBe('tcp example.com');
  far.close();
});
