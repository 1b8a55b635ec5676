/** StatefulSets move one pod at a time, in order, and end where they should from wherever they start. */
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Pod } from '../runtime/pod.ts';
import { planSteps, statefulSetStatus } from './plan.ts';
import { podFor, type StatefulSet } from './stateful-set.ts';

const setOf = (replicas: number, spec: Partial<StatefulSet['spec']> = {}): StatefulSet => ({
  metadata: { name: 'web', namespace: 'a', uid: 'set' },
  spec: { replicas, selector: {}, template: { spec: { containers: [{ name: 'c' }] } }, ...spec },
});

const ready = [{ type: 'Ready', status: 'True' as const, lastTransitionTime: '2026-01-01T00:00:00Z' }];
const now = Date.UTC(2026, 0, 2);

const podOf = (set: StatefulSet, ordinal: number, revision: string, phase = 'Running'): Pod => ({
  ...podFor(set, set.spec.template, revision, ordinal),
  status: { phase, conditions: phase === 'Running' ? ready : [] },
});

/** Carries out steps until there are none; returns what was done in order. */
function settle(set: StatefulSet, from: readonly Pod[]) {
  let revisions = { current: 'old', update: 'new' };
  let pods = [...from];
  let current = set;
  const done: string[] = [];
  for (let turn = 0; turn < 200; turn++) {
    current = { ...current, status: statefulSetStatus(current, pods, { ...revisions, collisionCount: 0 }, now) };
    revisions = { ...revisions, current: current.status?.currentRevision ?? 'old' };
    const steps = planSteps(current, pods, revisions, now).filter((step) => step.do !== 'claims');
    if (steps.length === 0) return { pods, done, status: current.status };
    if (current.spec.podManagementPolicy !== 'Parallel') expect(steps.length).toBe(1);
    for (const step of steps) {
      if (step.do === 'create') {
        pods.push(podOf(current, step.ordinal, revisions[step.revision]));
        done.push(`+${step.ordinal}`);
      } else if (step.do === 'delete') {
        pods = pods.filter((pod) => pod !== step.pod);
        done.push(`-${step.pod.metadata.name?.slice(4)}`);
      }
    }
  }
  throw new Error('never at rest');
}

test('pods come up from the lowest ordinal and go down from the highest', () => {
  expect(settle(setOf(3), []).done).toEqual(['+0', '+1', '+2']);
  const three = [0, 1, 2].map((ordinal) => podOf(setOf(3), ordinal, 'new'));
  expect(settle(setOf(1), three).done).toEqual(['-2', '-1']);
});

test('an update goes from the highest ordinal down to the partition', () => {
  const set = setOf(3, { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } });
  const { done, pods } = settle(
    set,
    [0, 1, 2].map((ordinal) => podOf(set, ordinal, 'old')),
  );
  expect(done).toEqual(['-2', '+2', '-1', '+1']);
  expect(pods.find(({ metadata }) => metadata.name === 'web-0')?.metadata.labels).toMatchObject({
    'controller-revision-hash': 'old',
    'apps.kubernetes.io/pod-index': '0',
  });
});

test('from any mixture of pods it comes to rest with the right ordinals at the new revision', () => {
  const pod = fc.record({
    ordinal: fc.nat(6),
    revision: fc.constantFrom('old', 'new'),
    phase: fc.constantFrom('Running', 'Failed', 'Succeeded'),
  });
  fc.assert(
    fc.property(
      fc.uniqueArray(pod, { selector: ({ ordinal }) => ordinal }),
      fc.nat(5),
      fc.constantFrom('OrderedReady', 'Parallel'),
      (mixture, replicas, podManagementPolicy) => {
        const set = setOf(replicas, { podManagementPolicy });
        const { pods, status } = settle(
          set,
          mixture.map(({ ordinal, revision, phase }) => podOf(set, ordinal, revision, phase)),
        );
        expect(pods.map(({ metadata }) => metadata.name).sort()).toEqual(
          Array.from({ length: replicas }, (_, n) => `web-${n}`),
        );
        expect(status).toMatchObject({ replicas, availableReplicas: replicas, currentRevision: 'new' });
      },
    ),
    { numRuns: 200 },
  );
});
