/** Levels that namespaces ask for, through the front door. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callerOf, type CallServer } from '../../testing/call-server.ts';
import { startTestServer, type TestServer } from '../../testing/test-server.ts';

let server: TestServer;
let call: CallServer;
beforeAll(async () => {
  server = await startTestServer();
  call = await callerOf(server);
});
afterAll(() => server.stop());

async function namespaceWith(name: string, labels: Record<string, string>): Promise<string> {
  await call('POST', '/api/v1/namespaces', { metadata: { name, labels } });
  await call('POST', `/api/v1/namespaces/${name}/serviceaccounts`, { metadata: { name: 'default' } });
  return `/api/v1/namespaces/${name}/pods`;
}

const pod = (name: string, spec: object, securityContext = {}) => ({
  ...{ metadata: { name }, spec: { containers: [{ name: 'c', image: 'busybox', securityContext }], ...spec } },
});
const messageOf = ({ body }: { body: unknown }) => (body as { message?: string }).message;

test('a level of an older version asks what that version asked', async () => {
  const enforce = (version: string) => ({
    'pod-security.kubernetes.io/enforce': 'restricted',
    'pod-security.kubernetes.io/enforce-version': version,
  });
  const decent = { allowPrivilegeEscalation: false, runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  const old = await namespaceWith('old', enforce('v1.21'));
  expect((await call('POST', old, pod('a', {}, decent))).status).toBe(201);
  const newer = await namespaceWith('newer', enforce('v1.22'));
  const refused = await call('POST', newer, pod('a', {}, decent));
  expect(refused.status).toBe(403);
  expect(messageOf(refused)).toBe(
    'pods "a" is forbidden: violates PodSecurity "restricted:v1.22": unrestricted capabilities (container "c" must set securityContext.capabilities.drop=["ALL"])',
  );
});

test('probes of other hosts and AppArmor profiles are looked at too', async () => {
  const path = await namespaceWith('base', { 'pod-security.kubernetes.io/enforce': 'baseline' });
  const containers = [
    { name: 'c', image: 'busybox', livenessProbe: { httpGet: { host: '10.0.0.1', port: 80 } } },
    { name: 'd', image: 'busybox', securityContext: { appArmorProfile: { type: 'Unconfined' } } },
  ];
  expect(messageOf(await call('POST', path, pod('a', { containers })))).toBe(
    'pods "a" is forbidden: violates PodSecurity "baseline:latest": forbidden AppArmor profile (container "d" must not set AppArmor profile type to "Unconfined"), probe or lifecycle host (container "c" uses probe or lifecycle host "10.0.0.1")',
  );
});

test('a pod that was there before stays and is changed in what does not matter; its image may not', async () => {
  const path = await namespaceWith('later', {});
  await call('POST', path, pod('a', { hostNetwork: true }));
  const space = (await call('GET', '/api/v1/namespaces/later')).body as { metadata: { labels: object } };
  const labels = { ...space.metadata.labels, 'pod-security.kubernetes.io/enforce': 'baseline' };
  const strict = await call('PUT', '/api/v1/namespaces/later', { ...space, metadata: { ...space.metadata, labels } });
  expect(strict.headers['warning']).toContain('a: host namespaces');
  const { body } = await call('GET', `${path}/a`);
  const stored = body as { metadata: object; spec: { containers: object[] } };
  const labelled = { ...stored, metadata: { ...stored.metadata, labels: { a: 'b' } } };
  const changed = await call('PUT', `${path}/a`, labelled);
  expect(changed.status).toBe(200);
  const { metadata, spec } = changed.body as typeof stored;
  const other = { ...spec, containers: [{ ...spec.containers[0], image: 'nginx' }] };
  expect((await call('PUT', `${path}/a`, { metadata, spec: other })).status).toBe(403);
});
