/** The loops together, against the real server in memory, with nodes that pretend to run what they are given. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '@naru/api/clock';
import { Informer } from '@naru/api/client/informer';
import type { Client } from '@naru/api/client/client';
import type { AnyObject, KubeObject } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { startTestServer, type TestServer } from '../testing/test-server.ts';
import type { Deployment } from './deployment/deployment.ts';
import { startControllers } from './index.ts';
import type { Pod } from './runtime/pod.ts';
import type { ReplicaSet } from './replica-set/replica-set.ts';
import {
  deployments,
  endpointSlices,
  events,
  namespaces,
  nodes,
  pods,
  replicaSets,
  serviceAccounts,
  services,
} from './runtime/resources.ts';
import { timestamp } from './runtime/timestamp.ts';

let server: TestServer;
let client: Client;
let stop: AbortController;

const log = {
  debug: () => {},
  info: () => {},
  error: (fields: object, message: string) =>
    problems.push({ message, ...fields, err: String((fields as { err?: Error }).err?.stack) }),
};
let problems: object[] = [];

beforeEach(async () => {
  problems = [];
  server = await startTestServer({ clock: systemClock });
  client = server.clientFor('system:admin');
  stop = new AbortController();
  const { signal } = stop;
  startControllers({
    clientFor: (user) => server.clientFor(user),
    clock: systemClock,
    log,
    signal,
    config: {
      catalog: { list: () => server.api.catalog.kinds, listen: () => () => {} },
      clusterAuthority: 'PEM',
      podCidr: '10.244.0.0/16',
      hostName: 'test',
      secretToken: () => Promise.resolve('token'),
      nodeVolumes: {
        make: (_node, name) => Promise.resolve(`/volumes/${name}`),
        remove: () => Promise.resolve(),
        removeTemporary: () => Promise.resolve(),
      },
    },
  });
  await addNode('n1');
  const all = new Informer<Pod>({ client, resource: pods, clock: systemClock });
  const act = (pod: Pod) => void actAsKubelet(pod);
  all.listen({ add: act, update: act });
  void all.run(signal);
  await until(() => client.for(serviceAccounts).get('default', 'default'));
});

afterEach(async () => {
  stop.abort();
  await server.stop();
});

async function addNode(name: string): Promise<void> {
  const allocatable = { cpu: '8', memory: '16Gi', pods: '110' };
  const node = { metadata: { name, labels: { 'kubernetes.io/hostname': name } } };
  await client.for<AnyObject>(nodes).create(node);
  const created = await client.for<AnyObject>(nodes).get(name);
  const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: timestamp(Date.now()) }];
  await client
    .for<AnyObject>(nodes)
    .updateStatus({ ...created, status: { allocatable, capacity: allocatable, conditions } });
}

async function actAsKubelet(pod: Pod): Promise<void> {
  const { name = '', namespace, deletionTimestamp } = pod.metadata;
  try {
    if (!pod.spec.nodeName) return;
    if (deletionTimestamp) return await client.for(pods).delete(name, namespace, { gracePeriodSeconds: 0 });
    if (pod.status?.phase === 'Running') return;
    const conditions = [{ type: 'Ready', status: 'True', lastTransitionTime: timestamp(Date.now()) }];
    const body = { status: { phase: 'Running', podIP: '10.244.0.9', podIPs: [{ ip: '10.244.0.9' }], conditions } };
    await client.for(pods).patch(name, namespace, body, { type: 'strategic', subresource: 'status' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** The first truthy answer of `look`, within four seconds. */
async function until<T>(look: () => Promise<T | false | undefined>): Promise<T> {
  const end = Date.now() + 4_000;
  for (;;) {
    const found = await look().catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (found) return found;
    if (Date.now() > end) throw new Error(`not in time; ${JSON.stringify(problems.slice(-3))}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const template = (image: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image }] },
});

const web = (replicas: number, image = 'i:1'): Deployment => ({
  metadata: { name: 'web', namespace: 'default' },
  spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: template(image) },
});

const settled = (replicas: number) =>
  until(async () => {
    const found = await client.for<Deployment>(deployments).get('web', 'default');
    const { status } = found;
    const reason = status?.conditions?.find(({ type }) => type === 'Progressing')?.reason;
    return (
      status?.observedGeneration === found.metadata.generation &&
      status?.availableReplicas === replicas &&
      status.replicas === replicas &&
      status.updatedReplicas === replicas &&
      !status.terminatingReplicas &&
      reason === 'NewReplicaSetAvailable' &&
      found
    );
  });

test('a Deployment becomes available, rolls to a new template and goes with all its pods', async () => {
  await client.for<Deployment>(deployments).create(web(3));
  const first = await settled(3);
  expect(first.metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' });
  await client.for<Deployment>(deployments).update({ ...first, spec: { ...first.spec, template: template('i:2') } });
  const second = await settled(3);
  expect(second.metadata.annotations?.['deployment.kubernetes.io/revision']).toBe('2');
  const { items } = await client.for<ReplicaSet>(replicaSets).list({ namespace: 'default' });
  expect(items.map(({ spec }) => spec.replicas).sort()).toEqual([0, 3]);
  const told = await client.for<KubeObject & { message: string }>(events).list({ namespace: 'default' });
  const messages = told.items.map(({ message }) => message);
  expect(messages.filter((message) => message.startsWith('Scaled')).length).toBeGreaterThanOrEqual(4);

  await client.for(deployments).delete('web', 'default', { propagationPolicy: 'Foreground' });
  await until(async () => (await client.for(deployments).list()).items.length === 0);
  expect((await client.for(pods).list()).items).toEqual([]);
  expect(problems).toEqual([]);
});

test('a Service has a slice that follows its pods', async () => {
  await client.for<KubeObject>(services).create({
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  } as KubeObject);
  const labelSelector = 'kubernetes.io/service-name=web';
  const slices = () => client.for<AnyObject>(endpointSlices).list({ namespace: 'default', labelSelector });
  const empty = await until(async () => (await slices()).items[0]);
  expect(empty).toMatchObject({ endpoints: null, ports: null });
  await client.for<Deployment>(deployments).create(web(1));
  await settled(1);
  const [endpoint] = await until(async () => (await slices()).items[0]?.['endpoints'] as AnyObject[] | undefined);
  expect(endpoint).toMatchObject({ nodeName: 'n1', conditions: { serving: true, terminating: false } });
});

test('a namespace goes with its content, and every namespace has its ServiceAccount', async () => {
  await client.for(namespaces).create({ metadata: { name: 'short' } });
  await client.for<Deployment>(deployments).create({ ...web(2), metadata: { name: 'web', namespace: 'short' } });
  await until(async () => (await client.for(pods).list({ namespace: 'short' })).items.length === 2);
  await client.for(namespaces).delete('short');
  await until(async () =>
    (await client.for(namespaces).list()).items.every(({ metadata }) => metadata.name !== 'short'),
  );
  expect((await client.for(pods).list()).items).toEqual([]);
});

test('a pod that fits nowhere says why in upstream words', async () => {
  await client.for<Pod>(pods).create({
    metadata: { name: 'big', namespace: 'default' },
    spec: { containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '1000' } } }] },
  });
  const condition = await until(
    async () => (await client.for<Pod>(pods).get('big', 'default')).status?.conditions?.[0],
  );
  expect(condition).toMatchObject({
    type: 'PodScheduled',
    reason: 'Unschedulable',
    message:
      '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, ' +
      'preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.',
  });
});
