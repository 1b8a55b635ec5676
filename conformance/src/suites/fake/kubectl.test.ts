/** What people type every day, with each kubectl that Naru is held to. */
import { describe, expect, test } from '@jest/globals';
import { kubectlFor, kubectlVersions } from '../../harness/kubectl.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const deployment = (replicas: number) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web}}
spec:
  replicas: ${replicas}
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: "nginx:1.14.2", ports: [{containerPort: 80}]}
`;

describe.each(kubectlVersions)('kubectl %s', (version) => {
  const namespace = testNamespace(`kubectl-${version.replace('.', '-')}`);
  const open = () => kubectlFor(version, target().kubeconfig, namespace);

  test('create, get, label, annotate and delete a ConfigMap', async () => {
    const kubectl = await open();
    expect(await kubectl(['create', 'configmap', 'settings', '--from-literal=a=1'])).toBe(
      'configmap/settings created\n',
    );
    expect(await kubectl(['get', 'configmap', 'settings', '-o', 'jsonpath={.data.a}'])).toBe('1');
    expect(await kubectl(['label', 'cm', 'settings', 'tier=front'])).toBe('configmap/settings labeled\n');
    expect(await kubectl(['annotate', 'cm', 'settings', 'note=x'])).toMatch(/^configmap\/settings annotated/);
    expect(await kubectl(['get', 'cm', '-l', 'tier=front', '--no-headers'])).toMatch(/^settings +1 +\d+s\n$/);
    expect(await kubectl(['delete', 'cm', 'settings'])).toMatch(/^configmap "settings" deleted/);
    const { code, stderr } = await kubectl.attempt(['get', 'cm', 'settings']);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: 'Error from server (NotFound): configmaps "settings" not found\n',
    });
  });

  test('create a Secret, a ServiceAccount and a token for it', async () => {
    const kubectl = await open();
    await kubectl(['create', 'secret', 'generic', 'password', '--from-literal=p=한글']);
    expect(await kubectl(['get', 'secret', 'password', '-o', 'go-template={{.data.p | base64decode}}'])).toBe('한글');
    await kubectl(['create', 'serviceaccount', 'robot']);
    expect((await kubectl(['create', 'token', 'robot'])).split('.')).toHaveLength(3);
  });

  test('apply, scale, set image, rollout and undo a Deployment', async () => {
    const kubectl = await open();
    expect(await kubectl(['apply', '-f', '-'], { input: deployment(2) })).toBe('deployment.apps/web created\n');
    expect(await kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s'])).toMatch(/successfully rolled out/);
    expect(await kubectl(['apply', '-f', '-'], { input: deployment(2) })).toBe('deployment.apps/web unchanged\n');
    expect(await kubectl(['apply', '-f', '-'], { input: deployment(3) })).toBe('deployment.apps/web configured\n');
    await kubectl(['scale', 'deployment/web', '--replicas=1']);
    await kubectl(['set', 'image', 'deployment/web', 'web=nginx:1.16.1']);
    expect(await kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s'])).toMatch(/successfully rolled out/);
    expect(await kubectl(['rollout', 'history', 'deployment/web'])).toMatch(/REVISION.*\n1 .*\n2 /);
    expect(await kubectl(['rollout', 'undo', 'deployment/web'])).toMatch(/rolled back/);
    expect(await kubectl(['rollout', 'status', 'deployment/web', '--timeout=60s'])).toMatch(/successfully rolled out/);
    expect(
      await kubectl(['get', 'deployment', 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].image}']),
    ).toBe('nginx:1.14.2');
    expect(await kubectl(['get', 'deploy,rs,pods', '-o', 'wide'])).toMatch(/deployment.apps\/web +1\/1/);
    expect(await kubectl(['describe', 'deployment', 'web'])).toMatch(/ScalingReplicaSet/);
  });

  test('server-side apply, diff, and a conflict in words', async () => {
    const kubectl = await open();
    const manifest = (value: string) =>
      `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"owned"},"data":{"k":"${value}"}}`;
    await kubectl(['apply', '--server-side', '-f', '-'], { input: manifest('a') });
    const { code, stderr } = await kubectl.attempt(['apply', '--server-side', '--field-manager=other', '-f', '-'], {
      input: manifest('b'),
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/conflict with "kubectl": \.data\.k/);
    expect((await kubectl.attempt(['diff', '-f', '-'], { input: manifest('c') })).stdout).toMatch(/\+ {2}k: c/);
  });

  test('explain shows fields with their types', async () => {
    const kubectl = await open();
    expect(await kubectl(['explain', 'deployment.spec.strategy'])).toMatch(/rollingUpdate\t<RollingUpdateDeployment>/);
    expect(await kubectl(['explain', 'pod.spec.containers.image'])).toMatch(/FIELD: image <string>/);
  });

  test('a misspelt field is refused by name', async () => {
    const kubectl = await open();
    const { stderr } = await kubectl.attempt(['apply', '-f', '-'], {
      input: deployment(1).replace('replicas:', 'replcas:'),
    });
    expect(stderr).toMatch(/strict decoding error: unknown field "spec.replcas"/);
  });

  test('api-resources, version, auth whoami and cluster-info', async () => {
    const kubectl = await open();
    expect(await kubectl(['api-resources'])).toMatch(/deployments +deploy +apps\/v1 +true +Deployment/);
    expect(await kubectl(['version'])).toMatch(/Server Version: v1\.36\./);
    expect(await kubectl(['cluster-info'])).toMatch(/Kubernetes control plane/);
  });

  test('a node that does not answer is named with its address', async () => {
    const kubectl = await open();
    const node = `silent-${version.replace('.', '-')}`;
    const objects = [
      {
        ...{ apiVersion: 'v1', kind: 'Node', metadata: { name: node } },
        // No other suite's pods are meant for it.
        spec: { taints: [{ key: 'silent', effect: 'NoSchedule' }] },
        status: {
          addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
          daemonEndpoints: { kubeletEndpoint: { Port: 1 } },
        },
      },
      {
        ...{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'far' } },
        spec: { nodeName: node, containers: [{ name: 'c', image: 'busybox:1.36' }] },
      },
    ];
    for (const object of objects) await kubectl(['create', '-f', '-'], { input: JSON.stringify(object) });
    const dial = 'dial tcp 127.0.0.1:1: connect: connection refused';
    expect((await kubectl.attempt(['logs', 'far'])).stderr).toBe(
      `Error from server: Get "https://127.0.0.1:1/containerLogs/${namespace}/far/c": ${dial}\n`,
    );
    expect((await kubectl.attempt(['exec', 'far', '--', 'ls'])).stderr).toContain(`error dialing backend: ${dial}\n`);
    await kubectl(['delete', 'pod', 'far', '--force', '--grace-period=0']);
    await kubectl(['delete', 'node', node]);
  });

  test('wait and watch see a pod become ready and go', async () => {
    const kubectl = await open();
    await kubectl(['run', 'one', '--image=busybox:1.36', '--restart=Never', '--', 'sleep', '1000']);
    expect(await kubectl(['wait', '--for=condition=Ready', 'pod/one', '--timeout=60s'])).toBe(
      'pod/one condition met\n',
    );
    expect(await kubectl(['get', 'pod', 'one', '--no-headers'])).toMatch(/^one +1\/1 +Running +0 /);
    await kubectl(['delete', 'pod', 'one', '--now']);
  });
});
