/** A backup is the state at one revision; restored, nobody mistakes it for what stood there before. */
import { expect, test } from '@jest/globals';
import { Compacted, type Store } from '../store.ts';
import { backupStore, restoreStore } from './backup.ts';
import { CrashFileLayer } from './crash-file-layer.ts';
import { directory, fill, openOn, put, stateOf } from './sample-store.ts';

const file = '/backups/naru.backup';
const entriesOf = async (store: Store) => (await stateOf(store)).split('\n').slice(1);

test('of a store in use equals the state at the revision that it names', async () => {
  const disk = new CrashFileLayer();
  const store = await openOn(disk, { checkpointBytes: 400 });
  const states = await fill(store, 15);
  let stopped = false;
  const writing = (async () => {
    for (let number = 15; !stopped; number += 1) {
      for (const [revision, state] of await fill(store, 1, number)) states.set(revision, state);
    }
  })();
  for (let round = 0; round < 20; round += 1) {
    const { revision } = await backupStore({ directory, file, files: disk });
    await restoreStore({ directory: '/other', file, files: disk, replace: true });
    const restored = await openOn(disk, { directory: '/other' });
    expect(await entriesOf(restored)).toEqual(states.get(revision)?.split('\n').slice(1));
    await restored.close();
  }
  stopped = true;
  await writing;
});

test('restored over a store that went on, it is beyond every revision that was answered', async () => {
  const disk = new CrashFileLayer();
  const store = await openOn(disk);
  await fill(store, 10);
  const entries = await entriesOf(store);
  await backupStore({ directory, file, files: disk });
  await fill(store, 20, 10);
  const newest = store.revision();
  await store.close();
  await expect(restoreStore({ directory, file, files: disk })).rejects.toThrow('there is a store in /store already');
  await restoreStore({ directory, file, files: disk, replace: true });
  const restored = await openOn(disk.afterPowerCut('lost'));
  expect(await entriesOf(restored)).toEqual(entries);
  expect(restored.revision()).toBe(newest + 1_000_000);
  await expect(restored.watch('/', newest, () => {})).rejects.toThrow(Compacted);
});

test('that is cut off or changed is refused, and what stands stays', async () => {
  const disk = new CrashFileLayer();
  const store = await openOn(disk);
  await fill(store, 10);
  const { revision } = await backupStore({ directory, file, files: disk });
  await store.commit(put('/after', revision));
  await store.close();
  const state = await stateOf(store);
  const files = disk.contents();
  const whole = files.get(file) as Buffer;
  for (let length = 0; length < whole.length; length += 13) {
    const cut = new CrashFileLayer(files.set(file, whole.subarray(0, length)));
    await expect(restoreStore({ directory, file, files: cut, replace: true })).rejects.toThrow('naru.backup: ');
    expect(await stateOf(await openOn(cut))).toBe(state);
  }
});
