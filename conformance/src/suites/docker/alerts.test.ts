/** What goes wrong on a real machine is one alert each, told once; the repair that the alert proposes ends it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { kubectlFor, type Kubectl } from '../../harness/kubectl.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';
import { webhookSink, type WebhookSink } from '../../harness/webhook-sink.ts';

interface Alert {
  metadata: { name: string };
  spec: { rule: string; severity: string; subject: { name: string }; params: Record<string, string> };
  status: {
    state: string;
    message: string;
    instances?: string[];
    evidence?: { logs?: string[] };
    fixes?: { code: string; params?: Record<string, string> }[];
  };
}

const namespace = testNamespace('alerts');
let kubectl: Kubectl;
let sink: WebhookSink;

interface AppRequest {
  name: string;
  replicas?: number;
  image?: string;
  command?: string;
  resources?: object;
}

const app = ({
  name,
  replicas = 1,
  image = 'busybox:1.36',
  command = 'exec sleep 100000',
  resources = {},
}: AppRequest) =>
  JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            { name: 'main', image, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', command], resources },
          ],
        },
      },
    },
  });

const service = (name: string) =>
  JSON.stringify({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app: name }, ports: [{ port: 80 }] },
  });

const apply = (...objects: string[]) => kubectl(['apply', '-f', '-'], { input: objects.join('\n---\n') });

async function alertsNow(): Promise<Alert[]> {
  const { items } = JSON.parse(await kubectl(['get', 'alerts', '-o', 'json'])) as { items: Alert[] };
  return items;
}

const alertOf = async (name: string): Promise<Alert> => {
  const found = (await alertsNow()).filter(({ spec }) => spec.subject.name === name);
  expect(found.map(({ spec }) => spec.rule)).toHaveLength(1);
  return found[0]!;
};

async function fixOf(name: string, code: string): Promise<Record<string, string>> {
  const fix = (await alertOf(name)).status.fixes?.find((one) => one.code === code);
  if (!fix) throw new Error(`no ${code} for ${name}`);
  return fix.params ?? {};
}

/** Rules by app, told in the given way. */
const toldOf = (status: string) =>
  sink.told
    .filter((one) => one.status === status)
    .flatMap(({ alerts }) => alerts.map(({ subject, rule }) => `${subject.name} ${rule}`))
    .sort();

const expected = ['crash CrashLooping', 'huge CannotPlace', 'missing ImagePullFailed', 'oom OutOfMemoryKilled'];

beforeAll(async () => {
  kubectl = await kubectlFor('1.36', target().kubeconfig, namespace);
  sink = await webhookSink();
  const channel = {
    apiVersion: 'naru.dev/v1',
    kind: 'NotificationChannel',
    metadata: { name: namespace },
    spec: { url: sink.url, form: 'generic', namespaces: [namespace] },
  };
  await apply(JSON.stringify(channel), app({ name: 'crash', replicas: 2 }), service('crash'), app({ name: 'steady' }));
  await kubectl(['rollout', 'status', 'deployment/crash', '--timeout=60s']);
});

afterAll(async () => {
  await kubectl.attempt(['delete', 'notificationchannel', namespace, '--ignore-not-found']);
  await sink.close();
});

test('crash loop, out of memory, bad image and no place are one alert each, each told once', async () => {
  await apply(
    app({ name: 'crash', replicas: 2, command: 'echo reading config; echo no such file; exit 3' }),
    app({
      name: 'oom',
      command: 'dd if=/dev/zero of=/dev/null bs=20M count=1 && exec sleep 100000',
      resources: { limits: { memory: '16Mi' } },
    }),
    app({ name: 'missing', image: '127.0.0.1:1/none:1' }),
    app({ name: 'huge', resources: { requests: { memory: '4000Gi' } } }),
  );
  // What a user does on purpose is no trouble.
  await kubectl(['scale', 'deployment/steady', '--replicas=0']);

  await eventually(() => expect(toldOf('firing')).toEqual(expected), { seconds: 100, what: 'four alerts told' });
  const found = await alertsNow();
  expect(found.map(({ spec }) => `${spec.subject.name} ${spec.rule}`).sort()).toEqual(expected);
  expect(found.every(({ status }) => status.state === 'firing')).toBe(true);

  const crash = await alertOf('crash');
  expect(crash.spec.params).toMatchObject({ app: 'crash', container: 'main', code: '3' });
  expect(crash.status.evidence?.logs).toEqual(['reading config', 'no such file']);
  expect((await alertOf('oom')).status.message).toBe('oom ran out of memory (limit 16Mi)');
  expect((await alertOf('missing')).spec.params).toMatchObject({ image: '127.0.0.1:1/none:1', why: 'no-network' });
  expect((await alertOf('huge')).spec.params).toMatchObject({ needMemory: '4000Gi', why: 'memory' });
});

test('kubectl shows them, worst first', async () => {
  const lines = (await kubectl(['get', 'alerts'])).trim().split('\n');
  expect(lines[0]).toMatch(/^NAME +SEVERITY +RULE +SUBJECT +STATE +SINCE +MESSAGE$/);
  expect(lines).toHaveLength(1 + expected.length);
  const severities = lines.slice(1).map((line) => line.split(/ +/)[1]!);
  expect(severities).toEqual([...severities].sort((a, b) => Number(b === 'critical') - Number(a === 'critical')));
  expect(await kubectl(['get', 'al', '--field-selector', 'spec.rule=CannotPlace', '-o', 'name'])).toMatch(
    /cannot-place-huge/,
  );
  expect(await kubectl(['describe', 'alerts'])).toContain('oom ran out of memory (limit 16Mi)');
});

test('a test message is sent when somebody asks for one', async () => {
  await kubectl(['annotate', 'notificationchannel', namespace, 'naru.dev/test-requested-at=2026-01-01T00:00:00Z']);
  await eventually(() => expect(sink.told.filter(({ status }) => status === 'test')).toHaveLength(1));
  const answered = await kubectl([
    'get',
    'nc',
    namespace,
    '-o',
    'jsonpath={.status.test.requestedAt}{.status.test.error}',
  ]);
  expect(answered).toBe('2026-01-01T00:00:00Z');
});

test('the repair that each alert proposes ends it, and the end is told to whom the beginning was', async () => {
  const { revision } = await fixOf('crash', 'roll-back');
  const { container, limit } = await fixOf('oom', 'raise-memory-limit');
  const { memory } = await fixOf('huge', 'lower-reservation');
  await fixOf('missing', 'edit-image');
  expect(limit).toBe('24Mi');
  await Promise.all([
    kubectl(['rollout', 'undo', 'deployment/crash', `--to-revision=${revision}`]),
    kubectl(['set', 'resources', 'deployment/oom', `--containers=${container}`, `--limits=memory=${limit}`]),
    kubectl(['set', 'resources', 'deployment/huge', `--requests=memory=${memory}`]),
    kubectl(['set', 'image', 'deployment/missing', 'main=busybox:1.36']),
  ]);
  await eventually(() => expect(toldOf('resolved')).toEqual(expected), { seconds: 90, what: 'four ends told' });
  expect((await alertsNow()).map(({ status }) => status.state)).toEqual(expected.map(() => 'resolved'));
  expect(toldOf('firing')).toEqual(expected);
});
