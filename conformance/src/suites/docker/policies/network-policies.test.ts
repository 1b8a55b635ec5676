/** NetworkPolicies, judged by real connections between real containers: a truth table, and what must hold while agent or server are away. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { V1NetworkPolicy } from '@kubernetes/client-node';
import { eventually } from '../../../harness/eventually.ts';
import { controlPort, peerContainer, startOutsidePeer, tell, ask, type Question } from '../../../harness/peer/peers.ts';
import { programsOf } from '../../../harness/processes.ts';
import { program } from '../../../harness/run-program.ts';
import { create, patch, readyAddress, remove } from '../../../harness/objects.ts';
import { target } from '../../../harness/target.ts';
import { hostAddress, outsideAddress } from '../../../harness/test-host.ts';
import { testNamespace } from '../../../harness/test-namespace.ts';
import { onTheWire, policySets, type World } from './cases.ts';
import { allows, type Attempt, type End } from './oracle.ts';

const x = testNamespace('policies-x');
const y = testNamespace('policies-y');
const teams = { [x]: 'red', [y]: 'blue' };
const secondOutside = '192.168.77.9';
const outside = (process.env['NARU_OUTSIDE'] ?? '').split(' ');
const onOutside = (...command: string[]) => program(outside[0]!, [...outside.slice(1), ...command]);

const ports = [
  { protocol: 'TCP', port: 80 },
  { protocol: 'TCP', port: 81 },
  { protocol: 'TCP', port: 95 },
  { protocol: 'UDP', port: 80 },
] as const;
/** Milliseconds that a connection is given which must not come about, and one that must, on a busy machine. */
const patience = { closed: 1000, open: 3000 };

interface PodPlan {
  namespace: string;
  name: string;
  labels: Record<string, string>;
  web: number;
}

const plans: PodPlan[] = [
  { namespace: x, name: 'a', labels: { pod: 'a', tier: 'front' }, web: 80 },
  { namespace: x, name: 'b', labels: { pod: 'b', tier: 'back' }, web: 81 },
  { namespace: x, name: 'c', labels: { pod: 'c' }, web: 80 },
  { namespace: y, name: 'a', labels: { pod: 'a', tier: 'front' }, web: 81 },
  { namespace: y, name: 'b', labels: { pod: 'b' }, web: 80 },
];

const namedPorts = (web: number) =>
  [
    { name: 'web', protocol: 'TCP', port: web },
    { name: 'datagrams', protocol: 'UDP', port: 80 },
  ] as const;

const idOf = ({ namespace, name }: { namespace: string; name: string }) => `${namespace === x ? 'x' : 'y'}/${name}`;

const podObject = ({ namespace, name, labels, web }: PodPlan, first: readonly Question[] = []) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace, name, labels },
  spec: {
    terminationGracePeriodSeconds: 0,
    automountServiceAccountToken: false,
    containers: [
      {
        name: 'peer',
        ...peerContainer({ name: idOf({ namespace, name }), listen: ports, first }),
        ports: namedPorts(web).map(({ port, ...rest }) => ({ ...rest, containerPort: port })),
        readinessProbe: { tcpSocket: { port: controlPort }, periodSeconds: 1 },
      },
    ],
  },
});

const createPod = (plan: PodPlan, first?: readonly Question[]) =>
  create(`/api/v1/namespaces/${plan.namespace}/pods`, podObject(plan, first));

const policiesOf = (namespace: string) => `/apis/networking.k8s.io/v1/namespaces/${namespace}/networkpolicies`;

async function setPolicies(policies: readonly V1NetworkPolicy[]): Promise<void> {
  for (const namespace of [x, y]) await remove(policiesOf(namespace));
  for (const policy of policies) await create(policiesOf(policy.metadata!.namespace!), onTheWire(policy));
}

const ends: End[] = [
  { id: 'outside', address: outsideAddress },
  { id: 'outside, second address', address: secondOutside },
];
const end = (id: string): End => ends.find((one) => one.id === id)!;
const world: World = { x, y, addressOf: (id) => end(id).address };
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  for (const [name, team] of Object.entries(teams)) {
    await patch(`/api/v1/namespaces/${name}`, { metadata: { labels: { team } } });
  }
  await Promise.all(plans.map((plan) => createPod(plan)));
  for (const plan of plans) {
    const { namespace, labels, web } = plan;
    const team = { team: teams[namespace]!, 'kubernetes.io/metadata.name': namespace };
    const address = await readyAddress(plan.namespace, plan.name);
    ends.push({ id: idOf(plan), address, namespace, namespaceLabels: team, labels, namedPorts: namedPorts(web) });
  }
  const link = (await onOutside('ip', '-o', '-4', 'addr', 'show')).match(/: (\S+) +inet 192\.168\.77\.1\//)![1]!;
  await onOutside('ip', 'address', 'replace', `${secondOutside}/24`, 'dev', link);
  await onOutside('ip', 'route', 'replace', '10.244.0.0/16', 'via', hostAddress);
  // A socket for each address, since one for all answers datagrams from the first.
  const listen = [outsideAddress, secondOutside].flatMap((address) => ports.map((port) => ({ ...port, address })));
  closing.push(await startOutsidePeer(outsideAddress, { name: 'outside', listen }));
  closing.push(async () => {
    await onOutside('ip', 'route', 'del', '10.244.0.0/16');
    await onOutside('ip', 'address', 'del', `${secondOutside}/24`, 'dev', link);
  });
});

afterAll(async () => {
  for (const close of closing) await close();
});

/** Every connection that can be tried, by where it begins. */
const attempts = (): Map<End, Attempt[]> =>
  new Map(
    ends.map((from) => {
      const targets = ends.filter((to) => from.namespace ?? to.namespace);
      return [from, targets.flatMap((to) => ports.map((port) => ({ from, to, ...port })))];
    }),
  );

const nameOf = ({ from, to, protocol, port }: Attempt) => `${from.id} → ${to.id} ${protocol} ${port}`;

/** The connections that are not as they must be. */
async function compare(policies: readonly V1NetworkPolicy[]): Promise<string[]> {
  const wrong = await Promise.all(
    [...attempts()].map(async ([from, list]) => {
      const questions = list.map((attempt) => ({
        ...{ protocol: attempt.protocol, port: attempt.port, host: attempt.to.address },
        timeout: allows(policies, attempt) ? patience.open : patience.closed,
        ...(!from.namespace && { source: from.address }),
      }));
      const answers = await ask(from.namespace ? from.address : outsideAddress, questions);
      return list.flatMap((attempt, index) => {
        const wanted = allows(policies, attempt) ? attempt.to.id.split(',')[0]! : 'timeout';
        return answers[index]?.startsWith(wanted) ? [] : `${nameOf(attempt)}: ${answers[index]}, not ${wanted}`;
      });
    }),
  );
  return wrong.flat();
}

async function eventuallyRight(policies: readonly V1NetworkPolicy[]): Promise<void> {
  let wrong: string[] = [];
  await eventually(
    async () => {
      wrong = await compare(policies);
      return wrong.length === 0;
    },
    { seconds: 10, what: 'the table' },
  ).catch(() => {});
  expect(wrong).toEqual([]);
}

test('the table has far more than a hundred cases, closed and open ones', () => {
  const cases = policySets.flatMap(({ policies }) =>
    [...attempts().values()].flat().map((attempt) => allows(policies(world), attempt)),
  );
  expect(cases.filter((open) => open).length).toBeGreaterThan(1000);
  expect(cases.filter((open) => !open).length).toBeGreaterThan(1000);
});

test.each(policySets)('$title', async ({ policies }) => {
  const wanted = policies(world);
  await setPolicies(wanted);
  await eventuallyRight(wanted);
});

const strict = policySets.find(({ title }) => title.startsWith('several policies'))!;

test('a policy stands before the first container of a pod starts', async () => {
  const closed = policySets.find(({ title }) => title === 'deny everything')!;
  await setPolicies(closed.policies(world));
  await eventuallyRight(closed.policies(world));
  const first = [end('y/a'), end('outside')].map(({ address }) => ({
    ...{ protocol: 'TCP' as const, host: address, port: 80, timeout: 500 },
  }));
  const early = [0, 1, 2].map((index) => ({ namespace: x, name: `early-${index}`, labels: {}, web: 80 }));
  await Promise.all(early.map((plan) => createPod(plan, first)));
  for (const plan of early)
    expect(await tell(await readyAddress(plan.namespace, plan.name), 'first')).toEqual(['timeout', 'timeout']);
  for (const { name } of early) await remove(`/api/v1/namespaces/${x}/pods/${name}?gracePeriodSeconds=0`);
});

test('a policy that forbids an open connection ends it', async () => {
  await setPolicies([]);
  await eventuallyRight([]);
  const question = { host: end('x/a').address, port: 80 };
  expect(await tell(end('y/b').address, 'hold', question)).toBe('open');
  expect(await tell(end('x/b').address, 'hold', question)).toBe('open');
  const [onlyB] = policySets.find(({ title }) => title.startsWith('one pod'))!.policies(world);
  await setPolicies([onlyB!]);
  await eventually(async () => (await tell(end('y/b').address, 'held')) !== 'open', {
    what: 'the end of the connection',
  });
  expect(await tell(end('x/b').address, 'held')).toBe('open');
});

test('policies hold while the agent is away, and when it is back', async () => {
  const wanted = strict.policies(world);
  await setPolicies(wanted);
  await eventuallyRight(wanted);
  const [agent] = await programsOf(target().dataDirectory, 'kubelet-lite');
  process.kill(agent!, 'SIGKILL');
  expect(await compare(wanted)).toEqual([]);
  await eventually(async () => (await programsOf(target().dataDirectory, 'kubelet-lite')).some((id) => id !== agent), {
    what: 'the agent again',
  });
  // While it takes everything up again, nothing may open or close.
  for (let times = 0; times < 3; times++) expect(await compare(wanted)).toEqual([]);
});

test('policies hold while the server is dead, even for an agent that starts meanwhile', async () => {
  const wanted = strict.policies(world);
  const [server] = await programsOf(target().dataDirectory, 'server');
  process.kill(server!, 'SIGSTOP');
  try {
    expect(await compare(wanted)).toEqual([]);
    const [agent] = await programsOf(target().dataDirectory, 'kubelet-lite');
    process.kill(agent!, 'SIGKILL');
    await eventually(
      async () => (await programsOf(target().dataDirectory, 'kubelet-lite')).some((id) => id !== agent),
      { what: 'the agent again' },
    );
    for (let times = 0; times < 3; times++) expect(await compare(wanted)).toEqual([]);
  } finally {
    process.kill(server!, 'SIGCONT');
  }
  await setPolicies([]);
  await eventuallyRight([]);
});
