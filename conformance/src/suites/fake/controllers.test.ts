/** Small controllers that clients count on: mirrored Endpoints, and tokens kept in secrets. */
import { expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { kubectlBinary, kubectlFor } from '../../harness/kubectl.ts';
import { tryProgram } from '../../harness/run-program.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('controllers');
const open = () => kubectlFor('1.36', target().kubeconfig, namespace);

test('Endpoints kept by hand are shown in a slice, which follows them and goes with them', async () => {
  const kubectl = await open();
  const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'outside' }, spec: { ports: [{ port: 80 }] } };
  const endpoints = (ip: string) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Endpoints',
      metadata: { name: 'outside', labels: { team: 'a' } },
      subsets: [{ addresses: [{ ip }], notReadyAddresses: [{ ip: '192.0.2.9' }], ports: [{ port: 8080 }] }],
    });
  const selector = ['-l', 'kubernetes.io/service-name=outside'];
  const shown = (path: string) => kubectl(['get', 'endpointslices', ...selector, '-o', `jsonpath=${path}`]);
  const addresses = '{.items[*].endpoints[*].addresses[0]}';
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify(service) });
  await kubectl(['apply', '-f', '-'], { input: endpoints('192.0.2.1') });
  await eventually(async () => (await shown(addresses)) === '192.0.2.1 192.0.2.9', { what: 'the slice' });
  expect(await shown('{.items[0].endpoints[*].conditions}')).toBe('{"ready":true} {"ready":false}');
  expect(await shown('{.items[0].metadata.labels}')).toMatch(
    /"endpointslice.kubernetes.io\/managed-by":"endpointslicemirroring-controller.k8s.io".*"team":"a"/,
  );
  expect(await shown('{.items[0].metadata.ownerReferences[0].kind} {.items[0].ports}')).toBe(
    'Endpoints [{"name":"","port":8080,"protocol":"TCP"}]',
  );
  await kubectl(['apply', '-f', '-'], { input: endpoints('192.0.2.2') });
  await eventually(async () => (await shown(addresses)) === '192.0.2.2 192.0.2.9', { what: 'the slice changed' });
  await kubectl(['delete', 'service', 'outside']);
  await eventually(async () => (await shown(addresses)) === '', { what: 'the slice gone' });
});

test("a secret of an account gets the account's token, which is believed until the secret goes", async () => {
  const kubectl = await open();
  await kubectl(['create', 'serviceaccount', 'robot']);
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'robot-token', annotations: { 'kubernetes.io/service-account.name': 'robot' } },
    type: 'kubernetes.io/service-account-token',
  };
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify(secret) });
  const token = await eventually(
    async () => {
      const found = await kubectl(['get', 'secret', 'robot-token', '-o', 'go-template={{.data.token | base64decode}}']);
      if (found.split('.').length !== 3) throw new Error(found);
      return found;
    },
    { what: 'the token' },
  );
  const binary = await kubectlBinary('1.36');
  const whoami = () => {
    const reach = ['--kubeconfig', '/dev/null', '--server', target().server.href, '--insecure-skip-tls-verify'];
    return tryProgram(binary, [...reach, '--token', token, 'auth', 'whoami']);
  };
  expect((await whoami()).stdout).toMatch(new RegExp(`system:serviceaccount:${namespace}:robot`));
  await kubectl(['delete', 'serviceaccount', 'robot']);
  await kubectl(['wait', '--for=delete', 'secret/robot-token', '--timeout=60s']);
  // What was believed is believed for ten seconds more.
  await eventually(async () => (await whoami()).code !== 0, { what: 'the token refused' });
});
