/** A second cluster on the same host and engine: both serve, and `down` of one leaves nothing of it and all of the other. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { kubectlFor, type Kubectl } from '../../harness/kubectl.ts';
import { program } from '../../harness/run-program.ts';
import { startNaru, type RunningNaru } from '../../harness/running-naru.ts';
import { target } from '../../harness/target.ts';
import { hostAddress } from '../../harness/test-host.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('two');
const repository = join(import.meta.dirname, '../../../..');
const directory = mkdtempSync(join(tmpdir(), 'naru-second-'));
const dataDirectory = join(directory, 'data');
const [outside = '', ...outsideArgs] = (process.env['NARU_OUTSIDE'] ?? '').split(' ');

const workload = (nodePort: number) => `
apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  terminationGracePeriodSeconds: 1
  containers:
  - name: web
    image: naru-hello:1
    imagePullPolicy: IfNotPresent
    readinessProbe: {tcpSocket: {port: 80}, periodSeconds: 1, timeoutSeconds: 5}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {type: NodePort, selector: {app: web}, ports: [{port: 80, nodePort: ${nodePort}}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: web}
spec: {podSelector: {}, ingress: [{ports: [{port: 80}]}]}
`;

let first: Kubectl;
let second: Kubectl;
let naru: RunningNaru | undefined;
let before: Record<string, string[]>;

/** What stands on the host, in words that do not change by themselves. */
async function standing(): Promise<Record<string, string[]>> {
  const lines = async (pattern: RegExp, command: string, ...args: string[]) =>
    [...(await program(command, args)).matchAll(pattern)].map(([, text]) => text!.trim()).sort();
  return {
    tables: await lines(/^table (.*)$/gm, 'nft', 'list', 'tables'),
    interfaces: await lines(/^\d+: ([^:@]+)/gm, 'ip', '-o', 'link', 'show'),
    addresses: await lines(/inet (\S+)/g, 'ip', '-o', '-4', 'address', 'show'),
    routes: await lines(/^(.*)$/gm, 'ip', 'route', 'show'),
    rules: await lines(/^(-.*)$/gm, 'iptables', '-S'),
    containers: await lines(/^(.*)$/gm, 'docker', 'ps', '-a', '--no-trunc', '--format', '{{.ID}} {{.Names}}'),
  };
}

const serves = (nodePort: number) =>
  eventually(
    async () => {
      const url = `http://${hostAddress}:${nodePort}/cgi-bin/index.cgi`;
      const page = await program(outside, [...outsideArgs, 'curl', '-sS', '--max-time', '2', url]);
      return page.includes('<code>web');
    },
    { what: `node port ${nodePort}` },
  );

beforeAll(async () => {
  first = await kubectlFor('1.36', target().kubeconfig, namespace);
  await first(['apply', '-f', '-'], { input: workload(31085) });
  await first(['wait', '--for=condition=Ready', 'pod/web', '--timeout=60s']);
  // Suites before this one may still be taking their pods away.
  before = await eventually(
    async () => {
      const now = await standing();
      return (now['containers'] ?? []).every((line) => !line || line.includes(namespace)) && now;
    },
    { seconds: 60, what: 'the end of the pods of other suites' },
  );
  const socket = (process.env['DOCKER_HOST'] ?? '').replace('unix://', '');
  const flags = [
    ...['--docker-socket', socket, '--no-install', '--no-dashboard', '--node-name', 'second'],
    ...['--kubelet-port', '10260', '--pod-cidr', '10.245.0.0/16', '--service-cidr', '10.97.0.0/16'],
  ];
  naru = await startNaru({ repository, dataDirectory, flags, port: 7443 });
  second = await kubectlFor('1.36', naru.kubeconfig, 'default');
  await second(['apply', '-f', '-'], { input: workload(31086) });
  await second(['wait', '--for=condition=Ready', 'pod/web', '--timeout=60s']);
});

afterAll(async () => {
  await naru?.stop();
  await program(join(repository, 'naru'), ['down', '--data-dir', dataDirectory]);
  rmSync(directory, { recursive: true, force: true });
});

test('both serve, each with its own ranges', async () => {
  await serves(31085);
  await serves(31086);
  expect(await second(['get', 'pod', 'web', '-o', 'jsonpath={.status.podIP}'])).toMatch(/^10\.245\./);
  expect(await second(['get', 'service', 'kubernetes', '-o', 'jsonpath={.spec.clusterIP}'])).toBe('10.97.0.1');
  const lookup = ['exec', 'web', '--', 'nslookup', 'web.default.svc.cluster.local'];
  expect(await second(lookup)).toMatch(/Server:\s+10\.97\.0\.10/);
  // Else the next test would show nothing.
  const here = await standing();
  for (const [kind, lines] of Object.entries(here)) expect([kind, lines]).not.toEqual([kind, before[kind]]);
});

test('down of the second leaves nothing of it, and the first as it was', async () => {
  await program(join(repository, 'naru'), ['down', '--data-dir', dataDirectory]);
  naru = undefined;
  expect(await standing()).toEqual(before);
  await serves(31085);
  expect(await first(['get', 'pod', 'web', '-o', 'jsonpath={.status.containerStatuses[0].restartCount}'])).toBe('0');
});
