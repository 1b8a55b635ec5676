/** What a start makes of files that were cut, changed or lost: the state as it was, or a refusal that names the file. */
import { describe, expect, test } from '@jest/globals';
import { FakeClock } from '@naru/api/clock';
import type { Change } from '../store.ts';
import { parseHeader, seal, type BatchHeader } from './batch.ts';
import { CrashFileLayer } from './crash-file-layer.ts';
import { directory, fill, openOn, put, remove, stateOf } from './sample-store.ts';

type Files = Map<string, Buffer>;

const path = (name: string) => `${directory}/${name}`;
const manifestOf = (files: Files) =>
  JSON.parse(String(files.get(path('MANIFEST')))) as {
    current: { snapshot: string; journals: string[] };
    previous: { snapshot: string; journals: string[] };
  };
const lastJournalOf = (files: Files) => path(manifestOf(files).current.journals.at(-1) as string);
const snapshotOf = (files: Files) => path(manifestOf(files).current.snapshot);

/** What a start on `files` shows; the error's text when it refuses. */
async function startOn(files: Files): Promise<string> {
  const disk = new CrashFileLayer(files);
  try {
    return await stateOf(await openOn(disk));
  } catch (error) {
    return String(error);
  }
}

/** Files of a store that was filled and then lost its process. */
async function filled(count: number): Promise<{ files: Files; states: Map<number, string> }> {
  const disk = new CrashFileLayer();
  const store = await openOn(disk);
  const states = await fill(store, count);
  return { files: disk.contents(), states };
}

/** Files of a store with two snapshots, and batches after the second. */
async function checkpointed(): Promise<{ files: Files; state: string }> {
  const disk = new CrashFileLayer();
  for (const first of [0, 20]) {
    const store = await openOn(disk, { checkpointBytes: 1 });
    await fill(store, 20, first);
    await store.close();
  }
  const store = await openOn(disk);
  await fill(store, 10, 40);
  return { files: disk.contents(), state: await stateOf(store) };
}

const withFile = (files: Files, name: string, bytes: Buffer) => new Map(files).set(name, bytes);
const without = (files: Files, name: string) => new Map([...files].filter(([other]) => other !== name));

describe('a journal', () => {
  test('cut at any byte comes back with exactly the whole batches before the cut', async () => {
    const { files, states } = await filled(12);
    const name = lastJournalOf(files);
    const journal = files.get(name) as Buffer;
    const header = journal.indexOf('\n') + 1;
    const ordered = [...states.values()];
    const wrong: number[] = [];
    for (let cut = header; cut <= journal.length; cut += 1) {
      const whole = journal.subarray(0, cut).toString('latin1').split('\n').length - 2;
      if ((await startOn(withFile(files, name, journal.subarray(0, cut)))) !== ordered[whole]) wrong.push(cut);
    }
    expect(wrong).toEqual([]);
    expect(ordered.length).toBeGreaterThan(10);
  });

  test('with a changed bit never shows anything that was not written, and refuses unless it is the last batch', async () => {
    const { files, states } = await filled(60);
    const name = lastJournalOf(files);
    const journal = files.get(name) as Buffer;
    const lastBatch = journal.lastIndexOf('\n', -2) + 1;
    const beforeLast = [...states.values()].at(-2);
    const wrong: string[] = [];
    for (let at = 0; at < journal.length; at += at < lastBatch ? 17 : 1) {
      const changed = Buffer.from(journal);
      changed[at] = (changed[at] as number) ^ (1 << (at % 8));
      const shown = await startOn(withFile(files, name, changed));
      const isRight = at < lastBatch ? /^(StoreDamaged|Error): journal-\d/.test(shown) : shown === beforeLast;
      if (!isRight) wrong.push(`${at}: ${shown.slice(0, 200)}`);
    }
    expect(wrong).toEqual([]);
  });

  test('keeps the piece that it cuts off', async () => {
    const { files } = await filled(3);
    const name = lastJournalOf(files);
    const disk = new CrashFileLayer(
      withFile(files, name, Buffer.concat([files.get(name) as Buffer, Buffer.from('J1 x')])),
    );
    await openOn(disk);
    expect(String(disk.contents().get(`${name}.broken`))).toBe('J1 x');
  });

  test('that lacks batches which the manifest knows of is refused', async () => {
    const { files } = await checkpointed();
    const disk = new CrashFileLayer(files);
    await openOn(disk); // Writes a manifest that knows the newest revision.
    const again = disk.contents();
    const name = lastJournalOf(again);
    const journal = again.get(name) as Buffer;
    const cut = journal.subarray(0, journal.lastIndexOf('\n', -2) + 1);
    expect(await startOn(withFile(again, name, cut))).toMatch(
      /StoreDamaged: journal-\d+\.log: it ends at revision \d+, though/,
    );
  });

  test('whose earlier file is cut is refused, for that was no torn write', async () => {
    const disk = new CrashFileLayer();
    const store = await openOn(disk, { checkpointBytes: 1 });
    disk.fault = (operation, path) => (operation === 'rename' && path.includes('snap-') ? 'EIO' : undefined);
    await fill(store, 10);
    const files = disk.contents();
    const { journals } = manifestOf(files).current;
    expect(journals.length).toBeGreaterThan(1);
    const name = path(journals[0] as string);
    const cut = (files.get(name) as Buffer).subarray(0, -1);
    expect(await startOn(withFile(files, name, cut))).toMatch(`StoreDamaged: ${journals[0]} at byte `);
  });

  test('with one batch exchanged for another that verifies by itself is refused', async () => {
    const { files } = await filled(20);
    const name = lastJournalOf(files);
    const lines = String(files.get(name)).split('\n');
    const { salt, sequence, records, length } = parseHeader(Buffer.from(lines[9] as string), 0) as BatchHeader;
    const body = Buffer.from((lines[9] as string).slice(length).replace('"number":', '"Number":'));
    lines[9] = seal({ salt, sequence, records, chain: 0 }, body).header + String(body);
    expect(await startOn(withFile(files, name, Buffer.from(lines.join('\n'))))).toMatch(
      'StoreDamaged: journal-1.log at byte',
    );
  });

  test('of another store is refused', async () => {
    const one = await filled(5);
    const other = await filled(5);
    const name = lastJournalOf(one.files);
    const { files: longer } = await checkpointed();
    expect(await startOn(withFile(longer, lastJournalOf(longer), one.files.get(name) as Buffer))).toMatch(
      'StoreDamaged',
    );
    expect(await startOn(withFile(one.files, name, other.files.get(name) as Buffer))).toContain('at 5');
  });
});

describe('a missing file', () => {
  test('is named, and never taken for an empty store', async () => {
    const { files } = await checkpointed();
    const { current } = manifestOf(files);
    for (const name of ['MANIFEST', current.snapshot, ...current.journals]) {
      const shown = await startOn(without(files, path(name)));
      expect(shown).toMatch(`StoreDamaged: ${name}: it is missing`);
      expect(shown).toMatch('naru repair --accept-data-loss');
    }
  });

  test('of the generation before does not matter while the current one is sound', async () => {
    const { files, state } = await checkpointed();
    expect(await startOn(without(files, path(manifestOf(files).previous.snapshot)))).toBe(state);
  });
});

describe('a damaged snapshot', () => {
  const damages: [string, (bytes: Buffer) => Buffer][] = [
    ['is empty', () => Buffer.alloc(0)],
    ['is all NULs', (bytes) => Buffer.alloc(bytes.length)],
    ['ends half way', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['ends a line early', (bytes) => bytes.subarray(0, bytes.lastIndexOf('\n', -2) + 1)],
    [
      'has one bit changed',
      (bytes) => Buffer.from(bytes.toString('latin1').replace('"number":2', '"number":3'), 'latin1'),
    ],
  ];

  test.each(damages)('that %s is set aside, and the one before leads to the same state', async (_how, damage) => {
    const { files, state } = await checkpointed();
    const name = snapshotOf(files);
    const bytes = damage(files.get(name) as Buffer);
    expect(bytes.equals(files.get(name) as Buffer)).toBe(false);
    const disk = new CrashFileLayer(withFile(files, name, bytes));
    expect(await stateOf(await openOn(disk))).toBe(state);
    expect(disk.contents().get(`${name}.broken`)).toEqual(bytes);
    expect(await startOn(disk.contents())).toBe(state);
  });

  test('with nothing to go back to is refused, and stays', async () => {
    const { files } = await checkpointed();
    const { current, previous } = manifestOf(files);
    const both = withFile(
      withFile(files, path(current.snapshot), Buffer.alloc(9)),
      path(previous.snapshot),
      Buffer.alloc(9),
    );
    const disk = new CrashFileLayer(both);
    await expect(openOn(disk)).rejects.toThrow(`${previous.snapshot}: `);
    expect(disk.contents().get(path(current.snapshot))).toEqual(Buffer.alloc(9));
  });
});

test('a damaged manifest is refused', async () => {
  const { files } = await checkpointed();
  const changed = Buffer.from(String(files.get(path('MANIFEST'))).replace('"revision":', '"revision":1'));
  expect(await startOn(withFile(files, path('MANIFEST'), changed))).toMatch(
    'StoreDamaged: MANIFEST: it does not verify',
  );
});

const inShort = ({ key, value, previous, revision }: Change) =>
  `${revision} ${key} ${previous ? `${previous.value}@${previous.revision}` : '-'} > ${value ?? '-'}`;

test('torn pieces do not add up', async () => {
  const disk = new CrashFileLayer();
  for (let round = 0; round < 20; round += 1) {
    disk.longestWrite = Infinity;
    disk.fault = () => undefined;
    const store = await openOn(disk);
    await fill(store, 2, round);
    disk.longestWrite = 10;
    const writes = disk.operations.length + 2;
    disk.fault = () => (disk.operations.length > writes ? 'EIO' : undefined);
    await expect(store.commit(put('/a', round))).rejects.toThrow('EIO');
  }
  expect([...disk.contents().keys()].filter((path) => path.endsWith('.broken'))).toHaveLength(8);
});

test('watches go on across restarts and checkpoints', async () => {
  const { files } = await checkpointed();
  const disk = new CrashFileLayer(files);
  const seen: number[] = [];
  const store = await openOn(disk);
  await store.watch('/', 1, (changes) => seen.push(...changes.map(({ revision }) => revision)));
  const told = [...new Set(seen)];
  expect(told).toEqual(Array.from({ length: store.revision() - 1 }, (_, index) => index + 2));
});

test('history comes back as it was, with the values before', async () => {
  const historyOf = async (disk: CrashFileLayer) => {
    const told: string[] = [];
    const store = await openOn(disk);
    await store.watch('/', 1, (changes) => told.push(changes.map(inShort).join('; ')));
    return told;
  };
  const { files } = await filled(50);
  const fromJournal = await historyOf(new CrashFileLayer(files));
  const disk = new CrashFileLayer(files);
  await (await openOn(disk, { checkpointBytes: 1 })).close();
  expect(snapshotOf(disk.contents())).toMatch('snap-');
  expect(await historyOf(disk)).toEqual(fromJournal);
  expect(fromJournal.length).toBeGreaterThan(40);
});

test('the revision is higher than ever before, however often all is deleted and started again', async () => {
  const disk = new CrashFileLayer();
  let highest = 1;
  for (let round = 0; round < 100; round += 1) {
    const clock = new FakeClock();
    const history = { minimumChanges: 0, milliseconds: -1 };
    const store = await openOn(disk, { checkpointBytes: round % 2 ? 1 : 1_000_000, clock, history });
    expect(store.revision()).toBe(highest);
    await store.commit(put('/a', round));
    await store.commit(remove('/a'));
    highest = store.revision();
    expect((await store.list('/')).entries).toEqual([]);
    if (round % 3 > 0) await store.close();
  }
  expect(highest).toBe(201);
  // MANIFEST, the reserve, two generations; what is superseded is removed.
  expect(disk.contents().size).toBeLessThan(10);
});
