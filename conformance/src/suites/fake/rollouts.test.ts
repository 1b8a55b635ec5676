/** kubectl rollout on every kind that rolls out, and scale and wait, with each kubectl that Naru is held to. */
import { describe, expect, test } from '@jest/globals';
import { kubectlFor, kubectlVersions, type Kubectl } from '../../harness/kubectl.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const template = (app: string, image: string) => `
  selector: {matchLabels: {app: ${app}}}
  template:
    metadata: {labels: {app: ${app}}}
    spec:
      terminationGracePeriodSeconds: 0
      containers: [{name: main, image: "${image}"}]
`;

const manifests: Record<string, (image: string) => string> = {
  deployment: (image) => `
apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2${template('web', image)}`,
  statefulset: (image) => `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web}
spec:
  serviceName: web
  replicas: 2${template('stateful-web', image)}`,
  daemonset: (image) => `
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: web}
spec:${template('daemon-web', image)}`,
};

const finished = async (kubectl: Kubectl, kind: string) =>
  expect(await kubectl(['rollout', 'status', `${kind}/web`, '--timeout=90s'])).toMatch(
    /successfully rolled out|roll out complete|rolling update complete/,
  );

const imageOf = (kubectl: Kubectl, kind: string) =>
  kubectl(['get', kind, 'web', '-o', 'jsonpath={.spec.template.spec.containers[0].image}']);

describe.each(kubectlVersions)('kubectl %s', (version) => {
  const namespace = testNamespace(`rollouts-${version.replace('.', '-')}`);
  const open = () => kubectlFor(version, target().kubeconfig, namespace);

  test.each(Object.keys(manifests))('rollout status, history, undo and restart of a %s', async (kind) => {
    const kubectl = await open();
    const manifest = manifests[kind]!;
    await kubectl(['apply', '-f', '-'], { input: manifest('i:1') });
    await finished(kubectl, kind);
    await kubectl(['set', 'image', `${kind}/web`, 'main=i:2']);
    await finished(kubectl, kind);
    expect(await kubectl(['rollout', 'history', `${kind}/web`])).toMatch(/REVISION.*\n1 .*\n2 /);
    expect(await kubectl(['rollout', 'history', `${kind}/web`, '--revision=1'])).toMatch(/Image:\s+i:1/);
    expect(await kubectl(['rollout', 'undo', `${kind}/web`])).toMatch(/web rolled back/);
    await finished(kubectl, kind);
    expect(await imageOf(kubectl, kind)).toBe('i:1');
    expect(await kubectl(['rollout', 'history', `${kind}/web`])).toMatch(/REVISION.*\n2 .*\n3 /);
    expect(await kubectl(['rollout', 'undo', `${kind}/web`, '--to-revision=2'])).toMatch(/web rolled back/);
    await finished(kubectl, kind);
    expect(await imageOf(kubectl, kind)).toBe('i:2');
    const uids = () => kubectl(['get', 'pods', '-o', 'jsonpath={.items[*].metadata.uid}']);
    const before = await uids();
    expect(await kubectl(['rollout', 'restart', `${kind}/web`])).toMatch(/web restarted/);
    await finished(kubectl, kind);
    for (const uid of (await uids()).split(' ')) expect(before).not.toContain(uid);
    await kubectl(['delete', kind, 'web']);
    await kubectl(['wait', '--for=delete', 'pods', '--all', '--timeout=60s']);
  });

  test('a paused Deployment rolls nothing out until it is resumed', async () => {
    const kubectl = await open();
    await kubectl(['apply', '-f', '-'], { input: manifests['deployment']!('i:1') });
    await finished(kubectl, 'deployment');
    expect(await kubectl(['rollout', 'pause', 'deployment/web'])).toMatch(/web paused/);
    await kubectl(['set', 'image', 'deployment/web', 'main=i:2']);
    await kubectl(['wait', '--for=jsonpath={.status.observedGeneration}=3', 'deployment/web', '--timeout=60s']);
    expect(await kubectl(['get', 'pods', '-l', 'app=web', '-o', 'jsonpath={.items[*].spec.containers[0].image}'])).toBe(
      'i:1 i:1',
    );
    expect((await kubectl.attempt(['rollout', 'restart', 'deployment/web'])).stderr).toMatch(/can't restart paused/);
    expect(await kubectl(['rollout', 'resume', 'deployment/web'])).toMatch(/web resumed/);
    await finished(kubectl, 'deployment');
    expect(await imageOf(kubectl, 'deployment')).toBe('i:2');
    await kubectl(['delete', 'deployment', 'web']);
  });

  test('scale and wait on everything that has a size', async () => {
    const kubectl = await open();
    const controller = `
apiVersion: v1
kind: ReplicationController
metadata: {name: old}
spec:
  replicas: 1
  selector: {app: old}
  template:
    metadata: {labels: {app: old}}
    spec: {terminationGracePeriodSeconds: 0, containers: [{name: main, image: "i:1"}]}
`;
    const set = manifests['statefulset']!('i:1');
    await kubectl(['apply', '-f', '-'], { input: [controller, set].join('---\n') });
    for (const what of ['rc/old', 'statefulset/web']) {
      expect(await kubectl(['scale', what, '--replicas=3'])).toMatch(/scaled/);
      await kubectl(['wait', '--for=jsonpath={.status.readyReplicas}=3', what, '--timeout=60s']);
      expect((await kubectl.attempt(['scale', what, '--current-replicas=9', '--replicas=1'])).stderr).toMatch(
        /Expected replicas to be 9, was 3/i,
      );
      await kubectl(['scale', what, '--replicas=0']);
      await kubectl(['wait', '--for=jsonpath={.status.replicas}=0', what, '--timeout=60s']);
    }
    await kubectl(['delete', 'rc/old', 'statefulset/web']);
  });
});
