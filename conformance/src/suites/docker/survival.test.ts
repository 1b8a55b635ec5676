/** Server and agent are killed in the middle of things: containers go on, nothing is lost, nothing runs twice. */
import { beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
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

test('a container that crashes while the server is away is restarted by the agent', async () => {
  await kubectl(['apply', '-f', '-'], { input: pod('fragile', 'sleep 100000') });
  await kubectl(['wait', '--for=condition=Ready', 'pod/fragile', '--timeout=60s']);
  const idOf = async () =>
    (await program('docker', ['ps', '-q', '--no-trunc', '--filter', `name=k8s_main_fragile_${namespace}_`])).trim();
  const first = await idOf();
  const [server] = await programsOf(target().dataDirectory, 'server');
  process.kill(server!, 'SIGSTOP');
  try {
    await program('docker', ['kill', first]);
    await eventually(async () => ![first, ''].includes(await idOf()), {
      seconds: 40,
      what: 'a new container without the server',
    });
  } finally {
    process.kill(server!, 'SIGCONT');
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
