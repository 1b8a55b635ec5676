/** What becomes of troubles over time, from the first sign to the history, with restarts in between. */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { KubeObject } from '@naru/api/object';
import * as resources from '../runtime/resources.ts';
import { alerts } from './alert.ts';
import { notificationChannels } from './notify/channel.ts';
import { AppsAndMachines } from './testing/apps-and-machines.ts';
import { alertsIn, runAlerts, summary, type RunningAlerts, type RunOptions } from './testing/running-alerts.ts';
import { rest, SmallCluster } from './testing/small-cluster.ts';

let cluster: SmallCluster;
let world: AppsAndMachines;
let running: RunningAlerts;

const pass = (seconds: number) => cluster.pass(seconds, () => world.tick());
const start = async (options?: RunOptions) => (running = await runAlerts(cluster, options));

function addChannel(name = 'ops', spec: object = {}): void {
  cluster.put(notificationChannels, {
    metadata: { name },
    spec: { url: `https://${name}.example/`, ...spec },
  } as KubeObject);
}

async function setStatus(name: string, status: object): Promise<void> {
  await cluster.client().for(alerts).patch(name, 'shop', { status }, { type: 'merge', subresource: 'status' });
  await rest();
}

const only = () => {
  expect(alertsIn(cluster)).toHaveLength(1);
  return alertsIn(cluster)[0]!;
};

beforeEach(async () => {
  cluster = new SmallCluster();
  world = new AppsAndMachines(cluster);
  for (const name of ['m1', 'm2']) world.addMachine(name);
  await start();
});

afterEach(() => {
  running.stop();
  expect(cluster.problems).toEqual([]);
});

test('ten instances that crash are one alert and one message, with what they said and what may help', async () => {
  addChannel();
  world.apply('web', { replicas: 10 });
  await pass(60);
  world.apply('web', { image: 'app:2', fault: 'crash' });
  await pass(120);
  const { spec, status } = only();
  expect(spec).toMatchObject({ rule: 'CrashLooping', subject: { kind: 'Deployment', name: 'web', container: 'main' } });
  expect(spec.params).toMatchObject({ app: 'web', container: 'main', code: '3' });
  expect(status).toMatchObject({ state: 'firing', evidence: { logs: ['one', 'two'] } });
  expect(status?.message).toMatch(/^web keeps crashing: main exited with code 3, \d+ restarts$/);
  expect(status?.fixes?.map(({ code, params }) => [code, params])).toEqual([
    ['show-logs', { pod: status?.instances?.[0], container: 'main', previous: 'true' }],
    ['roll-back', { revision: '1' }],
  ]);
  await pass(180);
  expect(running.told).toEqual([{ url: 'https://ops.example/', status: 'firing', rules: ['CrashLooping'] }]);
});

test('it is over as soon as the repair has replaced what crashed, and its end is told to the same receiver', async () => {
  addChannel();
  world.apply('web', { replicas: 2, fault: 'crash' });
  await pass(60);
  expect(summary(cluster)).toEqual(['CrashLooping critical firing']);
  world.apply('web', { image: 'app:2', fault: undefined });
  await pass(60);
  expect(summary(cluster)).toEqual(['CrashLooping critical resolved']);
  expect(running.told.map(({ status }) => status)).toEqual(['firing', 'resolved']);
  expect(only().status?.resolvedAt).toBeDefined();
});

test('what follows from a cause is told with it, however long it lasts', async () => {
  world.apply('web', { replicas: 2 });
  await pass(120);
  world.break('web', 'crash');
  await pass(900);
  const { spec, status } = only();
  expect(spec.rule).toBe('CrashLooping');
  expect(status?.consequences?.map(({ rule }) => rule)).toContain('AppDown');
});

test('an app whose machine does not answer has no alert of its own', async () => {
  world.apply('web', { replicas: 1 });
  await pass(700);
  const [pod] = cluster.kind(resources.pods).list();
  world.setMachine((pod as unknown as { spec: { nodeName: string } }).spec.nodeName, { answers: false });
  await pass(300);
  expect(summary(cluster)).toEqual(['MachineOffline critical firing']);
  expect(only().status?.consequences?.map(({ rule, subject }) => [rule, subject.name])).toContainEqual([
    'AppDown',
    'web',
  ]);
});

test('a server that starts again tells nothing twice, and goes on where it was', async () => {
  addChannel();
  world.apply('web', { replicas: 2, fault: 'crash' });
  await pass(60);
  const told = [...running.told];
  expect(told).toHaveLength(1);
  const before = alertsIn(cluster);
  running.stop();
  await start();
  await pass(60);
  expect(running.told).toEqual([]);
  expect(alertsIn(cluster).map(({ metadata }) => metadata.uid)).toEqual(before.map(({ metadata }) => metadata.uid));
  expect(only().status).toMatchObject({ state: 'firing', firedAt: before[0]?.status?.firedAt, timesFired: 1 });
  world.apply('web', { image: 'app:2', fault: undefined });
  await pass(60);
  expect(running.told.map(({ status }) => status)).toEqual(['resolved']);
});

test('a wait that a restart interrupts goes on: the alert fires when the whole of it has passed', async () => {
  world.apply('web', { replicas: 1 });
  await pass(700);
  world.break('web', 'never-ready');
  await pass(20);
  expect(alertsIn(cluster)).toEqual([]);
  running.stop();
  await start();
  await pass(8);
  expect(alertsIn(cluster)).toEqual([]);
  await pass(4);
  expect(summary(cluster)).toEqual(['AppDown critical firing']);
});

test('a recovery that a restart interrupts goes on, too', async () => {
  world.apply('web', { replicas: 1 });
  await pass(700);
  world.break('web', 'never-ready');
  await pass(60);
  world.break('web', undefined);
  await pass(40);
  expect(summary(cluster)).toEqual(['AppDown critical recovering']);
  running.stop();
  await start();
  await pass(15);
  expect(summary(cluster)).toEqual(['AppDown critical recovering']);
  await pass(25);
  expect(summary(cluster)).toEqual(['AppDown critical resolved']);
});

test('who acknowledges an alert hears of it no more, until it is over; a restart does not change that', async () => {
  addChannel();
  world.apply('web', { replicas: 2, fault: 'crash' });
  await pass(60);
  await setStatus(only().metadata.name!, { acknowledged: { by: 'mina', at: cluster.time() } });
  running.stop();
  await start();
  await pass(2 * 3600);
  expect(running.told).toEqual([]);
  expect(only().status?.acknowledged?.by).toBe('mina');
  world.apply('web', { image: 'app:2', fault: undefined });
  await pass(60);
  expect(running.told.map(({ status }) => status)).toEqual(['resolved']);
});

test('a silenced alert stays visible and is told when the silence is over', async () => {
  world.apply('web', { replicas: 2, fault: 'crash' });
  await pass(30);
  await setStatus(only().metadata.name!, { silencedUntil: new Date(cluster.clock.now() + 3600_000).toISOString() });
  addChannel();
  await pass(3500);
  expect(running.told).toEqual([]);
  expect(summary(cluster)).toEqual(['CrashLooping critical firing']);
  await pass(200);
  expect(running.told.map(({ status }) => status)).toEqual(['firing']);
});

test('what a user stops, scales to nothing or removes raises nothing, and ends what was', async () => {
  world.apply('web', { replicas: 3, fault: 'crash' });
  world.apply('db', { replicas: 1, fault: 'bad-image' });
  await pass(60);
  expect(summary(cluster)).toEqual(['CrashLooping critical firing', 'ImagePullFailed critical firing']);
  world.apply('web', { replicas: 0 });
  world.delete('db');
  await pass(30);
  expect(summary(cluster)).toEqual(['CrashLooping critical resolved', 'ImagePullFailed critical resolved']);
  await pass(900);
  expect(alertsIn(cluster)).toHaveLength(2);
});

test('an alert that comes back within a quarter of an hour is the same one', async () => {
  world.apply('db', { replicas: 1, fault: 'bad-image' });
  await pass(60);
  world.apply('db', { image: 'app:2', fault: undefined });
  await pass(60);
  world.apply('db', { image: 'app:3', fault: 'bad-image' });
  await pass(60);
  const { status, spec } = only();
  expect(status).toMatchObject({ state: 'firing', timesFired: 2 });
  expect(status?.resolvedAt).toBeUndefined();
  expect(spec.severity).toBe('warning');
});

test('what was told long ago is history, and begins anew as another alert', async () => {
  world.apply('db', { replicas: 1, fault: 'bad-image' });
  await pass(60);
  world.apply('db', { image: 'app:2', fault: undefined });
  await pass(1000);
  world.apply('db', { image: 'app:3', fault: 'bad-image' });
  await pass(60);
  expect(summary(cluster)).toEqual(['ImagePullFailed critical resolved', 'ImagePullFailed warning firing']);
});

test('out of memory names the limit and suggests one that fits', async () => {
  world.apply('web', { replicas: 1, fault: 'out-of-memory', limit: '64Mi' });
  await pass(30);
  const { spec, status } = only();
  expect([spec.rule, spec.params?.['limit']]).toEqual(['OutOfMemoryKilled', '64Mi']);
  expect(status?.message).toBe('web ran out of memory (limit 64Mi)');
  expect(status?.fixes?.[0]).toEqual({ code: 'raise-memory-limit', params: { container: 'main', limit: '96Mi' } });
  world.apply('web', { limit: '96Mi', fault: undefined });
  await pass(30);
  expect(only().status?.state).toBe('resolved');
});

test('a healthy cluster is not looked at again and again', async () => {
  world.apply('web', { replicas: 50 });
  await pass(300);
  const before = alertsIn(cluster).length;
  let writes = 0;
  cluster.kind(alerts).listen({ add: () => writes++, update: () => writes++ });
  await cluster.pass(600);
  expect([before, writes]).toEqual([0, 0]);
});

test('an image that cannot be had is one alert, though between two tries the machine gives another reason', async () => {
  addChannel();
  world.apply('web', { fault: 'bad-image' });
  await pass(700);
  expect(summary(cluster)).toEqual(['ImagePullFailed critical firing']);
  world.break('web', 'pulling');
  await pass(40);
  world.break('web', 'bad-image');
  await pass(60);
  expect(summary(cluster)).toEqual(['ImagePullFailed critical firing']);
  expect(only().status).toMatchObject({ timesFired: 1, consequences: [expect.objectContaining({ rule: 'AppDown' })] });
  world.apply('web', { image: 'app:2', fault: undefined });
  await pass(30);
  expect(summary(cluster)).toEqual(['ImagePullFailed critical resolved']);
  expect(running.told.map(({ status }) => status)).toEqual(['firing', 'resolved']);
});

test('a project near its limit is worth knowing; one whose instances are refused is told of at once', async () => {
  addChannel();
  world.apply('web', {});
  const quota = {
    metadata: { name: 'team', namespace: 'shop' },
    status: { hard: { pods: '10' }, used: { pods: '9' } },
  };
  cluster.put(resources.resourceQuotas, quota as KubeObject);
  await pass(340);
  expect(summary(cluster)).toEqual(['ProjectNearLimit info firing']);
  expect(running.told).toEqual([]);
  const web = cluster.kind(resources.deployments).get('shop/web')!;
  const message = 'pods "web-x" is forbidden: exceeded quota: team, requested: pods=1, used: pods=10, limited: pods=10';
  const conditions = [{ type: 'ReplicaFailure', status: 'True', reason: 'FailedCreate', message }];
  cluster.put(resources.deployments, { ...web, status: { conditions } } as unknown as KubeObject);
  await cluster.pass(40);
  expect(summary(cluster)).toEqual(['ProjectNearLimit info recovering', 'ProjectNearLimit warning firing']);
  expect(running.told.map(({ rules }) => rules)).toEqual([['ProjectNearLimit']]);
  expect(alertsIn(cluster).find(({ spec }) => spec.severity === 'warning')?.status?.message).toBe(
    'Project shop uses 90 % of its pods, and new instances are refused',
  );
});

test('ten wrong passwords are told of while they come, and for a quarter of an hour', async () => {
  running.stop();
  addChannel();
  let count = 0;
  let tell = (_account: string): void => {};
  await start({
    signIns: { of: (account) => ({ account, count, address: '10.0.0.9' }), listen: (changed) => (tell = changed) },
  });
  for (const next of [9, 10]) {
    count = next;
    tell('admin');
    await pass(5);
    expect(alertsIn(cluster)).toHaveLength(next === 10 ? 1 : 0);
  }
  expect(only().status?.message).toBe('10 failed logins for admin from 10.0.0.9');
  count = 0;
  await pass(60);
  expect(summary(cluster)).toEqual(['LoginAttack warning recovering']);
  await pass(900);
  expect(summary(cluster)).toEqual(['LoginAttack warning resolved']);
  expect(running.told.map(({ status }) => status)).toEqual(['firing', 'resolved']);
});
