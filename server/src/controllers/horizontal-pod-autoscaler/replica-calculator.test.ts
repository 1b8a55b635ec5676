/** Cases computed by hand from the documentation: https://kubernetes.io/docs/concepts/workloads/autoscaling/horizontal-pod-autoscale */
import { describe, expect, test } from '@jest/globals';
import type { Pod } from '../runtime/pod.ts';
import { replicasForUtilization, replicasForValue, type Demand, type Measurement } from './replica-calculator.ts';

const now = Date.UTC(2026, 0, 2);
const iso = (secondsAgo: number) => new Date(now - secondsAgo * 1000).toISOString();

interface Given {
  /** Thousandths of a core in use; absent: no figures. */
  use?: number;
  /** Thousandths of a core requested. */
  request?: number;
  ready?: boolean;
  phase?: string;
  /** Seconds since the pod started, and since it became (un)ready. */
  age?: number;
  since?: number;
  going?: boolean;
}

/** An hour old and ready for nearly as long, with a request of 100m, unless it is said otherwise. */
const podOf = (
  { request = 100, ready = true, phase = 'Running', age = 3600, since = age - 10, going }: Given,
  at: number,
): Pod => ({
  metadata: { name: `pod-${at}`, ...(going && { deletionTimestamp: iso(1) }) },
  spec: { containers: [{ name: 'c', resources: { requests: { cpu: `${request}m` } } }] },
  status: {
    phase,
    startTime: iso(age),
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False', lastTransitionTime: iso(since) }],
  },
});

/** Figures of the last 15 seconds. */
function demandOf(given: readonly Given[], replicas = given.length, tolerance = 0.1): Demand {
  const measured = given.flatMap(({ use }, at): [string, Measurement][] =>
    use === undefined ? [] : [[`pod-${at}`, { value: use, time: now, window: 15_000 }]],
  );
  return {
    pods: given.map(podOf),
    measured: new Map(measured),
    resource: 'cpu',
    currentReplicas: replicas,
    tolerances: { up: tolerance, down: tolerance },
    now,
  };
}

const using = (...uses: number[]): Given[] => uses.map((use) => ({ use }));

interface Case {
  title: string;
  pods: Given[];
  /** Percent. */
  target: number;
  replicas: number;
  utilization?: number;
  /** Of the target; absent: as many as pods. */
  current?: number;
  tolerance?: number;
}

const utilizationCases: Case[] = [
  // 200m of 100m is 200 %; 200 / 100 = 2; 2 × 1 pod = 2: the example of the documentation.
  { title: 'twice the target doubles', pods: using(200), target: 100, replicas: 2, utilization: 200 },
  // 50 %; 50 / 100 = 0.5; 0.5 × 2 = 1.
  { title: 'half the target halves', pods: using(50, 50), target: 100, replicas: 1, utilization: 50 },
  // (90 + 90 + 90) / 300 = 90 %; 90 / 50 = 1.8; 1.8 × 3 = 5.4, rounded up 6.
  { title: 'a fraction is rounded up', pods: using(90, 90, 90), target: 50, replicas: 6, utilization: 90 },
  // (10 + 20 + 30) / 300 = 20 %; 20 / 50 = 0.4; 0.4 × 3 = 1.2, rounded up 2.
  { title: 'also on the way down', pods: using(10, 20, 30), target: 50, replicas: 2, utilization: 20 },
  // 55 %; 55 / 50 = 1.1: within a tenth.
  { title: 'a tenth above is near enough', pods: using(55, 55), target: 50, replicas: 2, utilization: 55 },
  // 56 %; 56 / 50 = 1.12; 1.12 × 2 = 2.24, rounded up 3.
  { title: 'a little more than a tenth is not', pods: using(56, 56), target: 50, replicas: 3, utilization: 56 },
  // 45 %; 45 / 50 = 0.9: within a tenth.
  { title: 'a tenth below is near enough', pods: using(45, 45), target: 50, replicas: 2, utilization: 45 },
  // 44 %; 44 / 50 = 0.88; 0.88 × 10 = 8.8, rounded up 9.
  {
    title: 'a little less is not',
    pods: using(...Array<number>(10).fill(44)),
    target: 50,
    replicas: 9,
    utilization: 44,
  },
  // 52 %; 52 / 50 = 1.04; the tolerance is 2 %: 1.04 × 2 = 2.08, rounded up 3.
  { title: 'a tolerance of its own', pods: using(52, 52), target: 50, tolerance: 0.02, replicas: 3, utilization: 52 },
  // 199 / 200 = 99.5 %, cut off to 99.
  { title: 'percents are cut off', pods: using(100, 99), target: 100, replicas: 2, utilization: 99 },

  // Known: 2 × 100m = 100 %; 100 / 50 = 2, up. The third counts as 0: 200 / 300 = 66 %; 66 / 50 = 1.32; 1.32 × 3 = 3.96 → 4.
  {
    title: 'up: a pod without figures counts as idle',
    pods: [...using(100, 100), {}],
    target: 50,
    replicas: 4,
    utilization: 100,
  },
  // Known: 10 %; 10 / 50 = 0.2, down. The third counts as all it requests: (10 + 10 + 100) / 300 = 40 %; 40 / 50 = 0.8; 0.8 × 3 = 2.4 → 3.
  {
    title: 'down: a pod without figures counts as fully busy',
    pods: [...using(10, 10), {}],
    target: 50,
    replicas: 3,
    utilization: 10,
  },
  // Known: 60 %; 60 / 200 = 0.3, down. The third counts as the target, 200 %: (60 + 60 + 200) / 300 = 106 %; 106 / 200 = 0.53; 0.53 × 3 = 1.59 → 2.
  {
    title: 'down, with a target above 100 %: as the target',
    pods: [...using(60, 60), {}],
    target: 200,
    replicas: 2,
    utilization: 60,
  },
  // Known: 60 %; 60 / 50 = 1.2, up. As idle: 60 / 200 = 30 %; 30 / 50 = 0.6, down: the direction would turn, so nothing is done.
  {
    title: 'what is assumed does not turn the direction',
    pods: [{ use: 60 }, {}],
    target: 50,
    replicas: 2,
    utilization: 60,
  },
  // Known: 110 %; 110 / 100 = 1.1, up. As idle: 110 / 200 = 55 %: 0.55, would turn: nothing is done.
  { title: 'nor does it within the tolerance', pods: [{ use: 110 }, {}], target: 100, replicas: 2, utilization: 110 },
  // Known: 50 %, 50 / 50 = 1: neither up nor down, the missing one is not counted: 1 is near enough.
  { title: 'exactly on target, one missing', pods: [{ use: 50 }, {}], target: 50, replicas: 2, utilization: 50 },

  // Ready: 100 %; 100 / 50 = 2, up. The pending one counts as 0: 200 / 300 = 66 %; 1.32 × 3 = 3.96 → 4.
  {
    title: 'up: a pending pod counts as idle',
    pods: [...using(100, 100), { phase: 'Pending', ready: false }],
    target: 50,
    replicas: 4,
    utilization: 100,
  },
  // Ready: 20 %; 20 / 50 = 0.4, down. Pending pods do not count on the way down: 0.4 × 2 = 0.8 → 1.
  {
    title: 'down: a pending pod does not count',
    pods: [...using(20, 20), { phase: 'Pending', ready: false }],
    target: 50,
    replicas: 1,
    utilization: 20,
  },
  // The third runs for 60 s and is not ready: its 500m are those of its start. 100 %; up; as idle: 200 / 300 = 66 %; → 4.
  {
    title: 'the start of a pod that is not ready is not counted',
    pods: [...using(100, 100), { use: 500, ready: false, age: 60, since: 60 }],
    target: 50,
    replicas: 4,
    utilization: 100,
  },
  // Ready for 10 s, but the figures are of the last 15: part of them is of the start. As above.
  {
    title: 'figures that began before the pod was ready are not counted',
    pods: [...using(100, 100), { use: 500, age: 60, since: 10 }],
    target: 50,
    replicas: 4,
    utilization: 100,
  },
  // Ready for 20 s: the figures are of its work. (100 + 100 + 100) / 300 = 100 %; 2 × 3 = 6.
  {
    title: 'figures from after that are',
    pods: [...using(100, 100), { use: 100, age: 60, since: 20 }],
    target: 50,
    replicas: 6,
    utilization: 100,
  },
  // Started an hour ago, became unready 60 s ago, and had been ready: it counts. 300 / 300 = 100 %; 2 × 3 = 6.
  {
    title: 'a pod that was ready once counts after five minutes',
    pods: [...using(100, 100), { use: 100, ready: false, since: 60 }],
    target: 50,
    replicas: 6,
    utilization: 100,
  },
  // Unready since 10 s after its start an hour ago: it has never been ready. 200 / 200 = 100 %; up; as idle 66 %: 4.
  {
    title: 'a pod that never was ready does not',
    pods: [...using(100, 100), { use: 100, ready: false, since: 3590 }],
    target: 50,
    replicas: 4,
    utilization: 100,
  },
  // The failed one and the one that goes are left out: (100 + 100) / 200 = 100 %; 2 × 2 = 4.
  {
    title: 'pods that go or have failed are left out',
    pods: [...using(100, 100), { use: 900, going: true }, { use: 900, phase: 'Failed' }],
    target: 50,
    current: 2,
    replicas: 4,
    utilization: 100,
  },
  // Requests differ: (150 + 50) / (300 + 100) = 50 %; on target.
  {
    title: 'what is requested counts together',
    pods: [
      { use: 150, request: 300 },
      { use: 50, request: 100 },
    ],
    target: 50,
    replicas: 2,
    utilization: 50,
  },
  // One of four runs: 100 %; 100 / 50 = 2; 2 × 1 ready = 2, though four are asked for already.
  {
    title: 'pods that are not there yet are not counted',
    pods: using(100),
    target: 50,
    current: 4,
    replicas: 2,
    utilization: 100,
  },
];

describe('a share of what is requested', () => {
  test.each(utilizationCases)('$title', ({ pods, target, current, tolerance, replicas, utilization }) => {
    const proposal = replicasForUtilization(demandOf(pods, current, tolerance), target);
    expect(proposal).toMatchObject({ replicas, utilization });
  });

  test('one container of several', () => {
    const demand = demandOf(using(80, 80));
    for (const { spec } of demand.pods)
      spec.containers.push({ name: 'sidecar', resources: { requests: { cpu: '1' } } });
    // Against the container's own 100m: 80 %; 80 / 40 = 2; 2 × 2 = 4. With the sidecar it would be 160 / 2200 = 7 %.
    expect(replicasForUtilization(demand, 40, 'c')).toMatchObject({ replicas: 4, utilization: 80, averageValue: 80 });
    expect(replicasForUtilization(demand, 40)).toMatchObject({ replicas: 1, utilization: 7 });
  });

  test('what cannot be told is said in the words of upstream', () => {
    const fails = (pods: Given[]) => () => replicasForUtilization(demandOf(pods), 50);
    expect(fails([])).toThrow('no pods returned by selector while calculating replica count');
    expect(fails([{ use: 1, phase: 'Pending' }])).toThrow(
      'did not receive metrics for targeted pods (pods might be unready)',
    );
    const demand = demandOf(using(10));
    demand.pods[0]!.spec.containers[0]!.resources = {};
    expect(() => replicasForUtilization(demand, 50)).toThrow('missing request for cpu in container c of Pod pod-0');
  });
});

const valueCases: Omit<Case, 'utilization'>[] = [
  // (300 + 500) / 2 = 400m; 400 / 200 = 2; 2 × 2 = 4.
  { title: 'twice the value doubles', pods: using(300, 500), target: 200, replicas: 4 },
  // (100 + 101) / 2 = 100, cut off; 100 / 100 = 1.
  { title: 'the mean is cut off', pods: using(100, 101), target: 100, replicas: 2 },
  // Known: 50 / 200 = 0.25, down. The missing one counts as the target: (50 + 200) / 2 = 125; 0.625 × 2 = 1.25 → 2.
  { title: 'down: a pod without figures counts as the target', pods: [{ use: 50 }, {}], target: 200, replicas: 2 },
  // Known: 800 / 200 = 4, up. As idle: 400; 2 × 2 = 4.
  { title: 'up: a pod without figures counts as idle', pods: [{ use: 800 }, {}], target: 200, replicas: 4 },
];

test.each(valueCases)('a value for each pod: $title', ({ pods, target, current, replicas }) => {
  expect(replicasForValue(demandOf(pods, current), target)).toMatchObject({ replicas });
});
