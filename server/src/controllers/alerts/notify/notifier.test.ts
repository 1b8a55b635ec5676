/** Messages over real HTTP and through a receiver that fails: what is tried again, what is given up, and what is never called. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { KubeObject } from '@naru/api/object';
import { alerts } from '../alert.ts';
import { AppsAndMachines } from '../testing/apps-and-machines.ts';
import { alertsIn, runAlerts, summary, type RunningAlerts } from '../testing/running-alerts.ts';
import { rest, SmallCluster } from '../testing/small-cluster.ts';
import { destinationOf, formOf, notificationChannels, type NotificationChannel } from './channel.ts';
import { bodyOf } from './message.ts';
import { post } from './post.ts';
import { targetOf } from './target.ts';

let cluster: SmallCluster;
let world: AppsAndMachines;
let running: RunningAlerts;

const pass = (seconds: number) => cluster.pass(seconds, () => world.tick());
const channelNow = () => cluster.kind(notificationChannels).get('ops') as unknown as NotificationChannel;
const putChannel = (spec: object, metadata: object = {}) =>
  cluster.put(notificationChannels, { metadata: { name: 'ops', ...metadata }, spec } as KubeObject);

beforeEach(() => {
  cluster = new SmallCluster();
  world = new AppsAndMachines(cluster);
  world.addMachine('m1');
});

afterEach(() => running?.stop());

test('a receiver that fails is tried five times with growing pauses; then an alert says so, until it works again', async () => {
  let works = false;
  const tries: number[] = [];
  running = await runAlerts(cluster, {
    receive() {
      tries.push(cluster.clock.now() / 1000);
      if (!works) throw new Error('the receiver answered 500');
    },
  });
  putChannel({ url: 'https://ops.example/' });
  world.apply('web', { replicas: 1, fault: 'crash' });
  await pass(130);
  expect(tries.slice(1).map((at, index) => at - tries[index]!)).toEqual([1, 5, 20, 60]);
  expect(channelNow().status).toMatchObject({ error: 'the receiver answered 500' });
  expect(summary(cluster)).toEqual(['CrashLooping critical firing', 'NotifyFailed warning firing']);
  await pass(600);
  expect(tries).toHaveLength(5);

  works = true;
  putChannel({ url: 'https://ops.example/' }, { annotations: { 'naru.dev/test-requested-at': 'now' } });
  await pass(5);
  expect(running.told).toEqual([{ url: 'https://ops.example/', status: 'test', rules: [] }]);
  expect(channelNow().status?.test).toMatchObject({ requestedAt: 'now' });
  expect(channelNow().status?.error).toBeUndefined();
  expect(summary(cluster)).toContain('NotifyFailed warning resolved');
  await pass(60);
  expect(running.told).toHaveLength(1);
});

test('a test that fails says why, and is not tried again', async () => {
  let tries = 0;
  running = await runAlerts(cluster, {
    receive() {
      tries++;
      throw new Error('no');
    },
  });
  putChannel({ url: 'https://ops.example/' }, { annotations: { 'naru.dev/test-requested-at': 'now' } });
  await pass(120);
  expect([tries, channelNow().status?.test]).toMatchObject([1, { requestedAt: 'now', error: 'no' }]);
  expect(alertsIn(cluster)).toEqual([]);
});

test('a channel is told of its own projects, of what is grave enough, and of nothing while it is paused', async () => {
  running = await runAlerts(cluster);
  for (const [name, spec] of Object.entries({
    elsewhere: { namespaces: ['other'] },
    here: { namespaces: ['shop'] },
    grave: { minimumSeverity: 'critical' },
    paused: { paused: true },
  }))
    cluster.put(notificationChannels, { metadata: { name }, spec: { url: `https://${name}/`, ...spec } } as KubeObject);
  world.apply('web', { replicas: 1 });
  await pass(60);
  world.apply('web', { image: 'app:2', fault: 'bad-image' });
  await pass(60);
  expect(summary(cluster)).toEqual(['ImagePullFailed warning firing']);
  expect(running.told.map(({ url }) => url)).toEqual(['https://here/']);
});

test('the address may stand in a Secret; what it lacks is said', async () => {
  const secrets = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', scope: 'Namespaced' } as const;
  const data = { url: Buffer.from(' https://hooks.slack.com/x \n').toString('base64') };
  cluster.put(secrets, { metadata: { name: 'hook', namespace: 'kube-system' }, data } as KubeObject);
  const to = (urlFrom: object) =>
    destinationOf({ metadata: { name: 'ops' }, spec: { urlFrom } } as unknown as NotificationChannel, cluster.client());
  expect(await to({ name: 'hook', key: 'url' })).toEqual({
    url: 'https://hooks.slack.com/x',
    form: 'slack',
    language: 'en',
  });
  await expect(to({ name: 'hook', key: 'other' })).rejects.toThrow('the Secret kube-system/hook has no entry other');
  await expect(to({ name: 'none', key: 'url' })).rejects.toThrow('the Secret kube-system/none does not exist');
  expect(['https://discord.com/api/webhooks/1/x', 'https://a.example/', 'x'].map(formOf)).toEqual([
    'discord',
    'generic',
    'generic',
  ]);
});

test('each form is what its receiver reads', async () => {
  running = await runAlerts(cluster);
  world.apply('web', { replicas: 1, fault: 'crash' });
  await pass(30);
  const message = { status: 'firing', alerts: alertsIn(cluster) } as const;
  const times = alertsIn(cluster)[0]?.spec.params?.['restarts'];
  const text = `web keeps crashing: main exited with code 3, ${times} restarts (shop, CrashLooping)`;
  expect(bodyOf(message, 'slack', 'en')).toEqual({ text: `🔴 ${text}` });
  expect(bodyOf(message, 'discord', 'en')).toEqual({ content: `🔴 ${text}`, allowed_mentions: { parse: [] } });
  expect(bodyOf({ ...message, status: 'resolved' }, 'slack', 'ko')).toEqual({
    text: `✅ 해결됨: web 앱이 반복 종료됨: main 종료 코드 3, 재시작 ${times}회 (shop, CrashLooping)`,
  });
  expect(bodyOf(message, 'generic', 'en')).toMatchObject({
    status: 'firing',
    alerts: [{ rule: 'CrashLooping', severity: 'critical', subject: { name: 'web' }, fixes: [{ code: 'show-logs' }] }],
  });
  const [alert] = alertsIn(cluster);
  const markup = {
    ...alert!,
    spec: { ...alert!.spec, params: { app: '<!channel>', container: '@everyone', code: '1', restarts: '1' } },
  };
  expect(bodyOf({ status: 'firing', alerts: [markup] }, 'slack', 'en')).toMatchObject({
    text: expect.stringContaining('&lt;!channel&gt;'),
  });
});

test('an alert of an app that is removed while its message waits is told nowhere', async () => {
  running = await runAlerts(cluster, {
    receive() {
      throw new Error('no');
    },
  });
  putChannel({ url: 'https://ops.example/' });
  world.apply('web', { replicas: 1, fault: 'crash' });
  await pass(16);
  for (const { metadata } of alertsIn(cluster)) cluster.remove(alerts, `shop/${metadata.name}`);
  world.delete('web');
  await pass(120);
  expect(running.told).toEqual([]);
  expect(cluster.problems).toEqual([]);
});

let server: Server | undefined;
afterEach(() => {
  server?.close();
});

async function listen(
  answer: (path: string) => [number, Record<string, string>],
): Promise<{ url: string; seen: string[] }> {
  const seen: string[] = [];
  server = createServer((request, response) => {
    void json(request).then((body) => {
      seen.push(`${request.method} ${request.url} ${request.headers['authorization'] ?? '-'} ${JSON.stringify(body)}`);
      const [status, headers] = answer(request.url ?? '');
      response.writeHead(status, { ...headers, connection: 'close' }).end();
    });
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return { url: `http://hooks.example:${(server.address() as AddressInfo).port}`, seen };
}

test('the address that was judged is the one that is called, whatever the name means by then', async () => {
  const { url, seen } = await listen(() => [200, {}]);
  await post(await targetOf(`${url}/a`, () => Promise.resolve(['127.0.0.1'])), { a: 1 }, 'Bearer x');
  expect(seen).toEqual(['POST /a Bearer x {"a":1}']);
});

test('a redirect is an answer like any other: nobody follows it', async () => {
  const { url, seen } = await listen((path) => (path === '/a' ? [307, { location: '/b' }] : [200, {}]));
  await expect(post(await targetOf(`${url}/a`, () => Promise.resolve(['127.0.0.1'])), {})).rejects.toThrow(
    'the receiver answered 307',
  );
  await rest();
  expect(seen).toHaveLength(1);
});
