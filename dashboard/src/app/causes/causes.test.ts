import { describe, expect, test } from 'vitest';
import type { ContainerStatus, Pod } from '../kinds/pod';
import { exitCodeMeaning } from './exit-code';
import { podCause } from './pod-cause';

const now = Date.parse('2026-01-02T04:00:00Z');

function pod(
  container: Partial<ContainerStatus>,
  more: Partial<Pod['status']> = {},
  limits?: Record<string, string>,
): Pod {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web-1', namespace: 'shop', uid: 'u', creationTimestamp: '2026-01-02T03:00:00Z' },
    spec: { containers: [{ name: 'web', image: 'web:1', ...(limits ? { resources: { limits } } : {}) }] },
    status: {
      phase: 'Running',
      containerStatuses: [
        { name: 'web', image: 'web:1', ready: false, restartCount: 0, ...container } as ContainerStatus,
      ],
      ...more,
    },
  } as unknown as Pod;
}

const waiting = (reason: string, text = '') =>
  ({ state: { waiting: { reason, message: text } } }) as Partial<ContainerStatus>;

describe('why an instance does not run', () => {
  test.each([
    ['manifest unknown: manifest unknown', 'cause.image.notFound'],
    ['pull access denied for web, repository does not exist or may require login', 'cause.image.notFoundOrPrivate'],
    ['dial tcp: lookup registry: no such host', 'cause.image.noNetwork'],
    ['toomanyrequests: You have reached your pull rate limit', 'cause.image.rateLimit'],
    ['write /var: no space left on device', 'cause.image.diskFull'],
    ['something new', 'cause.image.unknown'],
  ])('image: %s', (text, why) => {
    const cause = podCause(pod(waiting('ImagePullBackOff', text)), now);
    expect(cause?.why.key).toBe(why);
    expect(cause?.term).toBe('ImagePullBackOff');
    expect(cause?.remedy).toEqual({ kind: 'image', container: 'web' });
  });

  test('a crash loop offers the logs of the run before', () => {
    const lastState = { terminated: { exitCode: 3, reason: 'Error' } };
    const cause = podCause(pod({ ...waiting('CrashLoopBackOff'), lastState, restartCount: 4 } as never), now);
    expect(cause?.what).toEqual({ key: 'cause.crash.what', params: { container: 'web', restarts: 4, code: 3 } });
    expect(cause?.why.key).toBe('cause.exit.error');
    expect(cause?.remedy).toEqual({ kind: 'logs', previous: true, container: 'web' });
  });

  test('out of memory proposes half as much again', () => {
    const lastState = { terminated: { exitCode: 137, reason: 'OOMKilled' } };
    const cause = podCause(pod({ ...waiting('CrashLoopBackOff'), lastState } as never, {}, { memory: '64Mi' }), now);
    expect(cause?.remedy).toEqual({ kind: 'memory-limit', container: 'web', suggested: '96Mi' });
  });

  test('no machine fits: what is short decides what to change', () => {
    const conditions = [
      {
        type: 'PodScheduled',
        status: 'False',
        reason: 'Unschedulable',
        message: '0/1 nodes are available: 1 Insufficient cpu.',
      },
    ];
    const cause = podCause(pod({}, { phase: 'Pending', conditions } as never), now);
    expect(cause?.why.key).toBe('cause.place.cpu');
    expect(cause?.remedy).toEqual({ kind: 'reservation', container: 'web', resource: 'cpu' });
  });

  test('what a person stopped is no failure', () => {
    const ended = pod({ state: { terminated: { exitCode: 137 } } } as never);
    const annotations = { 'naru.dev/stopped-containers': '["web"]' };
    expect(podCause({ ...ended, metadata: { ...ended.metadata, annotations } }, now)).toBeUndefined();
  });

  test('a health check may fail for a moment', () => {
    const at = (time: string) =>
      podCause(
        pod(
          { state: { running: {} } } as never,
          {
            conditions: [{ type: 'Ready', status: 'False', lastTransitionTime: time }],
          } as never,
        ),
        now,
      );
    expect(at('2026-01-02T03:59:50Z')).toBeUndefined();
    expect(at('2026-01-02T03:59:00Z')?.what.key).toBe('cause.health.what');
  });

  test('what runs has no cause', () => {
    expect(podCause(pod({ ready: true, state: { running: {} } } as never), now)).toBeUndefined();
  });
});

test.each([
  [0, 'cause.exit.done'],
  [1, 'cause.exit.error'],
  [126, 'cause.exit.notExecutable'],
  [127, 'cause.exit.notFound'],
  [137, 'cause.exit.killed'],
  [139, 'cause.exit.segfault'],
  [143, 'cause.exit.stopped'],
  [134, 'cause.exit.signal'],
])('exit code %i', (code, key) => expect(exitCodeMeaning(code).key).toBe(key));
