/** Repair keeps what verifies, says what is gone, and leaves the damaged files where they can be looked at. */
import { expect, test } from '@jest/globals';
import { Compacted } from '../store.ts';
import { backupStore, restoreStore } from './backup.ts';
import { CrashFileLayer } from './crash-file-layer.ts';
import { repairStore } from './repair.ts';
import { directory, fill, openOn, put, stateOf } from './sample-store.ts';

type Files = Map<string, Buffer>;
const journalOf = (files: Files) => [...files.keys()].filter((path) => /journal-\d+\.log$/.test(path)).at(-1) as string;
const withFile = (files: Files, path: string, bytes: Buffer) => new CrashFileLayer(new Map(files).set(path, bytes));
const repair = (files: CrashFileLayer) => repairStore({ directory, files, acceptDataLoss: true });

async function filled() {
  const disk = new CrashFileLayer();
  const states = await fill(await openOn(disk), 30);
  const files = disk.contents();
  const path = journalOf(files);
  return { files, path, journal: files.get(path) as Buffer, states };
}

/** `bytes` with one bit changed in the middle of line `number`. */
function damaged(bytes: Buffer, number: number): Buffer {
  let start = 0;
  for (let line = 0; line < number; line += 1) start = bytes.indexOf('\n', start) + 1;
  const changed = Buffer.from(bytes);
  changed[start + 40] = (changed[start + 40] as number) ^ 1;
  return changed;
}

test('damage in the middle costs what follows, and no more', async () => {
  const { files, path, journal, states } = await filled();
  const disk = withFile(files, path, damaged(journal, 12));
  await expect(openOn(disk)).rejects.toThrow('journal-1.log at byte');
  const newest = Math.max(...states.keys());
  expect(await repair(disk)).toMatchObject({
    kept: 12,
    first: 13,
    last: newest,
    copies: ['MANIFEST.damaged', 'journal-1.log.damaged'],
  });
  const store = await openOn(disk.afterPowerCut('lost'));
  const entriesOf = (state: string | undefined) => state?.split('\n').slice(1);
  expect(entriesOf(await stateOf(store))).toEqual(entriesOf(states.get(12)));
  expect(disk.contents().get(`${path}.damaged`)).toEqual(damaged(journal, 12));
});

test('a restored store is repaired from its own snapshot, though its journals begin like those of an empty one', async () => {
  const disk = new CrashFileLayer();
  await fill(await openOn(disk), 10);
  await backupStore({ directory, file: `${directory}/../backup`, files: disk });
  await restoreStore({ directory, file: `${directory}/../backup`, replace: true, files: disk });
  const restored = await openOn(disk);
  const base = restored.revision();
  const states = await fill(restored, 10);
  const files = disk.contents();
  const path = journalOf(files);
  const broken = withFile(files, path, damaged(files.get(path) as Buffer, 5));
  const loss = await repair(broken);
  expect(loss?.kept).toBeGreaterThan(base);
  const entriesOf = (state: string | undefined) => state?.split('\n').slice(1);
  expect(entriesOf(await stateOf(await openOn(broken)))).toEqual(entriesOf(states.get(loss?.kept as number)));
});

test('who watched a revision that is gone is told so', async () => {
  const { files, path, journal, states } = await filled();
  const disk = withFile(files, path, damaged(journal, 12));
  await repair(disk);
  const store = await openOn(disk);
  const newest = Math.max(...states.keys());
  expect(store.revision()).toBe(newest + 1_000_000);
  for (const from of [5, 12, newest]) await expect(store.watch('/', from, () => {})).rejects.toThrow(Compacted);
  expect(await store.commit(put('/a', 1))).toMatchObject({ revision: newest + 1_000_001 });
});

test('a lost manifest or file header costs nothing', async () => {
  const { files, path, journal, states } = await filled();
  const newest = Math.max(...states.keys());
  const manifest = withFile(files, `${directory}/MANIFEST`, Buffer.from('{}'));
  expect(await repair(manifest)).toMatchObject({ kept: newest, last: newest });
  const header = withFile(files, path, damaged(journal, 0));
  expect(await repair(header)).toMatchObject({ kept: newest, last: newest });
});

test('a sound store is left as it is', async () => {
  const { files } = await filled();
  const disk = new CrashFileLayer(files);
  const state = await stateOf(await openOn(disk));
  expect(await repair(disk)).toBeUndefined();
  expect(await stateOf(await openOn(disk))).toBe(state);
});

test('where nothing can be read there is nothing to repair', async () => {
  const { files, path } = await filled();
  await expect(repair(withFile(files, path, Buffer.alloc(100)))).rejects.toThrow('journal-1.log');
});

test('a power cut during a repair loses no more', async () => {
  const { files, path, journal } = await filled();
  const whole = withFile(files, path, damaged(journal, 12));
  await repair(whole);
  for (let cutAt = 0; cutAt < whole.operations.length; cutAt += 1) {
    const disk = withFile(files, path, damaged(journal, 12));
    disk.cutAt = cutAt;
    await repair(disk).catch(() => {});
    const found = disk.afterPowerCut(cutAt % 2 ? 'lost' : 'kept');
    await repair(found);
    expect((await (await openOn(found)).list('/')).entries).toHaveLength(7);
  }
});
