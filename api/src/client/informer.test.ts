/** The informer's promises against a scripted client: whole state, resumption, expiry, and reading one's own writes. */
import { expect, test } from '@jest/globals';
import { FakeClock } from '../clock.ts';
import type { AnyObject, WatchEvent } from '../object.ts';
import { StatusError } from '../status.ts';
import type { Client, ResourceClient, WatchOptions } from './client.ts';
import { Informer } from './informer.ts';

const resource = { group: '', version: 'v1', kind: 'ConfigMap', plural: 'configmaps', scope: 'Namespaced' as const };

const object = (name: string, revision: number, uid = name): AnyObject => ({
  metadata: { namespace: 'a', name, uid, resourceVersion: String(revision) },
});
const added = (name: string, revision: number, uid?: string): WatchEvent => ({
  type: 'ADDED',
  object: object(name, revision, uid),
});
const deleted = (name: string, revision: number): WatchEvent => ({ type: 'DELETED', object: object(name, revision) });
const end = (revision: number): WatchEvent => ({
  type: 'BOOKMARK',
  object: {
    metadata: { resourceVersion: String(revision), annotations: { 'k8s.io/initial-events-end': 'true' } },
  },
});
const expired: WatchEvent = {
  type: 'ERROR',
  object: { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired', metadata: {} } as unknown as AnyObject,
};

/** Each watch answers with the next script; the last one stays open. */
function scripted(scripts: (WatchEvent[] | StatusError)[], items: AnyObject[] = []) {
  const asked: WatchOptions[] = [];
  const watch = async function* (options: WatchOptions = {}) {
    const script = scripts[asked.push(options) - 1];
    if (script instanceof StatusError) throw script;
    yield* script ?? [];
    if (asked.length >= scripts.length)
      await new Promise((resolve) => options.signal?.addEventListener('abort', resolve));
  };
  const list = async () => ({ metadata: { resourceVersion: '5' }, items });
  const client = { for: () => ({ watch, list }) as unknown as ResourceClient } as unknown as Client;
  return { client, asked };
}

const settle = async () => {
  for (let turn = 0; turn < 50; turn++) await Promise.resolve();
};

async function started(scripts: (WatchEvent[] | StatusError)[], items: AnyObject[] = []) {
  const clock = new FakeClock();
  const { client, asked } = scripted(scripts, items);
  const told: string[] = [];
  const informer = new Informer({ client, resource, clock, random: () => 0 });
  informer.listen({
    add: ({ metadata }) => told.push(`+${metadata.name}`),
    update: ({ metadata }) => told.push(`~${metadata.name}`),
    delete: ({ metadata }) => told.push(`-${metadata.name}`),
  });
  const stop = new AbortController();
  const running = informer.run(stop.signal);
  await settle();
  const finish = async () => {
    stop.abort();
    await running;
  };
  return { informer, clock, asked, told, finish };
}

test('is synced when the initial state is complete, not before', async () => {
  const { informer, told, finish } = await started([[added('x', 1), added('y', 2)]]);
  expect([informer.hasSynced, told]).toEqual([false, []]);
  await finish();
  const complete = await started([[added('x', 1), added('y', 2), end(3)]]);
  await complete.informer.synced;
  expect(complete.told).toEqual(['+x', '+y']);
  await complete.finish();
});

test('goes on after the last revision when a watch ends', async () => {
  const { clock, asked, told, finish } = await started([[added('x', 1), end(3)], [deleted('x', 7)]]);
  clock.advance(800);
  await settle();
  expect(asked[1]).toMatchObject({ resourceVersion: '3' });
  expect(told).toEqual(['+x', '-x']);
  await finish();
});

test('takes the whole state again when its revision has expired, and tells only what differs', async () => {
  const { clock, asked, told, finish } = await started([
    [added('x', 1), added('y', 2), end(3)],
    [expired],
    [added('y', 2), added('z', 9), end(9)],
  ]);
  for (let turn = 0; turn < 3; turn++) {
    clock.advance(2000);
    await settle();
  }
  expect(asked[2]).toMatchObject({ sendInitialEvents: true });
  expect(told).toEqual(['+x', '+y', '-x', '+z']);
  await finish();
});

test('lists first where the server refuses sendInitialEvents', async () => {
  const refusal = new StatusError({ code: 422, reason: 'Invalid', message: 'sendInitialEvents' });
  const { asked, told, finish } = await started([refusal, []], [object('x', 4)]);
  expect(asked[1]).toMatchObject({ resourceVersion: '5' });
  expect(told).toEqual(['+x']);
  await finish();
});

test('reads what was written through it, but nothing the stream has passed', async () => {
  const { informer, told, finish } = await started([[added('x', 1), end(3)]]);
  informer.observe(object('y', 4));
  informer.observe(object('late', 2));
  expect(told).toEqual(['+x', '+y']);
  informer.observeDeletion('a/x', 'x', '2026-01-01T00:00:00Z');
  expect(informer.get('a/x')?.metadata.deletionTimestamp).toBe('2026-01-01T00:00:00Z');
  await finish();
});

test('a successor under the same name is a deletion and an addition', async () => {
  const { told, finish } = await started([[added('x', 1, 'old'), end(3), added('x', 5, 'new')]]);
  expect(told).toEqual(['+x', '-x', '+x']);
  await finish();
});
