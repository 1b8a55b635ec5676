/** The nginx Deployment and Service of the Kubernetes documentation on real containers, with each kubectl. */
import { get as httpGet } from 'node:http';
import { spawn } from 'node:child_process';
import { describe, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { kubectlBinary, kubectlFor, kubectlVersions } from '../../harness/kubectl.ts';
import { program } from '../../harness/run-program.ts';
import { freePort } from '../../harness/running-naru.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const manifest = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: nginx-deployment
  labels:
    app: nginx
spec:
  replicas: 2
  selector:
    matchLabels:
      app: nginx
  template:
    metadata:
      labels:
        app: nginx
    spec:
      containers:
      - name: nginx
        image: nginx:1.14.2
        ports:
        - containerPort: 80
---
apiVersion: v1
kind: Service
metadata:
  name: nginx
spec:
  selector:
    app: nginx
  ports:
  - port: 80
`;

/** The size arrives a moment after the shell has started. */
const terminalScript =
  'tty; n=0; until stty size 2>/dev/null | grep "33 99"; do n=$((n+1)); [ $n -lt 500 ] || exit 1; done';

const fetchText = (port: number) =>
  new Promise<string>((resolve, reject) => {
    httpGet({ host: '127.0.0.1', port, agent: false, timeout: 3000 }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve(text));
    }).on('error', reject);
  });

describe.each(kubectlVersions)('kubectl %s', (version) => {
  const namespace = testNamespace(`light-${version.replace('.', '-')}`);
  const open = () => kubectlFor(version, target().kubeconfig, namespace);

  test('apply and rollout status', async () => {
    const kubectl = await open();
    expect(await kubectl(['apply', '-f', '-'], { input: manifest })).toBe(
      'deployment.apps/nginx-deployment created\nservice/nginx created\n',
    );
    expect(await kubectl(['rollout', 'status', 'deployment/nginx-deployment', '--timeout=90s'])).toMatch(
      /successfully rolled out/,
    );
    expect(await kubectl(['get', 'nodes,pods,svc', '-A', '-o', 'wide'])).toMatch(
      /nginx-deployment-[a-z0-9]+-[a-z0-9]{5} +1\/1 +Running/,
    );
  });

  test('logs -f shows lines as they come', async () => {
    const kubectl = await open();
    await kubectl([
      'run',
      'ticking',
      '--image=busybox:1.36',
      '--restart=Never',
      '--',
      'sh',
      '-c',
      'for i in 1 2 3; do echo tick $i; sleep 1; done',
    ]);
    await kubectl(['wait', '--for=jsonpath={.status.phase}=Running', 'pod/ticking', '--timeout=60s']);
    expect(await kubectl(['logs', '-f', 'ticking'])).toBe('tick 1\ntick 2\ntick 3\n');
    expect(await kubectl(['logs', 'ticking', '--tail=1'])).toBe('tick 3\n');
    expect(await kubectl(['logs', 'ticking', '--timestamps', '--tail=1'])).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z tick 3\n$/,
    );
  });

  test('exec: output, exit code, standard input, a terminal', async () => {
    const kubectl = await open();
    const pod = 'deployment/nginx-deployment';
    expect(await kubectl(['exec', pod, '--', 'cat', '/etc/nginx/mime.types'])).toMatch(/text\/html/);
    expect((await kubectl.attempt(['exec', pod, '--', 'sh', '-c', 'exit 7'])).code).toBe(7);
    expect(await kubectl(['exec', '-i', pod, '--', 'cat'], { input: '나루\n' })).toBe('나루\n');
    const binary = await kubectlBinary(version);
    const command = `${binary} --kubeconfig ${target().kubeconfig} -n ${namespace} exec -it ${pod} -- sh -c '${terminalScript}'`;
    const onTerminal = await program('script', ['-qec', `stty rows 33 cols 99; ${command}`, '/dev/null']);
    expect(onTerminal).toMatch(/\/dev\/pts\/\d+/);
    expect(onTerminal).toMatch(/33 99/);
  });

  test('cp takes a file there and back', async () => {
    const kubectl = await open();
    const pod = (await kubectl(['get', 'pods', '-l', 'app=nginx', '-o', 'jsonpath={.items[0].metadata.name}'])).trim();
    await kubectl(['cp', import.meta.filename, `${pod}:/tmp/suite.ts`]);
    expect(await kubectl(['exec', pod, '--', 'wc', '-c', '/tmp/suite.ts'])).toMatch(/^\d{4,} /);
  });

  test('port-forward', async () => {
    const port = await freePort();
    const binary = await kubectlBinary(version);
    const forward = spawn(binary, [
      '--kubeconfig',
      target().kubeconfig,
      '-n',
      namespace,
      'port-forward',
      'deployment/nginx-deployment',
      `${port}:80`,
    ]);
    try {
      await eventually(async () => (await fetchText(port)).includes('Welcome to nginx!'), {
        what: 'the forwarded page',
      });
      const pages = await Promise.all(Array.from({ length: 20 }, () => fetchText(port)));
      expect(pages.filter((page) => page.includes('Welcome to nginx!'))).toHaveLength(20);
    } finally {
      forward.kill('SIGTERM');
    }
  });

  test('scale, set image, undo', async () => {
    const kubectl = await open();
    await kubectl(['scale', 'deployment/nginx-deployment', '--replicas=3']);
    await kubectl(['rollout', 'status', 'deployment/nginx-deployment', '--timeout=90s']);
    await kubectl(['set', 'image', 'deployment/nginx-deployment', 'nginx=nginx:1.16.1']);
    expect(await kubectl(['rollout', 'status', 'deployment/nginx-deployment', '--timeout=90s'])).toMatch(
      /successfully rolled out/,
    );
    const images = () =>
      kubectl(['get', 'pods', '-l', 'app=nginx', '-o', 'jsonpath={.items[*].spec.containers[0].image}']);
    await eventually(async () => (await images()) === 'nginx:1.16.1 nginx:1.16.1 nginx:1.16.1', {
      what: 'only new pods',
    });
    await kubectl(['rollout', 'undo', 'deployment/nginx-deployment']);
    expect(await kubectl(['rollout', 'status', 'deployment/nginx-deployment', '--timeout=90s'])).toMatch(
      /successfully rolled out/,
    );
  });

  test('describe tells the pod’s story', async () => {
    const kubectl = await open();
    // Of several objects kubectl shows no events.
    const [pod = ''] = (await kubectl(['get', 'pods', '-l', 'app=nginx', '-o', 'name'])).split('\n');
    const text = await kubectl(['describe', pod]);
    expect(text).toMatch(/Successfully assigned/);
    expect(text).toMatch(/Container started/);
  });

  test('delete leaves nothing', async () => {
    const kubectl = await open();
    await kubectl(['delete', '-f', '-'], { input: manifest });
    await kubectl(['delete', 'pod', 'ticking', '--now']);
    await eventually(async () => (await kubectl(['get', 'pods', '-o', 'name'])) === '', {
      seconds: 60,
      what: 'no pods',
    });
  });
});
