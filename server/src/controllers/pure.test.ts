/** Small decisions of several loops: whom to delete first, which slices, when evicted, which range, when due. */
import { expect, test } from '@jest/globals';
import { lastDue, parseSchedule } from './cron-job/schedule.ts';
import { planSlices, type EndpointSlice } from './endpoint-slice/slices.ts';
import type { Service } from './endpoint-slice/service.ts';
import { revisionHash } from './history/controller-revision.ts';
import { cidrPool } from './node-ipam/pod-cidrs.ts';
import { evictionTime } from './node-lifecycle/taint-eviction.ts';
import { podsToDelete } from './replica-set/pods-to-delete.ts';
import type { Pod } from './runtime/pod.ts';

const now = Date.UTC(2026, 0, 2);
const ready = { type: 'Ready', status: 'True' as const, lastTransitionTime: '2026-01-01T00:00:00Z' };

const podOf = (name: string, extra: { node?: string; phase?: string; ready?: boolean; cost?: string } = {}): Pod => ({
  metadata: {
    name,
    namespace: 'a',
    uid: name,
    labels: { app: 'web' },
    ...(extra.cost && { annotations: { 'controller.kubernetes.io/pod-deletion-cost': extra.cost } }),
  },
  spec: { containers: [{ name: 'c', ports: [{ name: 'http', containerPort: 8080 }] }], nodeName: extra.node ?? 'n1' },
  status: { phase: extra.phase ?? 'Running', podIP: '10.0.0.1', conditions: extra.ready === false ? [] : [ready] },
});

test('pods that serve least go first, then the cheapest, then those that crowd', () => {
  const pods = [
    podOf('dear', { cost: '10' }),
    podOf('crowded'),
    podOf('alone', { node: 'n2' }),
    podOf('pending', { phase: 'Pending', ready: false }),
    podOf('unready', { ready: false }),
    podOf('unassigned', { node: '', phase: 'Pending', ready: false }),
    podOf('cheap', { cost: '-5' }),
  ];
  const order = podsToDelete(pods, pods, 6, now).map(({ metadata }) => metadata.name);
  expect(order).toEqual(['unassigned', 'pending', 'unready', 'cheap', 'crowded', 'alone']);
});

const service: Service = {
  metadata: { name: 'web', namespace: 'a', uid: 's' },
  spec: { selector: { app: 'web' }, clusterIP: '10.96.0.9', ports: [{ port: 80, targetPort: 'http' }] },
};
const nodes = { zoneOf: () => ({}) };
const existing = (slice: EndpointSlice | undefined): EndpointSlice[] =>
  slice ? [{ ...slice, metadata: { ...slice.metadata, name: 'web-x' } }] : [];

test('a slice is kept and refilled rather than replaced, and holds a hundred endpoints at most', () => {
  const empty = planSlices(service, [], [], 'IPv4', nodes).create[0];
  expect(empty).toMatchObject({ endpoints: null, ports: null });
  const filled = planSlices(service, [podOf('p')], existing(empty), 'IPv4', nodes);
  expect([filled.create.length, filled.delete.length, filled.update[0]?.metadata.name]).toEqual([0, 0, 'web-x']);
  expect(filled.update[0]?.ports).toEqual([{ name: '', port: 8080, protocol: 'TCP' }]);
  expect(planSlices(service, [], existing(empty), 'IPv4', nodes)).toEqual({ create: [], update: [], delete: [] });
  const many = Array.from({ length: 250 }, (_, index) => podOf(`p${index}`));
  const sizes = planSlices(service, many, [], 'IPv4', nodes).create.map(({ endpoints }) => endpoints?.length);
  expect(sizes).toEqual([100, 100, 50]);
});

test('a pod leaves a tainted node at once, after the time it tolerates, or never', () => {
  const taints = [{ key: 'k', effect: 'NoExecute', timeAdded: '2026-01-01T00:00:00Z' }];
  const added = Date.UTC(2026, 0, 1);
  expect(evictionTime(taints, [])).toBe(added);
  expect(evictionTime(taints, [{ key: 'k', operator: 'Exists', tolerationSeconds: 300 }])).toBe(added + 300_000);
  expect(evictionTime(taints, [{ operator: 'Exists' }])).toBeUndefined();
});

test('ranges of pods are given in turn and again only when released', () => {
  const pool = cidrPool('10.244.0.0/22', 24);
  pool.occupy('10.244.1.0/24');
  expect([pool.next(), pool.next(), pool.next(), pool.next()]).toEqual([
    '10.244.0.0/24',
    '10.244.2.0/24',
    '10.244.3.0/24',
    undefined,
  ]);
  pool.release('10.244.2.0/24');
  expect(pool.next()).toBe('10.244.2.0/24');
});

test('of many missed times only the last is due', () => {
  const minutely = parseSchedule('* * * * *');
  const since = Date.UTC(2026, 0, 1);
  expect(lastDue(minutely, since, since + 30_000)).toEqual({ due: undefined, tooMany: false });
  expect(lastDue(minutely, since, since + 90_000)).toEqual({ due: since + 60_000, tooMany: false });
  expect(lastDue(minutely, since, since + 86_400_000)).toEqual({ due: since + 86_400_000, tooMany: true });
  const yearly = parseSchedule('0 0 1 1 *', 'Europe/Berlin');
  expect(lastDue(yearly, since, Date.UTC(2028, 5, 1)).due).toBe(Date.UTC(2027, 11, 31, 23));
});

test('the hash of a revision is the one upstream computes', () => {
  const spec = {
    automountServiceAccountToken: false,
    containers: [
      {
        image: 'registry.k8s.io/pause:3.10.2',
        imagePullPolicy: 'IfNotPresent',
        name: 'c',
        resources: {},
        terminationMessagePath: '/dev/termination-log',
        terminationMessagePolicy: 'File',
      },
    ],
    dnsPolicy: 'ClusterFirst',
    restartPolicy: 'Always',
    schedulerName: 'default-scheduler',
    securityContext: {},
    terminationGracePeriodSeconds: 1,
  };
  const template = { $patch: 'replace', metadata: { labels: { app: 'web' } }, spec };
  expect(revisionHash({ spec: { template } }, 0)).toBe('76888dff5b');
});
