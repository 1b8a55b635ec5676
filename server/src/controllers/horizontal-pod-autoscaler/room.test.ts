import { expect, test } from '@jest/globals';
import type { Node } from '../node-lifecycle/node.ts';
import type { Pod } from '../runtime/pod.ts';
import { roomFor } from './room.ts';

const node = (name: string, cpu: string, memory = '8Gi', extra: Partial<Node['spec']> = {}): Node => ({
  metadata: { name, labels: { 'kubernetes.io/hostname': name } },
  spec: extra,
  status: { allocatable: { cpu, memory, pods: '110' } },
});

const pod = (name: string, cpu: string, on?: string, more: Partial<Pod['spec']> = {}): Pod => ({
  metadata: { name, uid: name, namespace: 'default', labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', resources: { requests: { cpu } } }], ...(on && { nodeName: on }), ...more },
  status: { phase: 'Running' },
});

const room = (like: Pod, wanted: number, nodes: Node[], pods: Pod[] = []) =>
  roomFor(like, wanted, { nodes, pods, labelsOfNamespace: () => ({}) });

test('as many as the requests leave room for', () => {
  // 2 − 0.5 = 1.5 free on a, 1 on b: three halves and two.
  const nodes = [node('a', '2'), node('b', '1')];
  const taken = [pod('other', '500m', 'a')];
  expect(room(pod('w', '500m'), 10, nodes, taken)).toEqual({ pods: 5, lacks: '2 Insufficient cpu' });
  expect(room(pod('w', '500m'), 4, nodes, taken)).toEqual({ pods: 4, lacks: '' });
});

test('pods that go make room, and those that would be preempted', () => {
  const going = { ...pod('going', '2', 'a'), metadata: { name: 'going', uid: 'g', deletionTimestamp: 'now' } };
  expect(room(pod('w', '1'), 5, [node('a', '2')], [going]).pods).toBe(2);
  const low = pod('low', '2', 'a');
  expect(room(pod('w', '1', undefined, { priority: 10 }), 5, [node('a', '2')], [low]).pods).toBe(2);
  const never = { priority: 10, preemptionPolicy: 'Never' };
  expect(room(pod('w', '1', undefined, never), 5, [node('a', '2')], [low]).pods).toBe(0);
});

test('nodes that do not take the pod have no room', () => {
  const tainted = { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] };
  const nodes = [node('a', '4', '8Gi', { unschedulable: true }), node('b', '4', '8Gi', tainted), node('c', '1')];
  const { pods, lacks } = room(pod('w', '1'), 5, nodes);
  expect(pods).toBe(1);
  expect(lacks).toContain('1 Insufficient cpu');
  expect(lacks).toContain('1 node(s) were unschedulable');
});

test('one on each node, where the pods want no neighbours of their kind', () => {
  const podAntiAffinity = {
    requiredDuringSchedulingIgnoredDuringExecution: [
      { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
    ],
  };
  const nodes = [node('a', '4'), node('b', '4'), node('c', '4')];
  const there = pod('there', '1', 'a', { affinity: { podAntiAffinity } });
  expect(room(pod('w', '1', undefined, { affinity: { podAntiAffinity } }), 9, nodes, [there]).pods).toBe(2);
});

test('without a node there is none', () => {
  expect(room(pod('w', '1'), 2, [])).toEqual({ pods: 0, lacks: 'there are no nodes' });
});
