/** Server and agent are killed in the middle of things: containers go on, nothing is lost, nothing runs twice. */
import { beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { keepDead, killEngine } from '../../harness/faults.ts';
import { kubectlFor, type Kubectl } from '../../harness/kubectl.ts';
import { programsOf } from '../../harness/processes.ts';
import { program } from '../../harness/run-program.ts';
import { call, target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('survival');
let kubectl: Kubectl;

const pod = (name: string, command: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}, labels: {suite: survival}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - {name: main, image: "busybox:1.36", command: ["sh", "-c", "${command}"]}
`;

const running = async (): Promise<string[]> =>
  (await program('docker', ['ps', '--no-trunc', '--format', '{{.ID}} {{.Names}}']))
    .split('\n')
    .filter((line) => line.includes(`_${namespace}_`))
    .sort();

/** The launcher rests longer after each death, so it may not be there yet. */
const agentProcess = () =>
  eventually(
    async () => {
      const [id] = await programsOf(target().dataDirectory, 'kubelet-lite');
      if (id === undefined) throw new Error('there is no agent');
      return id;
    },
    { what: 'an agent' },
  );

async function killAndAwait(name: 'server' | 'kubelet-lite'): Promise<void> {
  const [id] = await programsOf(target().dataDirectory, name);
  process.kill(id!, 'SIGKILL');
  await eventually(async () => (await programsOf(target().dataDirectory, name)).some((other) => other !== id), {
    what: `${name} started again`,
  });
  await eventually(async () => (await call(target(), { path: '/readyz' })).status === 200, { what: 'readyz' });
}

beforeAll(async () => {
  kubectl = await kubectlFor('1.36', target().kubeconfig, namespace);
  await kubectl(['apply', '-f', '-'], { input: pod('steady', 'sleep 100000') });
  await kubectl(['wait', '--for=condition=Ready', 'pod/steady', '--timeout=60s']);
});

test('kill -9 of server and agent restarts no container', async () => {
  const before = await running();
  expect(before.length).toBeGreaterThanOrEqual(2);
  await killAndAwait('server');
  await killAndAwait('kubelet-lite');
  await eventually(async () => (await kubectl(['get', 'pod', 'steady', '--no-headers'])).includes('1/1'), {
    what: 'the pod seen again',
  });
  expect(await running()).toEqual(before);
  expect(await kubectl(['get', 'pod', 'steady', '-o', 'jsonpath={.status.containerStatuses[0].restartCount}'])).toBe(
    '0',
  );
});

test('while the server is dead a crashed container is restarted, and names resolve', async () => {
  await kubectl(['apply', '-f', '-'], { input: pod('fragile', 'sleep 100000') });
  await kubectl(['wait', '--for=condition=Ready', 'pod/fragile', '--timeout=60s']);
  const idOf = async () =>
    (await program('docker', ['ps', '-q', '--no-trunc', '--filter', `name=k8s_main_fragile_${namespace}_`])).trim();
  const first = await idOf();
  await kubectl(['create', 'service', 'clusterip', 'steady', '--tcp=80']);
  const address = await kubectl(['get', 'service', 'steady', '-o', 'jsonpath={.spec.clusterIP}']);
  const resolved = async () =>
    (await program('docker', ['exec', await idOf(), 'nslookup', `steady.${namespace}.svc.cluster.local`])).includes(
      address,
    );
  await eventually(resolved, { what: 'the name' });
  const revive = await keepDead('server');
  try {
    await program('docker', ['kill', first]);
    await eventually(async () => ![first, ''].includes(await idOf()), {
      seconds: 40,
      what: 'a new container without the server',
    });
    expect(await resolved()).toBe(true);
  } finally {
    await revive();
  }
  await eventually(
    async () =>
      (await kubectl(['get', 'pod', 'fragile', '-o', 'jsonpath={.status.containerStatuses[0].restartCount}'])) === '1',
    { what: 'the restart in the status' },
  );
});

test('kill -9 of the agent while pods start leaves one container each', async () => {
  const names = Array.from({ length: 6 }, (_, i) => `starting-${i}`);
  await kubectl(['apply', '-f', '-'], { input: names.map((name) => pod(name, 'sleep 100000')).join('---') });
  for (let kills = 0; kills < 2; kills++) {
    const id = await agentProcess();
    process.kill(id!, 'SIGKILL');
    await eventually(
      async () => (await programsOf(target().dataDirectory, 'kubelet-lite')).some((other) => other !== id),
      { what: 'the agent again' },
    );
  }
  await kubectl(['wait', '--for=condition=Ready', 'pods', '-l', 'suite=survival', '--timeout=90s']);
  const containers = await running();
  for (const name of names) {
    expect([name, containers.filter((line) => line.includes(`k8s_main_${name}_`)).length]).toEqual([name, 1]);
    expect([name, containers.filter((line) => line.includes(`k8s_POD_${name}_`)).length]).toEqual([name, 1]);
  }
});

test('a pod deleted while the agent is away is gone when it is back', async () => {
  const id = await agentProcess();
  process.kill(id, 'SIGKILL');
  await kubectl(['delete', 'pod', '-l', 'suite=survival', '--wait=false']);
  await eventually(async () => (await running()).length === 0, { seconds: 60, what: 'no containers of the suite' });
  await eventually(async () => (await kubectl(['get', 'pods', '-o', 'name'])) === '', { what: 'no pods' });
});

const stateful = `
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: kept}
spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Mi}}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: keeper}
spec:
  selector: {matchLabels: {app: keeper}}
  template:
    metadata: {labels: {app: keeper}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: web
        image: naru-hello:1
        imagePullPolicy: IfNotPresent
        volumeMounts: [{name: kept, mountPath: /kept}]
        readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 1, timeoutSeconds: 5}
      volumes: [{name: kept, persistentVolumeClaim: {claimName: kept}}]
---
apiVersion: v1
kind: Service
metadata: {name: keeper}
spec: {selector: {app: keeper}, ports: [{port: 80}]}
`;

const keeper = () => kubectl(['get', 'pods', '-l', 'app=keeper', '-o', 'jsonpath={.items[*].metadata.name}']);
const restartsOf = async (pod: string) =>
  kubectl(['get', 'pod', pod, '-o', 'jsonpath={.status.containerStatuses[0].restartCount}']);
const isReady = async (pod: string) =>
  (await kubectl(['get', 'pod', pod, '-o', 'jsonpath={.status.conditions[?(@.type=="Ready")].status}'])) === 'True';
const content = (pod: string) => kubectl(['exec', pod, '--', 'cat', '/kept/word']);
const answers = async () => {
  const address = await kubectl(['get', 'service', 'keeper', '-o', 'jsonpath={.spec.clusterIP}']);
  return (await program('curl', ['-sS', '--max-time', '2', `http://${address}/cgi-bin/index.cgi`])).includes('<code>');
};

/** The pod runs again, in place, and everything of it is there. */
async function expectBack(pod: string, restarts: string): Promise<void> {
  await eventually(async () => (await restartsOf(pod)) === restarts && (await isReady(pod)), {
    seconds: 60,
    what: 'the pod Ready again',
  });
  await eventually(answers, { seconds: 10, what: 'its service' });
  expect(await keeper()).toBe(pod);
  expect(await content(pod)).toBe('harbour\n');
}

test('when the engine is killed, everything is Ready within a minute of its start, and claims keep their data', async () => {
  await kubectl(['apply', '-f', '-'], { input: stateful });
  await kubectl(['rollout', 'status', 'deployment/keeper', '--timeout=60s']);
  const pod = await keeper();
  await kubectl(['exec', pod, '--', 'sh', '-c', 'echo harbour > /kept/word']);
  await killEngine()();
  await expectBack(pod, '1');
});

test('the same when Naru is killed with it', async () => {
  const pod = await keeper();
  const reviveServer = await keepDead('server');
  const reviveAgent = await keepDead('kubelet-lite');
  try {
    await killEngine()();
  } finally {
    await Promise.all([reviveServer(), reviveAgent()]);
  }
  await expectBack(pod, '2');
  const containers = await running();
  expect(containers.filter((line) => line.includes(`_${pod}_`))).toHaveLength(2);
});
