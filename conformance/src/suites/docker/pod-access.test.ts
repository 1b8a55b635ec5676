/** What people do with a pod that runs, with each kubectl: debug, attach, cp, logs. One pod serves all versions. */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { kubectlFor, kubectlVersions, type Kubectl } from '../../harness/kubectl.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('access');
const directory = mkdtempSync(join(tmpdir(), 'naru-access-'));
afterAll(() => rmSync(directory, { recursive: true }));

const pod = `
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - {name: main, image: "busybox:1.36", stdin: true, command: ["sh", "-c", "echo hello; echo oops >&2; while read l; do echo got $l; done; sleep 100000"]}
  - {name: side, image: "busybox:1.36", command: ["sh", "-c", "echo beside; exec sleep 100000"]}
`;

const open = (version: (typeof kubectlVersions)[number]) => kubectlFor(version, target().kubeconfig, namespace);

const logOf = async (kubectl: Kubectl, container: string) => kubectl(['logs', 'web', '-c', container]);

beforeAll(async () => {
  const kubectl = await open('1.36');
  await kubectl(['apply', '-f', '-'], { input: pod });
  await kubectl(['wait', '--for=condition=Ready', 'pod/web', '--timeout=60s']);
});

describe.each(kubectlVersions)('kubectl %s', (version) => {
  const id = version.replace('.', '-');

  test('debug sees the processes of its target, speaks with its user and ends', async () => {
    const kubectl = await open(version);
    const args = ['debug', 'web', '-i', '--quiet', '--image=busybox:1.36', '--target=main', `--container=debug-${id}`];
    await kubectl.attempt(args, { input: 'ps\nexit 3\n', seconds: 60 });
    await eventually(async () => (await endOf(kubectl, `debug-${id}`)) === '3', { what: 'the end of the debugger' });
    expect(await logOf(kubectl, `debug-${id}`)).toMatch(/while read l/);
  });

  test('debug without a user runs beside the others', async () => {
    const kubectl = await open(version);
    await kubectl(['debug', 'web', '--image=busybox:1.36', `--container=alone-${id}`, '--', 'hostname']);
    await eventually(async () => (await logOf(kubectl, `alone-${id}`)) === 'web\n', {
      what: 'the word of the debugger',
    });
  });

  test('debug of a node shows its files, and nothing of what is protected', async () => {
    const kubectl = await open(version);
    const node = await kubectl(['get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}']);
    const script = `cat /host/etc/os-release; ls /host${target().dataDirectory} | wc -l`;
    const args = ['debug', `node/${node}`, '--image=busybox:1.36', '--', 'sh', '-c', script];
    const [pod = ''] = /node-debugger-\S+-[a-z0-9]{5}/.exec(await kubectl(args)) ?? [];
    await kubectl(['wait', '--for=jsonpath={.status.phase}=Succeeded', `pod/${pod}`, '--timeout=30s']);
    expect(await kubectl(['logs', pod])).toBe(`${readFileSync('/etc/os-release', 'utf8')}0\n`);
  });

  test('attach gives input to the process and shows what it says', async () => {
    const kubectl = await open(version);
    let attached: ChildProcess | undefined;
    let shown = '';
    const ended = kubectl.attempt(['attach', '-i', 'web', '-c', 'main'], {
      input: `from ${version}\n`,
      started(child) {
        attached = child;
        child.stdout?.on('data', (chunk: Buffer) => (shown += chunk.toString()));
      },
    });
    await eventually(() => shown.includes(`got from ${version}\n`), { what: 'what the process says' });
    // It goes on without its user, who must leave by himself.
    attached?.kill('SIGTERM');
    await ended;
  });

  test('run shows what the process says once, to its end, and how it ended', async () => {
    const kubectl = await open(version);
    const run = (name: string, flags: string[], script: string) =>
      kubectl.attempt(
        ['run', `${name}-${id}`, ...flags, '--rm', '--image=busybox:1.36', '--restart=Never', '--', 'sh', '-c', script],
        { input: '' },
      );
    const failing = await run('failing', ['--attach'], 'sleep 3; echo five; exit 3');
    expect(failing).toMatchObject({ code: 3, stdout: expect.stringMatching(/^five\n/) });
    expect(failing.stderr).not.toMatch(/couldn't attach/);
    // The input has ended before the process says anything.
    const onTerminal = await run('terminal', ['-it'], 'sleep 3; tty; echo late');
    expect(onTerminal).toMatchObject({ code: 0, stdout: expect.stringMatching(/\/dev\/(pts\/\d+|console)\r\nlate/) });
  });

  test('cp takes directories and binaries there and back', async () => {
    const kubectl = await open(version);
    const here = join(directory, id);
    mkdirSync(here);
    writeFileSync(join(here, 'text'), `나루 ${version}\n`);
    writeFileSync(join(here, 'binary'), Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7) % 256)));
    await kubectl(['cp', here, `web:/tmp/${id}`, '-c', 'side']);
    expect(await kubectl(['exec', 'web', '-c', 'side', '--', 'cat', `/tmp/${id}/text`])).toBe(`나루 ${version}\n`);
    const back = join(directory, `${id}-back`);
    await kubectl(['cp', `web:/tmp/${id}`, back, '-c', 'side']);
    for (const name of ['text', 'binary'])
      expect(readFileSync(join(back, name))).toEqual(readFileSync(join(here, name)));
  });

  test('logs of every form', async () => {
    const kubectl = await open(version);
    expect(await logOf(kubectl, 'side')).toBe('beside\n');
    expect((await logOf(kubectl, 'main')).split('\n').slice(0, 2).sort()).toEqual(['hello', 'oops']);
    expect(await kubectl(['logs', 'web', '--all-containers', '--prefix'])).toMatch(/^\[pod\/web\/side\] beside$/m);
    expect(await kubectl(['logs', 'web', '-c', 'side', '--limit-bytes=3'])).toBe('bes');
    expect(await kubectl(['logs', 'web', '-c', 'side', '--since=1h', '--timestamps'])).toMatch(/^\d{4}-.*Z beside\n$/);
    expect(await kubectl(['logs', 'web', '-c', 'side', '--since-time=2999-01-01T00:00:00Z'])).toBe('');
    const previous = await kubectl.attempt(['logs', 'web', '-c', 'side', '--previous']);
    expect(previous.stderr).toMatch(/previous terminated container "side" in pod "web" not found/);
  });
});

test('what hides a protected part of the host is never passed on to the host', async () => {
  const kubectl = await open('1.36');
  const input = `
apiVersion: v1
kind: Pod
metadata: {name: passing-on}
spec:
  terminationGracePeriodSeconds: 0
  containers:
  - name: main
    image: busybox:1.36
    command: ["sleep", "1000"]
    securityContext: {privileged: true}
    volumeMounts: [{name: host, mountPath: /host, mountPropagation: Bidirectional}]
  volumes: [{name: host, hostPath: {path: /}}]
`;
  await kubectl(['apply', '-f', '-'], { input });
  const waiting = () =>
    kubectl(['get', 'pod', 'passing-on', '-o', 'jsonpath={.status.containerStatuses[0].state.waiting}']);
  await eventually(async () => (await waiting()).includes('CreateContainerConfigError'), { what: 'the refusal' });
  expect(await waiting()).toMatch(/mountPropagation Bidirectional is refused: .*hides/);
});

const endOf = (kubectl: Kubectl, container: string) =>
  kubectl([
    ...['get', 'pod', 'web', '-o'],
    `jsonpath={.status.ephemeralContainerStatuses[?(@.name=="${container}")].state.terminated.exitCode}`,
  ]);
