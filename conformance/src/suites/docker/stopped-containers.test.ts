/** One container of a pod is stopped and started by hand, through the pod's annotation. */
import { beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { kubectlFor, type Kubectl } from '../../harness/kubectl.ts';
import { programsOf } from '../../harness/processes.ts';
import { program } from '../../harness/run-program.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('by-hand');
const annotation = 'naru.dev/stopped-containers';
let kubectl: Kubectl;

// The second ends in its own time when it is asked to; the first would never, were it not for KILL.
const pod = (name: string, restartPolicy: string) => `
apiVersion: v1
kind: Pod
metadata: {name: ${name}}
spec:
  restartPolicy: ${restartPolicy}
  terminationGracePeriodSeconds: 5
  containers:
  - {name: steady, image: "busybox:1.36", command: ["sh", "-c", "trap 'exit 0' TERM; while sleep 0.2; do :; done"]}
  - {name: web, image: "busybox:1.36", command: ["sh", "-c", "trap 'echo bye; exit 0' TERM; echo up; while sleep 0.2; do :; done"]}
`;

interface Status {
  name: string;
  ready: boolean;
  restartCount: number;
  containerID: string;
  state: { running?: object; waiting?: { reason: string } };
  lastState: { terminated?: { exitCode: number } };
}

async function statusOf(name: string, container: string): Promise<Status> {
  const { status } = JSON.parse(await kubectl(['get', 'pod', name, '-o', 'json'])) as {
    status: { containerStatuses: Status[] };
  };
  return status.containerStatuses.find((each) => each.name === container)!;
}

const line = (name: string) => kubectl(['get', 'pod', name, '--no-headers']);

const stop = (name: string, ...containers: string[]) =>
  kubectl(['annotate', 'pod', name, '--overwrite', `${annotation}=${containers.join(',')}`]);

const untilStopped = (name: string) =>
  eventually(async () => (await statusOf(name, 'web')).state.waiting?.reason === 'Stopped', {
    seconds: 10,
    what: `web of ${name} stopped`,
  });

const untilRunning = (name: string) =>
  eventually(async () => (await statusOf(name, 'web')).state.running !== undefined, {
    seconds: 10,
    what: `web of ${name} running`,
  });

beforeAll(async () => {
  kubectl = await kubectlFor('1.36', target().kubeconfig, namespace);
  await kubectl(['apply', '-f', '-'], { input: `${pod('always', 'Always')}---${pod('never', 'Never')}` });
  await kubectl(['wait', '--for=condition=Ready', 'pod', '--all', '--timeout=60s']);
});

test.each(['always', 'never'])('a container of a pod that restarts %s is stopped and started again', async (name) => {
  const steady = await statusOf(name, 'steady');
  const before = await statusOf(name, 'web');
  await stop(name, 'web');
  await untilStopped(name);
  expect(await line(name)).toMatch(/1\/2 +Stopped +0 /);
  const stopped = await statusOf(name, 'web');
  expect(stopped).toMatchObject({ containerID: before.containerID, ready: false, restartCount: 0 });
  // It was asked to end, and not killed.
  expect(stopped.lastState.terminated?.exitCode).toBe(0);
  expect(await kubectl(['logs', name, '-c', 'web'])).toBe('up\nbye\n');

  await kubectl(['annotate', 'pod', name, `${annotation}-`]);
  await untilRunning(name);
  expect(await line(name)).toMatch(/2\/2 +Running +1 /);
  expect(await statusOf(name, 'steady')).toEqual(steady);
});

test('one that is let go while it ends comes back, also where nothing is restarted', async () => {
  const slow = `
apiVersion: v1
kind: Pod
metadata: {name: slow}
spec:
  restartPolicy: Never
  containers:
  - {name: web, image: "busybox:1.36", command: ["sh", "-c", "trap 'sleep 2; exit 0' TERM; while sleep 0.2; do :; done"]}
`;
  await kubectl(['apply', '-f', '-'], { input: slow });
  await kubectl(['wait', '--for=condition=Ready', 'pod/slow', '--timeout=60s']);
  await stop('slow', 'web');
  const killing = ['get', 'events', '--field-selector=involvedObject.name=slow,reason=Killing', '-o', 'name'];
  await eventually(async () => (await kubectl(killing)) !== '', { what: 'the stop' });
  await kubectl(['annotate', 'pod', 'slow', `${annotation}-`]);
  await eventually(async () => (await line('slow')).match(/1\/1 +Running +1 /) !== null, { what: 'the next run' });
});

test('it stays stopped when the agent is killed and starts anew', async () => {
  await stop('never', 'web');
  await untilStopped('never');
  const [agent] = await programsOf(target().dataDirectory, 'kubelet-lite');
  process.kill(agent!, 'SIGKILL');
  await kubectl(['run', 'later', '--image=busybox:1.36', '--', 'sleep', '1000']);
  // The agent is there again: it starts a pod.
  await kubectl(['wait', '--for=condition=Ready', 'pod/later', '--timeout=60s']);
  expect(await line('never')).toMatch(/1\/2 +Stopped /);
  await kubectl(['annotate', 'pod', 'never', `${annotation}-`]);
  await untilRunning('never');
});

test('one that crashed and waits is stopped, and starts at once when it is let go', async () => {
  const crash = `
apiVersion: v1
kind: Pod
metadata: {name: crash}
spec:
  containers:
  - {name: web, image: "busybox:1.36", command: ["sh", "-c", "exit 1"]}
`;
  await kubectl(['apply', '-f', '-'], { input: crash });
  await eventually(async () => (await line('crash')).includes('CrashLoopBackOff'), { what: 'a back-off' });
  await stop('crash', 'web');
  await untilStopped('crash');
  const { restartCount } = await statusOf('crash', 'web');
  await kubectl(['annotate', 'pod', 'crash', `${annotation}-`]);
  // The first back-off is of ten seconds.
  await eventually(async () => (await statusOf('crash', 'web')).restartCount === restartCount + 1, {
    seconds: 5,
    what: 'a start without a back-off',
  });
});

test('a container that is listed from the beginning is not started', async () => {
  const listed = pod('listed', 'Always').replace('{name: listed}', `{name: listed, annotations: {${annotation}: web}}`);
  await kubectl(['apply', '-f', '-'], { input: listed });
  await eventually(async () => (await line('listed')).includes('1/2'), { what: 'the other container' });
  expect((await statusOf('listed', 'web')).state.waiting?.reason).toBe('Stopped');
  expect(await program('docker', ['ps', '-aq', '--filter', `name=k8s_web_listed_${namespace}_`])).toBe('');
  await kubectl(['annotate', 'pod', 'listed', `${annotation}-`]);
  await untilRunning('listed');
  expect((await statusOf('listed', 'web')).restartCount).toBe(0);
});
