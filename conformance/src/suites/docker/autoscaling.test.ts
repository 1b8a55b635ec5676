/** Load takes replicas up and its end takes them down; what is told of the load agrees with the control groups. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from '@jest/globals';
import { create, get } from '../../harness/objects.ts';
import { eventually } from '../../harness/eventually.ts';
import { kubectlFor, kubectlVersions, type Kubectl } from '../../harness/kubectl.ts';
import { program } from '../../harness/run-program.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('autoscaling');
const apps = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const autoscalers = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
const podMetrics = `/apis/metrics.k8s.io/v1beta1/namespaces/${namespace}/pods`;
let kubectl: Kubectl;

interface Deployment {
  spec: { replicas: number };
}

interface Autoscaler {
  status: {
    currentReplicas?: number;
    currentMetrics?: { resource?: { current: { averageUtilization?: number } } }[];
    conditions?: { type: string; status: string; reason: string; message: string }[];
  };
}

interface PodMetrics {
  metadata: { name: string };
  timestamp: string;
  window: string;
  containers: { name: string; usage: { cpu: string; memory: string } }[];
}

/** Works as much as its limit of a tenth of a core lets it, until it finds /tmp/idle. */
const work =
  'while :; do if [ -e /tmp/idle ]; then sleep 2; else i=0; while [ $i -lt 2000 ]; do i=$((i+1)); done; fi; done';

const deployment = (name: string, request: string) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: name } },
    template: {
      metadata: { labels: { app: name } },
      spec: {
        terminationGracePeriodSeconds: 0,
        containers: [
          {
            ...{ name: 'main', image: 'busybox:1.36', command: ['sh', '-c', work] },
            resources: { requests: { cpu: request }, limits: { cpu: '100m' } },
          },
        ],
      },
    },
  },
});

const autoscaler = (name: string, maxReplicas: number, averageUtilization: number) => ({
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name },
    ...{ minReplicas: 1, maxReplicas },
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } }],
    behavior: { scaleDown: { stabilizationWindowSeconds: 0 } },
  },
});

const replicasOf = async (name: string) => (await get<Deployment>(`${apps}/${name}`)).spec.replicas;

/** `greedy` asks for a third of the machine at a time: two fit beside what is there, five are wished for. */
beforeAll(async () => {
  kubectl = await kubectlFor('1.36', target().kubeconfig, namespace);
  const nodes = await get<{ items: { status: { allocatable: { cpu: string } } }[] }>('/api/v1/nodes');
  const cores = Number(nodes.items[0]?.status.allocatable.cpu);
  await create(apps, deployment('busy', '50m'));
  // Of 50m: on a busy machine a third of the limit is enough to want four.
  await create(autoscalers, autoscaler('busy', 4, 20));
  const greedy = deployment('greedy', `${Math.floor(cores * 400)}m`);
  greedy.spec.template.spec.containers[0]!.resources.limits.cpu = `${Math.floor(cores * 400)}m`;
  greedy.spec.template.spec.containers[0]!.command[2] = 'while :; do sleep 0.01; done';
  await create(apps, greedy);
});

test('a new pod is measured within 30 seconds, and kubectl top tells it in every version', async () => {
  await kubectl(['rollout', 'status', 'deployment/busy', '--timeout=60s']);
  await eventually(async () => (await get<{ items: PodMetrics[] }>(podMetrics)).items.length > 0, { seconds: 30 });
  await eventually(async () => (await kubectl(['top', 'node', '--no-headers'])) !== '', { seconds: 30 });
  for (const version of kubectlVersions) {
    const top = await kubectlFor(version, target().kubeconfig, namespace);
    expect(await top(['top', 'node', '--no-headers'])).toMatch(/^\S+ +\d+m +\d+% +\d+Mi +\d+% *\n$/);
    expect(await top(['top', 'pod', '-l', 'app=busy', '--no-headers'])).toMatch(/^busy-\S+ +\d+m +\d+Mi/);
    expect(await top(['top', 'pod', '-l', 'app=busy', '--containers', '--no-headers'])).toMatch(
      /^busy-\S+ +main +\d+m +\d+Mi/,
    );
  }
});

/** Nanoseconds of processor time and bytes of the working set, of the one container of the pod. */
async function controlGroup(pod: string): Promise<{ cpu: number; memory: number; at: number }> {
  const status = await get<{ status: { containerStatuses: { containerID: string }[] } }>(
    `/api/v1/namespaces/${namespace}/pods/${pod}`,
  );
  const id = status.status.containerStatuses[0]!.containerID.replace('docker://', '');
  const pid = (await program('docker', ['inspect', '-f', '{{.State.Pid}}', id])).trim();
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
  const read = (file: string) => readFileSync(file, 'utf8');
  const inactive = (stat: string, field: string) => Number(new RegExp(`^${field} (\\d+)$`, 'm').exec(stat)?.[1]);
  const pathOf = (name: string) => lines.find((line) => line.split(':')[1]?.split(',').includes(name))?.split(':')[2];
  const [cpu, memory] = [pathOf('cpuacct'), pathOf('memory')];
  if (cpu !== undefined && memory !== undefined) {
    const usage = Number(read(`/sys/fs/cgroup/memory${memory}/memory.usage_in_bytes`));
    return {
      cpu: Number(read(`/sys/fs/cgroup/cpuacct${cpu}/cpuacct.usage`)),
      memory: usage - inactive(read(`/sys/fs/cgroup/memory${memory}/memory.stat`), 'total_inactive_file'),
      at: Date.now(),
    };
  }
  const unified = `/sys/fs/cgroup${lines.find((line) => line.startsWith('0::'))?.slice(3)}`;
  return {
    cpu: inactive(read(`${unified}/cpu.stat`), 'usage_usec') * 1000,
    memory: Number(read(`${unified}/memory.current`)) - inactive(read(`${unified}/memory.stat`), 'inactive_file'),
    at: Date.now(),
  };
}

test('what is told agrees with the control group over the same time', async () => {
  const [pod] = (await get<{ items: PodMetrics[] }>(podMetrics)).items.filter(({ metadata }) =>
    metadata.name.startsWith('busy-'),
  );
  const name = pod!.metadata.name;
  const seen = () => get<PodMetrics>(`${podMetrics}/${name}`);
  /** Waits for a look that begins after now, and reads the control group as soon as it is known. */
  const nextLook = async (after: string) => {
    const metrics = await eventually(async () => {
      const now = await seen();
      if (now.timestamp === after) throw new Error(`not looked at since ${after}`);
      return now;
    });
    return { metrics, group: await controlGroup(name) };
  };
  const first = await nextLook((await seen()).timestamp);
  const second = await nextLook(first.metrics.timestamp);
  const cores = (second.group.cpu - first.group.cpu) / ((second.group.at - first.group.at) * 1e6);
  const { cpu, memory } = second.metrics.containers[0]!.usage;
  const told = cpu.endsWith('n') ? Number(cpu.slice(0, -1)) / 1e9 : Number(cpu.replace('m', '')) / 1000;
  expect(Math.abs(told - cores)).toBeLessThan(0.2 * cores);
  const bytes = Number(memory.replace('Ki', '')) * 1024;
  expect(Math.abs(bytes - second.group.memory)).toBeLessThan(1024 * 1024);
});

test('load takes replicas from 1 to 4, and the autoscaler tells what kubectl top tells', async () => {
  await eventually(async () => (await replicasOf('busy')) === 4, { seconds: 90 });
  await kubectl(['rollout', 'status', 'deployment/busy', '--timeout=60s']);
  await eventually(
    async () => {
      const { status } = await get<Autoscaler>(`${autoscalers}/busy`);
      const told = status.currentMetrics?.[0]?.resource?.current.averageUtilization ?? 0;
      const top = await kubectl(['top', 'pod', '-l', 'app=busy', '--no-headers']);
      const used = top
        .trim()
        .split('\n')
        .map((line) => Number(/ (\d+)m /.exec(line)?.[1]));
      if (used.length !== 4 || status.currentReplicas !== 4) return false;
      const utilization = (100 * used.reduce((sum, one) => sum + one, 0)) / (4 * 50);
      expect(Math.abs(told - utilization)).toBeLessThan(0.3 * utilization);
      expect(await kubectl(['get', 'hpa', 'busy', '--no-headers'])).toMatch(
        /^busy +Deployment\/busy +cpu: \d+%\/20% +1 +4 +4 /,
      );
      return true;
    },
    { seconds: 60, what: 'agreement of the autoscaler and kubectl top' },
  );
});

test('an autoscaler that wants more than fits asks for what fits, and says so', async () => {
  await kubectl(['rollout', 'status', 'deployment/greedy', '--timeout=60s']);
  await create(autoscalers, autoscaler('greedy', 5, 1));
  const limited = await eventually(
    async () => {
      const { status } = await get<Autoscaler>(`${autoscalers}/greedy`);
      const found = status.conditions?.find(({ reason }) => reason === 'NotEnoughResources');
      if (!found) throw new Error(JSON.stringify(status));
      return found;
    },
    { seconds: 60 },
  );
  expect(limited).toMatchObject({ type: 'ScalingLimited', status: 'True' });
  expect(limited.message).toMatch(
    /^the desired replica count is [345], but the nodes have room for 2: 1 Insufficient cpu$/,
  );
  expect(await replicasOf('greedy')).toBe(2);
  const pods = await kubectl(['get', 'pods', '-l', 'app=greedy', '--no-headers']);
  expect(
    pods
      .trim()
      .split('\n')
      .filter((line) => line.includes('Pending')),
  ).toEqual([]);
  expect(await kubectl(['get', 'events', '--field-selector', 'reason=NotEnoughResources', '--no-headers'])).toContain(
    'but the nodes have room for 2',
  );
});

test('without load one is left', async () => {
  const pods = (await kubectl(['get', 'pods', '-l', 'app=busy', '-o', 'name'])).trim().split('\n');
  await Promise.all(pods.map((pod) => kubectl(['exec', pod, '--', 'touch', '/tmp/idle'])));
  await eventually(async () => (await replicasOf('busy')) === 1, { seconds: 60 });
  expect(await kubectl(['get', 'events', '--field-selector', 'reason=SuccessfulRescale', '--no-headers'])).toContain(
    'New size: 1; reason: All metrics below target',
  );
});

test('what was used is remembered', async () => {
  const path = `/apis/naru.dev/v1/namespaces/${namespace}/podusages?labelSelector=app%3Dbusy`;
  const { items } = await get<{ items: { cpu: (number | null)[]; stepSeconds: number }[] }>(path);
  // Of the four that there were, three are gone.
  expect(items.length).toBeGreaterThanOrEqual(4);
  for (const { cpu, stepSeconds } of items) {
    expect(stepSeconds).toBe(15);
    expect(cpu.some((value) => value !== null && value > 0.01)).toBe(true);
  }
});
