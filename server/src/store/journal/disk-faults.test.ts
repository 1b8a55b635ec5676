/** A disk that fails, fills up or takes its time while the store runs. */
import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@naru/api/clock';
import type { Store } from '../store.ts';
import { CrashFileLayer, type Operation } from './crash-file-layer.ts';
import { fill, openOn, put, remove, stateOf } from './sample-store.ts';

const failing =
  (operation: Operation, name: string, code = 'EIO') =>
  (asked: Operation, path: string) =>
    asked === operation && path.includes(name) ? code : undefined;
const outcomeOf = (store: Store, key: string, value: unknown = 1) =>
  store.commit(put(key, value)).then(
    ({ done }) => (done ? 'done' : 'not done'),
    (error: Error) => error.name,
  );

describe('when a sync fails', () => {
  test('the whole batch is answered as unknown, nothing is synced again, and nothing more is accepted', async () => {
    const disk = new CrashFileLayer();
    const failed = Promise.withResolvers<Error>();
    const store = await openOn(disk, { onFailed: failed.resolve });
    await store.commit(put('/a', 1));
    const before = disk.operations.length;
    disk.fault = failing('sync', 'journal-');
    const outcomes = await Promise.all(['/a', '/b', '/c'].map((key) => outcomeOf(store, key, 2)));
    expect(outcomes).toEqual(['StoreFailed', 'StoreFailed', 'StoreFailed']);
    disk.fault = () => undefined;
    expect(await outcomeOf(store, '/d')).toBe('StoreFailed');
    expect((await failed.promise).name).toBe('StoreFailed');
    expect(String((await store.get('/a'))?.value)).toBe('1');
    await store.close();
    expect(disk.operations.slice(before)).toEqual(['write', 'sync']);
  });

  test('what was acknowledged before is there after a restart', async () => {
    const disk = new CrashFileLayer();
    const store = await openOn(disk);
    await fill(store, 10);
    const state = await stateOf(store);
    disk.fault = failing('sync', 'journal-');
    await outcomeOf(store, '/x');
    expect(await stateOf(await openOn(disk.afterPowerCut('lost')))).toBe(state);
  });
});

describe('when a checkpoint fails', () => {
  const places: [Operation, string][] = [
    ['create', '.new-'],
    ['write', '.new-'],
    ['sync', '.new-'],
    ['rename', 'snap-'],
    ['rename', 'MANIFEST'],
    ['create', 'journal-'],
    ['sync', 'journal-'],
    ['remove', 'journal-'],
  ];

  test.each(places)('at %s of %s, writes go on and the old files stay', async (operation, name) => {
    const disk = new CrashFileLayer();
    const clock = new FakeClock();
    const store = await openOn(disk, { clock, checkpointBytes: 400 });
    // The journal in use has a number of its own: only files that a checkpoint makes fail.
    const inUse = [...disk.contents().keys()];
    const fault = failing(operation, name);
    disk.fault = (asked, path) => (inUse.includes(path) && operation === 'sync' ? undefined : fault(asked, path));
    await fill(store, 20);
    const state = await stateOf(store);
    expect(await stateOf(await openOn(disk.afterPowerCut('lost')))).toBe(state);
    disk.fault = () => undefined;
    clock.advance(60_001);
    await fill(store, 5, 20);
    const later = await stateOf(store);
    await store.close();
    expect(store.condition.checkpointFailure).toBeUndefined();
    expect(await stateOf(await openOn(disk.afterPowerCut('lost')))).toBe(later);
  });

  test('its failure shows until one succeeds', async () => {
    const disk = new CrashFileLayer();
    const store = await openOn(disk, { checkpointBytes: 100 });
    disk.fault = failing('sync', '.new-');
    await fill(store, 5);
    expect(store.condition.checkpointFailure).toContain('EIO');
  });

  test('such that nobody knows which manifest is on disk, the store stops, and loses nothing', async () => {
    const disk = new CrashFileLayer();
    const store = await openOn(disk, { checkpointBytes: 400 });
    let renamed = false;
    disk.fault = (operation, path) => {
      if (operation === 'rename') renamed = path.endsWith('MANIFEST');
      return renamed && operation === 'syncDirectory' ? 'EIO' : undefined;
    };
    let acknowledged = 0;
    let outcome = 'done';
    for (; outcome === 'done' && acknowledged < 1_000; acknowledged += 1)
      outcome = await outcomeOf(store, `/k${acknowledged}`, 'x'.repeat(50));
    expect(outcome).toBe('StoreFailed');
    for (const unsynced of ['lost', 'kept'] as const) {
      const { entries } = await (await openOn(disk.afterPowerCut(unsynced))).list('/');
      expect(entries.length).toBeGreaterThanOrEqual(acknowledged - 1);
    }
  });
});

describe('when the disk is full', () => {
  const big = 'x'.repeat(300);

  /** A store that has just been refused room. */
  async function full() {
    const disk = new CrashFileLayer();
    const clock = new FakeClock();
    const store = await openOn(disk, { clock, reserveBytes: 2_000 });
    await fill(store, 10);
    const used = [...disk.contents().values()].reduce((sum, { length }) => sum + length, 0);
    disk.capacity = used + 1_000;
    const outcomes = await Promise.all(['/a', '/b', '/c', '/d'].map((key) => outcomeOf(store, key, big)));
    for (let number = 0; outcomes.at(-1) === 'done'; number += 1)
      outcomes.push(await outcomeOf(store, `/k${number}`, big));
    expect(outcomes.at(-1)).toBe('StoreFull');
    return { disk, clock, store };
  }

  test('creates are refused, reads and deletions go on', async () => {
    const { disk, store } = await full();
    const before = await stateOf(store);
    expect(await outcomeOf(store, '/new', big)).toBe('StoreFull');
    expect(await stateOf(store)).toBe(before);
    const { entries } = await store.list('/');
    const [entry] = entries;
    await store.commit(remove(entry?.key ?? ''));
    expect((await store.list('/')).entries).toHaveLength(entries.length - 1);
    const essential = { ...put('/lease', 1), essential: true };
    expect(await store.commit(essential)).toMatchObject({ done: true });
    expect(store.condition.diskFull).toBe(true);
    expect(await stateOf(await openOn(disk.afterPowerCut('kept')))).toBe(await stateOf(store));
  });

  test('it works again once there is room', async () => {
    const { disk, clock, store } = await full();
    disk.capacity = Infinity;
    clock.advance(1_000);
    expect(await outcomeOf(store, '/new', big)).toBe('done');
    expect(store.condition.diskFull).toBe(false);
    expect(await stateOf(await openOn(disk.afterPowerCut('lost')))).toBe(await stateOf(store));
  });

  test('no torn bytes stay behind', async () => {
    const { disk, store } = await full();
    const journal = [...disk.contents()].find(([path]) => path.includes('journal-'))?.[1].toString();
    expect(journal?.endsWith(']\n')).toBe(true);
    expect(journal?.trimEnd().split('\n')).toHaveLength(store.revision()); // The header, and a batch for every revision after the first.
  });

  test('and cannot even be cut back, the store stops', async () => {
    const disk = new CrashFileLayer();
    const store = await openOn(disk);
    disk.capacity = 0;
    disk.fault = failing('truncate', 'journal-');
    expect(await outcomeOf(store, '/a')).toBe('StoreFailed');
  });
});

test('a write that takes only part of the bytes is finished', async () => {
  const disk = new CrashFileLayer();
  disk.longestWrite = 7;
  const store = await openOn(disk);
  await fill(store, 10);
  expect(await stateOf(await openOn(disk.afterPowerCut('lost')))).toBe(await stateOf(store));
});

test('a write that fails leaves nothing in memory', async () => {
  const disk = new CrashFileLayer();
  const store = await openOn(disk);
  disk.fault = failing('write', 'journal-');
  const told: unknown[] = [];
  await store.watch('/', 1, (changes) => told.push(changes));
  expect(await outcomeOf(store, '/a')).toBe('StoreFailed');
  expect(await store.get('/a')).toBeUndefined();
  expect(store.revision()).toBe(1);
  expect(told).toEqual([]);
});

test('nobody sees a write before it is on disk, not even in why another one failed', async () => {
  const disk = new CrashFileLayer();
  const store = await openOn(disk);
  const events: string[] = [];
  await store.watch('/', 1, () => events.push('watch'));
  const reached = Promise.withResolvers<void>();
  const synced = Promise.withResolvers<void>();
  disk.gate = (operation, path) => {
    if (operation !== 'sync' || !path.includes('journal-')) return undefined;
    reached.resolve();
    return synced.promise;
  };
  const create = { ...put('/a', 1), expect: [{ key: '/a', revision: 0 }] };
  const first = store.commit(create).then(() => events.push('first'));
  const second = store.commit(create).then(({ done }) => events.push(`second ${done}`));
  await reached.promise;
  const third = store.commit(create).then(({ done }) => events.push(`third ${done}`));
  expect(await store.get('/a')).toBeUndefined();
  expect((await store.list('/')).entries).toEqual([]);
  expect(store.revision()).toBe(1);
  expect(events).toEqual([]);
  synced.resolve();
  await Promise.all([first, second, third]);
  expect(events).toEqual(['watch', 'first', 'second false', 'third false']);
});

test('what waits while a batch is synced goes out in one batch', async () => {
  const disk = new CrashFileLayer();
  const store = await openOn(disk);
  const before = disk.operations.length;
  await Promise.all(Array.from({ length: 100 }, (_, number) => store.commit(put(`/k${number}`, number))));
  expect(disk.operations.slice(before)).toEqual(['write', 'sync']);
  await Promise.all(Array.from({ length: 1_200 }, (_, number) => store.commit(put(`/k${number}`, number))));
  expect(disk.operations.slice(before).filter((operation) => operation === 'sync')).toHaveLength(1 + 3);
});
