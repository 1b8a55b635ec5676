/** The power goes at every single operation on the disk, again and again: what was acknowledged is there after. */
import { describe, expect, test } from '@jest/globals';
import { CrashFileLayer, type Unsynced } from './crash-file-layer.ts';
import { fill, openOn, randomOf, stateOf, transactionOf } from './sample-store.ts';

const commits = 24;
/** Small enough that the writes below go through several checkpoints. */
const checkpointBytes = 1_500;

/** What the client of a store that lost its power knows. */
interface Known {
  /** The state at each revision, from a run without a power cut. */
  readonly states: ReadonlyMap<number, string>;
  acknowledged: number;
  attempted: number;
}

/** Opens and writes until it is done or the power goes. */
async function run(disk: CrashFileLayer, known: Known, until = commits): Promise<void> {
  try {
    const store = await openOn(disk, { checkpointBytes });
    for (let number = known.attempted; number < until; number += 1) {
      known.attempted = number + 1;
      const result = await store.commit(transactionOf(number));
      if (result.done) known.acknowledged = result.revision;
    }
    await store.close();
  } catch {
    // The power is gone; what counts is what is found afterwards.
  }
}

async function statesWithoutPowerCut(): Promise<ReadonlyMap<number, string>> {
  return fill(await openOn(new CrashFileLayer()), commits);
}

/** What is wrong with the store found on `disk`; undefined when nothing is. */
async function wrongWith(disk: CrashFileLayer, { states, acknowledged }: Known): Promise<string | undefined> {
  try {
    const store = await openOn(disk, { checkpointBytes });
    if (store.revision() < acknowledged) return `${store.revision()} is there, ${acknowledged} was acknowledged`;
    const state = await stateOf(store);
    return state === states.get(store.revision())
      ? undefined
      : `revision ${store.revision()} never was like this: ${state}`;
  } catch (error) {
    return String(error);
  }
}

async function operationsWithoutPowerCut(states: ReadonlyMap<number, string>): Promise<number> {
  const disk = new CrashFileLayer();
  await run(disk, { states, acknowledged: 1, attempted: 0 });
  return disk.operations.length;
}

const fates: [string, (seed: number) => Unsynced][] = [
  ['lost', () => 'lost'],
  ['kept, as when only the process dies', () => 'kept'],
  ['kept and lost by chance, sector by sector and name by name', (seed) => ({ some: randomOf(seed) })],
  ['kept and lost by another chance', (seed) => ({ some: randomOf(seed + 1_000_000) })],
];

describe('the power goes at any operation, and what was not synced is', () => {
  test.each(fates)('%s', async (_name, fate) => {
    const states = await statesWithoutPowerCut();
    const wrong: string[] = [];
    const end = await operationsWithoutPowerCut(states);
    for (let cutAt = 0; cutAt <= end; cutAt += 1) {
      const disk = new CrashFileLayer();
      disk.cutAt = cutAt;
      const known = { states, acknowledged: 1, attempted: 0 };
      await run(disk, known);
      const problem = await wrongWith(disk.afterPowerCut(fate(cutAt)), known);
      if (problem) wrong.push(`${cutAt} ${disk.operations.slice(-3)}: ${problem}`);
    }
    expect(wrong).toEqual([]);
    expect(end).toBeGreaterThan(100);
  });

  test('anything, three times in a row, during recovery too', async () => {
    const states = await statesWithoutPowerCut();
    const wrong: string[] = [];
    for (let seed = 0; seed < 300; seed += 1) {
      const random = randomOf(seed);
      const known = { states, acknowledged: 1, attempted: 0 };
      let disk = new CrashFileLayer();
      disk.cutAt = Math.floor(random() * 200);
      await run(disk, known);
      for (let again = 0; again < 3; again += 1) {
        disk = disk.afterPowerCut({ some: random });
        disk.cutAt = Math.floor(random() * 40);
        await openOn(disk, { checkpointBytes }).catch(() => {});
      }
      const problem = await wrongWith(disk.afterPowerCut({ some: random }), known);
      if (problem) wrong.push(`seed ${seed}: ${problem}`);
    }
    expect(wrong).toEqual([]);
  });
});

test('bytes that a failed sync left in memory only are not built upon', async () => {
  const disk = new CrashFileLayer();
  const store = await openOn(disk);
  const states = await fill(store, 3);
  disk.fault = (operation, path) => (operation === 'sync' && path.includes('journal-') ? 'EIO' : undefined);
  await expect(store.commit(transactionOf(3))).rejects.toThrow('EIO');
  // The process ends; the next one reads the batch from memory, and so shows it. It must then be on disk.
  const restarted = disk.afterPowerCut('kept');
  const shown = await openOn(restarted);
  await shown.commit(transactionOf(5));
  const state = await stateOf(shown);
  expect(await stateOf(await openOn(restarted.afterPowerCut('lost')))).toBe(state);
  expect(shown.revision()).toBe([...states.keys()].length + 2);
});
