/** What the words of kubelets and schedulers come to, and how much less to reserve would fit. */
import { expect, test } from '@jest/globals';
import { app, gibi, now, pod, roomOf, short, unschedulable } from '../testing/views.ts';
import { cannotPlace, registryOf, whyNoImage, whyNoPlace } from './starting.ts';

test.each([
  ['ErrImagePull', 'manifest unknown', 'not-found'],
  ['ErrImagePull', 'pull access denied for x', 'needs-login'],
  ['ErrImagePull', 'toomanyrequests: You have reached your pull rate limit', 'rate-limit'],
  ['ErrImagePull', 'dial tcp: lookup r.example: no such host', 'no-network'],
  ['ErrImagePull', 'write /x: no space left on device', 'disk-full'],
  ['InvalidImageName', '', 'bad-name'],
  ['ErrImagePull', 'odd', 'unknown'],
])('%s, %s: %s', (reason, message, why) => expect(whyNoImage(reason, message)).toBe(why));

test.each([
  ['0/1 nodes are available: 1 node(s) were unschedulable. preemption: none', 0, 'cordoned'],
  ['0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims. not found', 1, 'storage'],
  [`0/1 nodes are available: persistentvolumeclaim "data" not found.`, 1, 'storage'],
  ['0/2 nodes are available: 1 node(s) were unschedulable, 1 Insufficient cpu.', 1, 'cpu'],
  ['no nodes available to schedule pods', 0, 'no-machine'],
  ["0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports.", 1, 'port'],
])('%s: %s', (message, machines, why) => expect(whyNoPlace(message, machines)).toBe(why));

test.each([
  ['nginx', 'docker.io'],
  ['library/nginx:1', 'docker.io'],
  ['registry.example:5000/a/b', 'registry.example:5000'],
  ['localhost/a', 'localhost'],
])('the registry of %s is %s', (image, registry) => expect(registryOf(image)).toBe(registry));

test('less to reserve is what fits, with some left for others', () => {
  const big = pod({
    phase: 'Pending',
    conditions: [unschedulable(short)],
    resources: { requests: { memory: '100Gi', cpu: '1' } },
  });
  const found = cannotPlace.find(app({ pods: [big], room: roomOf(4000, 10 * gibi) }), now);
  expect(found !== 'unknown' && found[0]?.fixes).toEqual([
    { code: 'lower-reservation', params: { container: 'main', memory: '9216Mi' } },
    { code: 'add-machine' },
  ]);
});
