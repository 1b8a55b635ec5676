/** Containers reach each other and the outside by address and by name, with the host's FORWARD policy at DROP. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { kubectlFor, type Kubectl } from '../../harness/kubectl.ts';
import { program } from '../../harness/run-program.ts';
import { target } from '../../harness/target.ts';
import { hostAddress } from '../../harness/test-host.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('network');
const [outside = '', ...outsideArgs] = (process.env['NARU_OUTSIDE'] ?? '').split(' ');
const fromOutside = (url: string) => program(outside, [...outsideArgs, 'curl', '-sS', '--max-time', '5', url]);

const workload = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: who}
spec:
  replicas: 2
  selector: {matchLabels: {app: who}}
  template:
    metadata: {labels: {app: who}}
    spec:
      terminationGracePeriodSeconds: 1
      containers:
      - name: web
        image: naru-hello:1
        imagePullPolicy: IfNotPresent
        readinessProbe: {httpGet: {path: /cgi-bin/index.cgi, port: 80}, periodSeconds: 1}
---
apiVersion: v1
kind: Service
metadata: {name: who}
spec:
  type: NodePort
  selector: {app: who}
  ports: [{port: 8080, targetPort: 80, nodePort: 31080}]
---
apiVersion: v1
kind: Service
metadata: {name: who-headless}
spec:
  clusterIP: None
  selector: {app: who}
  ports: [{port: 80, name: http}]
---
apiVersion: v1
kind: Service
metadata: {name: nobody}
spec:
  selector: {app: nobody}
  ports: [{port: 80}]
`;

let kubectl: Kubectl;
const inPod = async (...command: string[]) => kubectl(['exec', 'deployment/who', '--', ...command]);
/** By nc, because Debian's static busybox crashes where its wget looks a name up. */
const fetchIn = (pod: string, host: string, port: number) =>
  kubectl([
    'exec',
    pod,
    '--',
    'sh',
    '-c',
    `printf 'GET /cgi-bin/index.cgi HTTP/1.0\\r\\n\\r\\n' | nc -w 5 ${host} ${port}`,
  ]);
const answerer = (page: string) => /<code>([^<]+)<\/code>/.exec(page)?.[1] ?? '';

beforeAll(async () => {
  kubectl = await kubectlFor('1.36', target().kubeconfig, namespace);
  await program('iptables', ['-P', 'FORWARD', 'DROP']);
  await kubectl(['apply', '-f', '-'], { input: workload });
  await kubectl(['rollout', 'status', 'deployment/who', '--timeout=60s']);
});

describe('a Service', () => {
  test('answers from both replicas on the node port, from outside', async () => {
    const seen = new Set<string>();
    await eventually(
      async () => {
        seen.add(answerer(await fromOutside(`http://${hostAddress}:31080/cgi-bin/index.cgi`)));
        seen.delete('');
        return seen.size === 2;
      },
      { what: 'both replicas on the node port' },
    );
  });

  test('answers on the node port of 127.0.0.1', async () => {
    expect(
      answerer(await program('curl', ['-sS', '--max-time', '5', 'http://127.0.0.1:31080/cgi-bin/index.cgi'])),
    ).toMatch(/^who-/);
  });

  test('is reached by short, long and full name from a pod', async () => {
    for (const name of ['who', `who.${namespace}`, `who.${namespace}.svc.cluster.local`]) {
      expect([name, answerer(await fetchIn('deployment/who', name, 8080)).slice(0, 4)]).toEqual([name, 'who-']);
    }
  });

  test('is reached by each of its own pods through itself', async () => {
    const pods = (await kubectl(['get', 'pods', '-l', 'app=who', '-o', 'jsonpath={.items[*].metadata.name}'])).split(
      ' ',
    );
    for (const pod of pods) {
      const seen = new Set<string>();
      await eventually(
        async () => {
          seen.add(answerer(await fetchIn(pod, 'who', 8080)));
          return seen.has(pod);
        },
        { what: `${pod} reaching itself` },
      );
    }
  });

  test('without endpoints refuses at once', async () => {
    const { code } = await kubectl.attempt([
      'exec',
      'deployment/who',
      '--',
      'sh',
      '-c',
      'nc -w 5 nobody 80 </dev/null',
    ]);
    expect(code).not.toBe(0);
  });

  test('is reached from the host by its cluster address', async () => {
    const address = await kubectl(['get', 'svc', 'who', '-o', 'jsonpath={.spec.clusterIP}']);
    expect(
      answerer(await program('curl', ['-sS', '--max-time', '5', `http://${address}:8080/cgi-bin/index.cgi`])),
    ).toMatch(/^who-/);
  });

  test('headless names every pod', async () => {
    const text = await inPod('nslookup', `who-headless.${namespace}.svc.cluster.local`);
    const addresses = (
      await kubectl(['get', 'pods', '-l', 'app=who', '-o', 'jsonpath={.items[*].status.podIP}'])
    ).split(' ');
    for (const address of addresses) expect(text).toContain(address);
  });
});

test('a pod reaches the world outside', async () => {
  const { stdout } = await kubectl.attempt([
    'exec',
    'deployment/who',
    '--',
    'ping',
    '-c',
    '1',
    '-W',
    '3',
    '192.168.77.1',
  ]);
  expect(stdout).toMatch(/1 packets received/);
});
