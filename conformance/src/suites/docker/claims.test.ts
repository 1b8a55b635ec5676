/** Claims get a directory of the node, keep their data through everything short of being deleted, and go without a trace. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { kubectlFor, type Kubectl } from '../../harness/kubectl.ts';
import { programsOf } from '../../harness/processes.ts';
import { call, target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('claims');
let kubectl: Kubectl;

const set = `
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: store}
spec:
  serviceName: store
  replicas: 2
  selector: {matchLabels: {app: store}}
  template:
    metadata: {labels: {app: store}}
    spec:
      terminationGracePeriodSeconds: 1
      securityContext: {runAsUser: 1000}
      containers:
      - name: main
        image: busybox:1.36
        command: ["sh", "-c", "echo $HOSTNAME >> /data/starts; exec sleep 100000"]
        volumeMounts: [{name: data, mountPath: /data}]
  volumeClaimTemplates:
  - metadata: {name: data}
    spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 10Mi}}}
`;

interface Volume {
  metadata: { name: string };
  spec: { hostPath: { path: string }; persistentVolumeReclaimPolicy: string; nodeAffinity: object };
  status: { phase: string };
}

async function volumeOf(claim: string): Promise<Volume> {
  const name = await kubectl(['get', 'pvc', claim, '-o', 'jsonpath={.spec.volumeName}']);
  return JSON.parse(await kubectl(['get', 'pv', name, '-o', 'json'])) as Volume;
}

const starts = async (claim: string) =>
  readFileSync(`${(await volumeOf(claim)).spec.hostPath.path}/starts`, 'utf8')
    .trim()
    .split('\n');

const ready = () => kubectl(['rollout', 'status', 'statefulset/store', '--timeout=90s']);

beforeAll(async () => {
  kubectl = await kubectlFor('1.36', target().kubeconfig, namespace);
  await kubectl(['apply', '-f', '-'], { input: set });
  await ready();
});

test('the default class gives each pod of a StatefulSet a directory that any user can write to', async () => {
  expect(await kubectl(['get', 'sc', '--no-headers'])).toMatch(
    /^local-path \(default\) .*Delete +WaitForFirstConsumer/m,
  );
  for (const claim of ['data-store-0', 'data-store-1']) {
    const { spec, status } = await volumeOf(claim);
    expect([spec.persistentVolumeReclaimPolicy, status.phase]).toEqual(['Delete', 'Bound']);
    expect(spec.hostPath.path).toContain(`${target().dataDirectory}/volumes/`);
    expect(statSync(spec.hostPath.path).mode & 0o777).toBe(0o777);
  }
  expect(await starts('data-store-0')).toEqual(['store-0']);
  const events = await kubectl(['get', 'events', '-o', 'jsonpath={.items[*].reason}']);
  for (const reason of ['ExternalProvisioning', 'Provisioning', 'ProvisioningSucceeded'])
    expect(events).toContain(reason);
});

test('data outlives pods, the set, and a kill of server and agent', async () => {
  await kubectl(['delete', 'pod', 'store-0', '--now']);
  await ready();
  expect(await starts('data-store-0')).toEqual(['store-0', 'store-0']);
  for (const name of ['server', 'kubelet-lite'] as const) {
    const [id] = await programsOf(target().dataDirectory, name);
    process.kill(id!, 'SIGKILL');
    await eventually(async () => (await programsOf(target().dataDirectory, name)).some((other) => other !== id), {
      what: `${name} again`,
    });
  }
  await eventually(async () => (await call(target(), { path: '/readyz' })).status === 200, { what: 'readyz' });
  await kubectl(['delete', 'statefulset', 'store']);
  await kubectl(['wait', '--for=delete', 'pods', '-l', 'app=store', '--timeout=60s']);
  expect(await kubectl(['get', 'pvc', '-o', 'jsonpath={.items[*].status.phase}'])).toBe('Bound Bound');
  await kubectl(['apply', '-f', '-'], { input: set });
  await ready();
  expect(await starts('data-store-0')).toEqual(['store-0', 'store-0', 'store-0']);
  expect(await starts('data-store-1')).toEqual(['store-1', 'store-1']);
});

test('a claim in use stays until its pod is gone; then its volume and directory go too', async () => {
  const { metadata, spec } = await volumeOf('data-store-1');
  await kubectl(['delete', 'pvc', 'data-store-1', '--wait=false']);
  expect(await kubectl(['get', 'pvc', 'data-store-1', '--no-headers'])).toMatch(/Terminating/);
  expect(existsSync(spec.hostPath.path)).toBe(true);
  await kubectl(['scale', 'statefulset/store', '--replicas=1']);
  await kubectl(['wait', '--for=delete', `pvc/data-store-1`, `pv/${metadata.name}`, '--timeout=60s']);
  expect(existsSync(spec.hostPath.path)).toBe(false);
  expect(await starts('data-store-0')).toHaveLength(3);
});

test('a retained volume keeps its data when its claim goes, and can be claimed by name', async () => {
  const volume = await volumeOf('data-store-0');
  const { name } = volume.metadata;
  await kubectl(['patch', 'pv', name, '-p', '{"spec":{"persistentVolumeReclaimPolicy":"Retain"}}']);
  await kubectl(['delete', 'statefulset/store', 'pvc/data-store-0', '--timeout=60s']);
  await kubectl(['wait', '--for=jsonpath={.status.phase}=Released', `pv/${name}`, '--timeout=60s']);
  await kubectl(['patch', 'pv', name, '-p', '{"spec":{"claimRef":null}}']);
  const claim = { accessModes: ['ReadWriteOnce'], volumeName: name, resources: { requests: { storage: '10Mi' } } };
  await kubectl(['apply', '-f', '-'], {
    input: JSON.stringify({
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: 'again' },
      spec: claim,
    }),
  });
  await kubectl(['wait', '--for=jsonpath={.status.phase}=Bound', 'pvc/again', '--timeout=60s']);
  expect(await starts('again')).toHaveLength(3);
  await kubectl(['patch', 'pv', name, '-p', '{"spec":{"persistentVolumeReclaimPolicy":"Delete"}}']);
  await kubectl(['delete', 'pvc', 'again', '--timeout=60s']);
  await kubectl(['wait', '--for=delete', `pv/${name}`, '--timeout=60s']);
  expect(existsSync(volume.spec.hostPath.path)).toBe(false);
});

test("a pod's own claim comes and goes with the pod", async () => {
  const template = { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '10Mi' } } } };
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'own' },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: 'main',
          image: 'busybox:1.36',
          command: ['sh', '-c', 'echo own > /data/starts; exec sleep 100000'],
          volumeMounts: [{ name: 'scratch', mountPath: '/data' }],
        },
      ],
      volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: template } }],
    },
  };
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify(pod) });
  await kubectl(['wait', '--for=condition=Ready', 'pod/own', '--timeout=60s']);
  const { spec } = await volumeOf('own-scratch');
  await eventually(async () => (await starts('own-scratch')).join() === 'own', { what: 'the file in the volume' });
  await kubectl(['delete', 'pod', 'own', '--now']);
  await kubectl(['wait', '--for=delete', 'pvc/own-scratch', '--timeout=60s']);
  await eventually(() => !existsSync(spec.hostPath.path), { what: 'the directory gone' });
});
