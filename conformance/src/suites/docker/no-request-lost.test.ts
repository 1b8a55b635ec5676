/** 200 requests a second, each on a connection of its own, while the pods behind a Service are replaced: none is lost. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { kubectlFor, type Kubectl } from '../../harness/kubectl.ts';
import { create, get, patch, readyAddress } from '../../harness/objects.ts';
import { peerContainer, startOutsidePeer, tell, type LoadResult } from '../../harness/peer/peers.ts';
import { target } from '../../harness/target.ts';
import { hostAddress, outsideAddress } from '../../harness/test-host.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('load');
const core = `/api/v1/namespaces/${namespace}`;
const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
const perSecond = 100; // from the pod, and as many from outside

// As well-behaved servers do it: ready when it answers, and still there for a moment after its end was announced.
const web = {
  metadata: { name: 'web' },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        automountServiceAccountToken: false,
        // The one node takes the drained pods' successors though it is cordoned.
        tolerations: [{ key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' }],
        containers: [
          {
            name: 'web',
            ...peerContainer({ web: 80 }),
            // Patient, so that a busy machine does not make all of them unready at once.
            readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1, timeoutSeconds: 20 },
            lifecycle: { preStop: { sleep: { seconds: 2 } } },
          },
        ],
      },
    },
  },
};

interface Deployment {
  metadata: { generation: number };
  status: { observedGeneration?: number; updatedReplicas?: number; replicas?: number; availableReplicas?: number };
}

let kubectl: Kubectl;
let client = '';
let service: { spec: { clusterIP: string; ports: { nodePort: number }[] } };
let endOutside: () => Promise<void>;

const webPods = async (): Promise<string[]> =>
  (await get<{ items: { metadata: { name: string } }[] }>(`${core}/pods?labelSelector=app%3Dweb`)).items.map(
    ({ metadata }) => metadata.name,
  );

/** Every replica is new and ready, and no old pod is left. */
const rolledOut = () =>
  eventually(
    async () => {
      const { metadata, status } = await get<Deployment>(`${deployments}/web`);
      const isNew = status.observedGeneration === metadata.generation && status.updatedReplicas === 3;
      return isNew && status.availableReplicas === 3 && status.replicas === 3 && (await webPods()).length === 3;
    },
    { seconds: 90, what: 'the rollout' },
  );

beforeAll(async () => {
  kubectl = await kubectlFor('1.36', target().kubeconfig, namespace);
  endOutside = await startOutsidePeer(outsideAddress, { name: 'outside' });
  await create(deployments, web);
  const spec = { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80 }] };
  service = await create(`${core}/services`, { metadata: { name: 'web' }, spec });
  await create(`/apis/policy/v1/namespaces/${namespace}/poddisruptionbudgets`, {
    metadata: { name: 'web' },
    spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } },
  });
  await create(`${core}/pods`, {
    metadata: { name: 'client' },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          name: 'client',
          ...peerContainer({}),
          readinessProbe: { tcpSocket: { port: 9999 }, periodSeconds: 1 },
        },
      ],
    },
  });
  client = await readyAddress(namespace, 'client');
  await rolledOut();
});

afterAll(async () => {
  await endOutside();
});

/** What came of the requests that were sent while `work` was done, and a second before. */
async function underLoad(work: () => Promise<void>): Promise<LoadResult[]> {
  const inside = { host: service.spec.clusterIP, port: 80, perSecond };
  const outside = { host: hostAddress, port: service.spec.ports[0]!.nodePort, perSecond };
  await tell(client, 'startLoad', inside);
  await tell(outsideAddress, 'startLoad', outside);
  const results = () => Promise.all([client, outsideAddress].map((address) => tell<LoadResult>(address, 'load')));
  try {
    await eventually(async () => (await results()).every(({ answered }) => answered > perSecond), { what: 'the load' });
    await work();
  } finally {
    await Promise.all([client, outsideAddress].map((address) => tell(address, 'stopLoad')));
  }
  await eventually(
    async () => (await results()).every(({ sent, answered, failed }) => answered + failed.length === sent),
    {
      what: 'the last answers',
    },
  );
  return results();
}

function expectNoneLost(results: readonly LoadResult[], pods: readonly string[]): void {
  for (const { failed, by } of results) {
    expect(failed).toEqual([]);
    // Or nothing would have been shown: old and new pods had their share.
    for (const pod of pods) expect(by[pod]).toBeGreaterThan(0);
  }
}

test('a rolling update loses no request', async () => {
  const before = await webPods();
  const results = await underLoad(async () => {
    await patch(`${deployments}/web`, { spec: { template: { metadata: { annotations: { turn: '2' } } } } });
    await rolledOut();
  });
  const after = await webPods();
  expect(after.filter((pod) => before.includes(pod))).toEqual([]);
  expectNoneLost(results, [...before, ...after]);
});

test('kubectl drain loses no request', async () => {
  const before = await webPods();
  const [node = ''] = (await kubectl(['get', 'nodes', '-o', 'jsonpath={.items[*].metadata.name}'])).split(' ');
  try {
    const results = await underLoad(async () => {
      await kubectl(['drain', node, '--pod-selector=app=web', '--ignore-daemonsets', '--timeout=90s'], {
        seconds: 100,
      });
      await rolledOut();
    });
    const after = await webPods();
    expect(after.filter((pod) => before.includes(pod))).toEqual([]);
    expectNoneLost(results, [...before, ...after]);
  } finally {
    await kubectl(['uncordon', node]);
  }
});
