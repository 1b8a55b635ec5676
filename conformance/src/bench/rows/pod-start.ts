/** From `kubectl run` to Ready, a Deployment from 1 to 51, and its rolling update, beside what the engine alone needs. Needs Docker. */
import { kubectlFor, type Kubectl } from '../../harness/kubectl.ts';
import { create, patch, remove } from '../../harness/objects.ts';
import { target } from '../../harness/target.ts';
import { removeRawPods, startRawPods } from '../raw-pods.ts';
import type { Measure } from '../row.ts';
import { watch } from '../watched.ts';

const namespace = 'bench-pods';
const pods = `/api/v1/namespaces/${namespace}/pods`;
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const rounds = 10;
const many = 51;
const container = {
  image: 'busybox:1.36',
  command: ['sh', '-c', 'trap "exit 0" TERM; sleep 1000000 & wait'],
};

interface Pod {
  status: { conditions?: { type: string; status: string }[] };
}

interface Deployment {
  metadata: { generation: number };
  status: Partial<Record<'observedGeneration' | 'replicas' | 'updatedReplicas' | 'readyReplicas', number>>;
}

/** On the Docker runtime, from inside the host's network. */
export async function podStart(): Promise<Measure[]> {
  await create('/api/v1/namespaces', { metadata: { name: namespace } });
  try {
    const kubectl = await kubectlFor('1.36', target().kubeconfig, namespace);
    return [await oneByOne(kubectl), ...(await manyAtOnce())];
  } finally {
    await remove(`/api/v1/namespaces/${namespace}`);
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

async function oneByOne(kubectl: Kubectl): Promise<Measure> {
  const times = { naru: [] as number[], raw: [] as number[] };
  // The first brings the images of the sandbox and of kubectl's discovery, and is not counted.
  for (let round = 0; round <= rounds; round++) {
    const naru = await runOne(kubectl, `run-${round}`);
    let ids: string[] = [];
    const raw = await seconds(async () => (ids = await startRawPods(1, container)));
    await removeRawPods(ids);
    if (round === 0) continue;
    times.naru.push(naru * 1000);
    times.raw.push(raw * 1000);
  }
  const value = median(times.naru);
  return {
    what: '`kubectl run` to Ready, image present',
    ...{ value, unit: 'ms', yardstick: { what: "the engine's calls alone", value: median(times.raw) } },
    ...{ goal: '≤ 590 ms', met: value <= 590 },
  };
}

async function runOne(kubectl: Kubectl, name: string): Promise<number> {
  const ready = watch<Pod>(`${pods}?fieldSelector=metadata.name%3D${name}`, isReady);
  await ready.begun;
  const time = await seconds(async () => {
    await kubectl(['run', name, `--image=${container.image}`, '--command', '--', ...container.command]);
    await ready.met;
  });
  await remove(`${pods}/${name}`);
  return time;
}

const isReady = ({ status }: Pod) =>
  status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

async function manyAtOnce(): Promise<Measure[]> {
  const raw = await rawTime();
  await settled(1, 1, () => create(deployments, deployment()));
  const path = `${deployments}/many`;
  const scaling = await settled(2, many, () => patch(path, { spec: { replicas: many } }));
  const annotations = { round: '2' };
  const update = await settled(3, many, () => patch(path, { spec: { template: { metadata: { annotations } } } }));
  const yardstick = { what: `the engine's calls for ${many - 1} pods`, value: raw };
  return [
    {
      what: `a Deployment from 1 to ${many}`,
      ...{ value: scaling, unit: 's', yardstick },
      ...{ goal: '≤ 9.5 s, ≤ 115 % of the calls', met: scaling <= 9.5 && scaling <= 1.15 * raw },
    },
    { what: `rolling update of the ${many}`, value: update, unit: 's', yardstick, goal: '≤ 12 s', met: update <= 12 },
  ];
}

async function rawTime(): Promise<number> {
  let ids: string[] = [];
  const time = await seconds(async () => (ids = await startRawPods(many - 1, container)));
  await removeRawPods(ids);
  return time;
}

const deployment = () => ({
  metadata: { name: 'many' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'many' } },
    template: { metadata: { labels: { app: 'many' } }, spec: { containers: [{ name: 'c', ...container }] } },
  },
});

/** Seconds until the Deployment is as this generation of it was asked to be, with so many pods, none of them old. */
async function settled(generation: number, replicas: number, ask: () => Promise<unknown>): Promise<number> {
  const done = watch<Deployment>(deployments, ({ metadata, status }) => {
    const { observedGeneration, updatedReplicas = 0, readyReplicas = 0 } = status;
    const counts = [status.replicas ?? 0, updatedReplicas, readyReplicas];
    const isSeen = metadata.generation === generation && observedGeneration === generation;
    return isSeen && counts.every((count) => count === replicas);
  });
  await done.begun;
  return seconds(async () => {
    await ask();
    await done.met;
  });
}
