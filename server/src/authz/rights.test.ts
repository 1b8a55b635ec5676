/** Who may do what, through the front door. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { callerOf, type CallServer } from '../testing/call-server.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const inDefault = `${rbac}/namespaces/default`;
const roleRef = (kind: string, name: string) => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
const user = (name: string) => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name });

let server: TestServer;
let admin: CallServer;
const as = (name: string, ...groups: string[]) => callerOf(server, { name, groups });

beforeAll(async () => {
  server = await startTestServer();
  admin = await callerOf(server);
});
afterAll(() => server.stop());

const messageOf = ({ body }: { body: unknown }) => (body as { message?: string }).message;

test('somebody without a binding sees versions and nothing else', async () => {
  const jane = await as('jane');
  expect((await jane('GET', '/version')).status).toBe(200);
  expect((await jane('GET', '/apis')).status).toBe(200);
  const refused = await jane('GET', '/api/v1/namespaces/default/secrets');
  expect(refused.status).toBe(403);
  expect(messageOf(refused)).toBe(
    'secrets is forbidden: User "jane" cannot list resource "secrets" in API group "" in the namespace "default"',
  );
});

test('a binding holds from the answer to its creation on, and no longer than it is there', async () => {
  const ann = await as('ann');
  const read = () => ann('GET', '/api/v1/namespaces/default/configmaps');
  expect((await read()).status).toBe(403);
  const rules = [{ apiGroups: [''], resources: ['configmaps'], verbs: ['list'] }];
  await admin('POST', `${inDefault}/roles`, { metadata: { name: 'lister' }, rules });
  const binding = { metadata: { name: 'ann' }, roleRef: roleRef('Role', 'lister'), subjects: [user('ann')] };
  expect((await admin('POST', `${inDefault}/rolebindings`, binding)).status).toBe(201);
  expect((await read()).status).toBe(200);
  expect((await ann('GET', '/api/v1/namespaces/kube-system/configmaps')).status).toBe(403);
  await admin('DELETE', `${inDefault}/rolebindings/ann`);
  expect((await read()).status).toBe(403);
});

test('nobody gives away what they do not hold', async () => {
  const rules = [
    { apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: ['create'] },
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get'] },
  ];
  await admin('POST', `${inDefault}/roles`, { metadata: { name: 'manager' }, rules });
  const subjects = [user('mia')];
  await admin('POST', `${inDefault}/rolebindings`, {
    ...{ metadata: { name: 'mia' }, roleRef: roleRef('Role', 'manager'), subjects },
  });
  const mia = await as('mia');
  const grant = (name: string, resource: string) =>
    mia('POST', `${inDefault}/roles`, {
      ...{ metadata: { name }, rules: [{ apiGroups: [''], resources: [resource], verbs: ['get'] }] },
    });
  expect((await grant('held', 'configmaps')).status).toBe(201);
  const refused = await grant('not-held', 'secrets');
  expect(refused.status).toBe(403);
  expect(messageOf(refused)).toContain('{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}');
  const binding = { metadata: { name: 'up' }, roleRef: roleRef('ClusterRole', 'cluster-admin'), subjects };
  expect((await mia('POST', `${inDefault}/rolebindings`, binding)).status).toBe(403);
});

test('whoever may update but not create makes nothing new with PUT or apply', async () => {
  const rules = [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['update', 'patch'] }];
  await admin('POST', `${inDefault}/roles`, { metadata: { name: 'renewer' }, rules });
  await admin('POST', `${inDefault}/rolebindings`, {
    ...{ metadata: { name: 'ren' }, roleRef: roleRef('Role', 'renewer'), subjects: [user('ren')] },
  });
  const ren = await as('ren');
  const path = '/apis/coordination.k8s.io/v1/namespaces/default/leases/new';
  const answer = await ren('PUT', path, { metadata: { name: 'new' } });
  expect(answer.status).toBe(403);
  expect(messageOf(answer)).toContain('cannot create resource "leases"');
});

test('a node reads the secrets of its own pods', async () => {
  const secret = (name: string) =>
    admin('POST', '/api/v1/namespaces/default/secrets', { metadata: { name }, data: {} });
  await secret('needed');
  await secret('other');
  await admin('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'default' } });
  const volumes = [{ name: 'v', secret: { secretName: 'needed' } }];
  const containers = [{ name: 'c', image: 'busybox' }];
  const made = await admin('POST', '/api/v1/namespaces/default/pods', {
    metadata: { name: 'p' },
    spec: { nodeName: 'n1', containers, volumes },
  });
  expect(made.status).toBe(201);
  const node = await as('system:node:n1', 'system:nodes');
  const stranger = await as('system:node:n2', 'system:nodes');
  const path = '/api/v1/namespaces/default/secrets';
  expect((await node('GET', `${path}/needed`)).status).toBe(200);
  expect((await node('GET', `${path}?fieldSelector=metadata.name=needed`)).status).toBe(200);
  expect((await stranger('GET', `${path}/needed`)).status).toBe(403);
  const refused = await node('GET', `${path}/other`);
  expect(refused.status).toBe(403);
  expect(messageOf(refused)).toContain("no relationship found between node 'n1' and this object");
  expect((await node('GET', '/api/v1/pods')).status).toBe(403);
  expect((await node('GET', '/api/v1/pods?fieldSelector=spec.nodeName=n1')).status).toBe(200);
});

test('what a default role has lost comes back at the next start, and what it was given stays', async () => {
  const { bootstrapPolicy } = await import('../bootstrap-policy.ts');
  const path = `${rbac}/clusterroles/system:basic-user`;
  const { body } = await admin('GET', path);
  const added = { verbs: ['get'], nonResourceURLs: ['/mine'] };
  await admin('PUT', path, { ...(body as object), rules: [added] });
  await bootstrapPolicy(server.api);
  const { rules } = (await admin('GET', path)).body as { rules: unknown[] };
  expect(rules[0]).toEqual(added);
  expect(JSON.stringify(rules)).toContain('selfsubjectaccessreviews');
});
