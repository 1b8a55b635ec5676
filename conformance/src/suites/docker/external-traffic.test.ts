/** Services as they are reached from beyond the node: load balancers, traffic policies, affinity, host ports, external addresses. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { create, get, patch, readyAddress, remove } from '../../harness/objects.ts';
import { ask, peerContainer, startOutsidePeer, tell, type Protocol } from '../../harness/peer/peers.ts';
import { program } from '../../harness/run-program.ts';
import { hostAddress, outsideAddress } from '../../harness/test-host.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('external');
const path = (plural: string, name = '') => `/api/v1/namespaces/${namespace}/${plural}${name && `/${name}`}`;
const slicesPath = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
const outside = (process.env['NARU_OUTSIDE'] ?? '').split(' ');
const onOutside = (...command: string[]) => program(outside[0]!, [...outside.slice(1), ...command]);
const externalAddress = '192.168.77.50';
const listen = [
  { protocol: 'TCP', port: 80 },
  { protocol: 'UDP', port: 80 },
] as const;

interface Service {
  spec: { clusterIP: string; healthCheckNodePort?: number; ports: { nodePort: number }[] };
  status: {
    loadBalancer: { ingress?: { ip: string }[] };
    conditions?: { type: string; status: string; reason: string; message: string }[];
  };
}

const service = (name: string, spec: object) =>
  create<Service>(path('services'), {
    metadata: { name },
    spec: { selector: { app: 'web' }, ports: [{ port: 8081, targetPort: 80 }], ...spec },
  });

const peer = (name: string, rest: { labels?: object; container?: object; spec?: object } = {}) =>
  create(path('pods'), {
    metadata: { name, labels: rest.labels ?? {} },
    spec: {
      terminationGracePeriodSeconds: 0,
      ...rest.spec,
      containers: [{ name: 'peer', ...peerContainer({ name, listen }), ...rest.container }],
    },
  });

const ready = { readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 } };
const addresses: Record<string, string> = {};

/** What answers a client outside. */
const reach = async (host: string, port: number, protocol: Protocol = 'TCP', timeout = 2000): Promise<string> =>
  (await ask(outsideAddress, [{ protocol, host, port, timeout }]))[0]!;

const reachOften = (address: string, host: string, port: number) =>
  ask(
    address,
    Array.from({ length: 24 }, () => ({ protocol: 'TCP', host, port, timeout: 3000 })),
  );

const answered = (host: string, port: number, wanted: RegExp, protocol: Protocol = 'TCP') =>
  eventually(
    async () => {
      const answer = await reach(host, port, protocol);
      if (!wanted.test(answer)) throw new Error(answer);
    },
    { seconds: 15, what: `${wanted} at ${host}:${port}/${protocol}` },
  );

const eventsOf = async (name: string): Promise<string[]> => {
  const selector = encodeURIComponent(`involvedObject.name=${name}`);
  const list = await get<{ items: { type: string; reason: string; message: string }[] }>(
    `${path('events')}?fieldSelector=${selector}`,
  );
  return list.items.map(({ type, reason, message }) => `${type} ${reason} ${message}`);
};

let endOutside: () => Promise<void>;

beforeAll(async () => {
  endOutside = await startOutsidePeer(outsideAddress, { name: 'outside', listen });
  await onOutside('ip', 'route', 'replace', externalAddress, 'via', hostAddress);
  await Promise.all(['web-1', 'web-2'].map((name) => peer(name, { labels: { app: 'web' }, container: ready })));
  for (const name of ['web-1', 'web-2']) addresses[name] = await readyAddress(namespace, name);
});

afterAll(async () => {
  await endOutside();
  await onOutside('ip', 'route', 'del', externalAddress);
});

test('a load balancer has the address of the node, and says so in events', async () => {
  const ports = [
    { name: 'tcp', port: 8081, targetPort: 80 },
    { name: 'udp', port: 8081, targetPort: 80, protocol: 'UDP' },
  ];
  await service('balanced', { type: 'LoadBalancer', ports });
  await eventually(
    async () => {
      const { status } = await get<Service>(path('services', 'balanced'));
      return status.loadBalancer.ingress?.[0]?.ip === hostAddress;
    },
    { what: 'the address' },
  );
  await answered(hostAddress, 8081, /^web-/);
  await answered(hostAddress, 8081, /^web-/, 'UDP');
  await eventually(async () => (await eventsOf('balanced')).length >= 2, { what: 'its events' });
  expect((await eventsOf('balanced')).sort()).toEqual([
    'Normal EnsuredLoadBalancer Ensured load balancer',
    'Normal EnsuringLoadBalancer Ensuring load balancer',
  ]);
});

test('a second one for the same port is told who has it, and gets it when that one is gone', async () => {
  await service('late', { type: 'LoadBalancer' });
  const message = `port 8081/TCP is already used by service ${namespace}/balanced`;
  await eventually(async () => (await eventsOf('late')).some((text) => text.includes('SyncLoadBalancerFailed')), {
    what: 'the conflict told',
  });
  expect(await eventsOf('late')).toContain(
    `Warning SyncLoadBalancerFailed Error syncing load balancer: failed to ensure load balancer: ${message}`,
  );
  const { status } = await get<Service>(path('services', 'late'));
  expect(status.loadBalancer.ingress).toBeUndefined();
  expect(status.conditions).toMatchObject([
    { type: 'LoadBalancerPortsError', status: 'True', reason: 'PortsInUse', message },
  ]);
  await remove(path('services', 'balanced'));
  await eventually(
    async () => {
      const later = await get<Service>(path('services', 'late'));
      return later.status.loadBalancer.ingress?.[0]?.ip === hostAddress && later.status.conditions === undefined;
    },
    { what: 'the address, and the conflict no longer told' },
  );
  await answered(hostAddress, 8081, /^web-/);
});

test('traffic policy Cluster hides the client behind the node, Local keeps its address and has a health check', async () => {
  await answered(hostAddress, 8081, new RegExp(`^web-\\d ${hostAddress}$`));
  await patch(path('services', 'late'), { spec: { externalTrafficPolicy: 'Local' } });
  await answered(hostAddress, 8081, new RegExp(`^web-\\d ${outsideAddress}$`));
  const { spec } = await get<Service>(path('services', 'late'));
  await answered(hostAddress, spec.ports[0]!.nodePort, new RegExp(`^web-\\d ${outsideAddress}$`));
  const health = await onOutside('curl', '-s', `http://${hostAddress}:${spec.healthCheckNodePort}/healthz`);
  expect(JSON.parse(health)).toMatchObject({ service: { namespace, name: 'late' }, localEndpoints: 2 });
});

test('only named sources reach a load balancer', async () => {
  await patch(path('services', 'late'), { spec: { loadBalancerSourceRanges: ['203.0.113.0/24'] } });
  await answered(hostAddress, 8081, /^timeout$/);
  await patch(path('services', 'late'), { spec: { loadBalancerSourceRanges: [`${outsideAddress}/32`] } });
  await answered(hostAddress, 8081, /^web-/);
  await remove(path('services', 'late'));
});

test('policies that keep traffic local drop what only another node could answer', async () => {
  const made = await service('elsewhere', {
    ...{ type: 'NodePort', selector: undefined, internalTrafficPolicy: 'Local', externalTrafficPolicy: 'Local' },
  });
  await create(slicesPath, {
    metadata: { name: 'elsewhere-1', labels: { 'kubernetes.io/service-name': 'elsewhere' } },
    addressType: 'IPv4',
    ports: [{ name: '', port: 80, protocol: 'TCP' }],
    endpoints: [{ addresses: [addresses['web-1']], conditions: { ready: true }, nodeName: 'elsewhere' }],
  });
  await answered(hostAddress, made.spec.ports[0]!.nodePort, /^timeout$/);
  const question = { protocol: 'TCP', host: made.spec.clusterIP, port: 8081, timeout: 1000 } as const;
  expect(await ask(addresses['web-2']!, [question])).toEqual(['timeout']);
  await patch(path('services', 'elsewhere'), {
    spec: { internalTrafficPolicy: 'Cluster', externalTrafficPolicy: 'Cluster' },
  });
  await answered(hostAddress, made.spec.ports[0]!.nodePort, /^web-1/);
  expect(await ask(addresses['web-2']!, [question])).toEqual([`web-1 ${addresses['web-2']}`]);
});

test('session affinity keeps a client with one pod; without it both have their share', async () => {
  const made = await service('sticky', { type: 'NodePort', sessionAffinity: 'ClientIP' });
  const { nodePort } = made.spec.ports[0]!;
  await answered(hostAddress, nodePort, /^web-/);
  const names = (answers: string[]) => [...new Set(answers.map((answer) => answer.split(' ')[0]))].sort();
  expect(names(await reachOften(outsideAddress, hostAddress, nodePort))).toHaveLength(1);
  expect(names(await reachOften(addresses['web-1']!, made.spec.clusterIP, 8081))).toHaveLength(1);
  await patch(path('services', 'sticky'), { spec: { sessionAffinity: 'None' } });
  await eventually(async () => names(await reachOften(outsideAddress, hostAddress, nodePort)).length === 2, {
    what: 'both pods',
  });
});

test('a host port leads to its pod with the address of the client; who wants it too waits', async () => {
  const container = { ...ready, ports: [{ containerPort: 80, hostPort: 8090 }] };
  await peer('host-port', { container });
  await readyAddress(namespace, 'host-port');
  await answered(hostAddress, 8090, new RegExp(`^host-port ${outsideAddress}$`));
  expect(await program('curl', ['-s', '--http0.9', '--max-time', '2', 'http://127.0.0.1:8090']).catch(String)).toMatch(
    /host-port/,
  );
  await peer('host-port-too', { container });
  await eventually(
    async () =>
      (await eventsOf('host-port-too')).some((text) =>
        text.includes("node(s) didn't have free ports for the requested pod ports"),
      ),
    { what: 'the conflict told' },
  );
  await remove(`${path('pods', 'host-port')}?gracePeriodSeconds=0`);
  await readyAddress(namespace, 'host-port-too');
  await answered(hostAddress, 8090, /^host-port-too/);
});

test('external addresses lead to the service', async () => {
  await service('external', { externalIPs: [externalAddress] });
  await answered(externalAddress, 8081, /^web-/);
});

test('a pod that is not ready takes no traffic, but has a name where the service publishes it', async () => {
  const never = { readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } };
  await peer('unready', { labels: { app: 'unready' }, container: never });
  const spec = { selector: { app: 'unready' }, clusterIP: 'None' };
  await service('published', { ...spec, publishNotReadyAddresses: true });
  await service('withheld', spec);
  await service('named', { type: 'ExternalName', externalName: `published.${namespace}.svc.cluster.local` });
  const lookUp = (name: string) =>
    tell<string[] | string>(addresses['web-1']!, 'lookUp', `${name}.${namespace}.svc.cluster.local`);
  const ip = await eventually(
    async () => {
      const { status } = await get<{ status: { podIP?: string } }>(path('pods', 'unready'));
      return status.podIP ?? false;
    },
    { what: 'its address' },
  );
  await eventually(async () => JSON.stringify(await lookUp('published')) === JSON.stringify([ip]), {
    what: 'the name',
  });
  expect(await lookUp('named')).toEqual([ip]);
  expect(await lookUp('withheld')).toBe('ENOTFOUND');
});
