/** What a Service costs between two pods of one node, and how soon a change of one among 5,000 is in force. Needs Docker. */
import { create, patch, readyAddress, remove } from '../../harness/objects.ts';
import { peerContainer, tell } from '../../harness/peer/peers.ts';
import type { Measure } from '../row.ts';

const namespace = 'bench-network';
const core = `/api/v1/namespaces/${namespace}`;
const slices = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`;
const services = 5000;
const rounds = 6;
const changes = 30;

interface Service {
  spec: { clusterIP: string };
}

const peer = async (name: string): Promise<string> => {
  const listen = [{ protocol: 'TCP', port: 80 }] as const;
  await create(`${core}/pods`, {
    metadata: { name, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [
        {
          ...{ name: 'peer', ...peerContainer({ name, listen, drain: 5001 }) },
          readinessProbe: { tcpSocket: { port: 80 }, periodSeconds: 1 },
        },
      ],
    },
  });
  return readyAddress(namespace, name);
};

const service = async (name: string, address: string | undefined): Promise<string> => {
  const ports = [80, 5001].map((port) => ({ name: `p${port}`, port, protocol: 'TCP' }));
  const { spec } = await create<Service>(`${core}/services`, { metadata: { name }, spec: { ports } });
  await create(slices, {
    metadata: { name, labels: { 'kubernetes.io/service-name': name } },
    ...{ addressType: 'IPv4', ports, endpoints: address ? [{ addresses: [address] }] : [] },
  });
  return spec.clusterIP;
};

/** On the Docker runtime, from inside the host's network. */
export async function serviceNetwork(): Promise<Measure[]> {
  await create('/api/v1/namespaces', { metadata: { name: namespace } });
  try {
    const [client, server] = [await peer('client'), await peer('server')];
    return [await hop(client, server), await programming(client, server)];
  } finally {
    await remove(`/api/v1/namespaces/${namespace}`);
  }
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;

async function hop(client: string, server: string): Promise<Measure> {
  const address = await service('hop', server);
  await tell(client, 'answeredAt', { protocol: 'TCP', host: address, port: 80, timeout: 500 });
  const speeds = { direct: [] as number[], hop: [] as number[] };
  // In turns, so that both meet the same machine.
  for (let round = 0; round < rounds; round++) {
    for (const [way, host] of [
      ['direct', server],
      ['hop', address],
    ] as const)
      speeds[way].push((await tell<number>(client, 'pump', { host, port: 5001, seconds: 1 })) / 1e6);
  }
  const [value, direct] = [median(speeds.hop), median(speeds.direct)];
  return {
    what: 'pod to pod through ClusterIP',
    ...{ value, unit: 'MB/s', yardstick: { what: 'pod to pod', value: direct } },
    ...{ goal: '≥ 95 % of direct', met: value >= 0.95 * direct },
  };
}

async function programming(client: string, server: string): Promise<Measure> {
  let next = 0;
  const one = async () => {
    while (next < services) await service(`other-${next++}`, server);
  };
  await Promise.all(Array.from({ length: 128 }, one));
  const address = await service('changing', undefined);
  const question = { protocol: 'TCP', host: address, port: 80, timeout: 1000 };
  const times: number[] = [];
  for (let change = 0; change < changes; change++) {
    const answered = tell<number>(client, 'answeredAt', question);
    await patch(`${slices}/changing`, { endpoints: [{ addresses: [server] }] });
    const written = Date.now();
    times.push(Math.max(0, (await answered) - written));
    await patch(`${slices}/changing`, { endpoints: [] });
    await refused(client, question);
  }
  const value = median(times);
  return {
    what: `a changed endpoint in force, ${services} services`,
    ...{ value, unit: 'ms', goal: '≤ 50 ms', met: value <= 50 },
  };
}

async function refused(client: string, question: object): Promise<void> {
  for (;;) {
    const [answer] = await tell<string[]>(client, 'ask', [question]);
    if (answer === 'ECONNREFUSED') return;
  }
}
