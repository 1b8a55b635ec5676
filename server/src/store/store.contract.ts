/** The suite every Store must pass. */
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { FakeClock } from '@naru/api/clock';
import type { HistoryLimits } from './history.ts';
import { Compacted, type Change, type Store, type Transaction } from './store.ts';

const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const create = (key: string, value: unknown = {}): Transaction => ({
  expect: [{ key, revision: 0 }],
  writes: [{ key, value: bytes(value) }],
});
const put = (key: string, value: unknown): Transaction => ({ expect: [], writes: [{ key, value: bytes(value) }] });
const remove = (key: string): Transaction => ({ expect: [], writes: [{ key, value: null }] });
const inShort = ({ key, value, previous, revision }: Change) =>
  `${revision} ${key} ${previous ? `${previous.value}@${previous.revision}` : '-'} > ${value ?? '-'}`;

/** `open` makes an empty store whose history keeps no more than it is asked to. */
export function storeContract(
  name: string,
  open: (options: { clock: FakeClock; history?: Partial<HistoryLimits> }) => Promise<Store>,
): void {
  describe(name, () => {
    let clock: FakeClock;
    let store: Store;

    beforeEach(async () => {
      clock = new FakeClock();
      store = await open({ clock, history: { minimumChanges: 3, milliseconds: 1_000 } });
    });
    afterEach(() => store.close());

    const watched = async (prefix: string, from: number) => {
      const told: string[][] = [];
      const end = await store.watch(prefix, from, (changes) => told.push(changes.map(inShort)));
      return { told, end };
    };

    test('an empty store stands at revision 1', async () => {
      expect(store.revision()).toBe(1);
      expect(await store.get('/a/b')).toBeUndefined();
      expect(await store.list('/')).toEqual({ entries: [], revision: 1 });
    });

    test('a commit takes the next revision, and is there to read', async () => {
      expect(await store.commit(create('/a/b', { x: 'é\u0000' }))).toEqual({ done: true, revision: 2 });
      expect(store.revision()).toBe(2);
      const entry = await store.get('/a/b');
      expect(entry).toMatchObject({ key: '/a/b', revision: 2 });
      expect(JSON.parse(String(entry?.value))).toEqual({ x: 'é\u0000' });
    });

    test('keys are listed in code-unit order, and only those under the prefix', async () => {
      const keys = ['/a/z', '/a/B', '/a/b', '/a-/c', '/a0/c', '/a/b/c', '/a/__proto__', '/a/\u{1F600}', '/a/\uFFFD'];
      for (const key of keys) await store.commit(create(key));
      const { entries, revision } = await store.list('/a/');
      expect(entries.map(({ key }) => key)).toEqual(keys.filter((key) => key.startsWith('/a/')).sort());
      expect(revision).toBe(1 + keys.length);
      expect((await store.list('/')).entries).toHaveLength(keys.length);
    });

    test('a transaction happens whole, under one revision, or not at all', async () => {
      await store.commit(create('/a', 1));
      const both = [
        { key: '/a', value: null },
        { key: '/b', value: bytes(2) },
      ];
      expect(await store.commit({ expect: [{ key: '/a', revision: 9 }], writes: both })).toEqual({ done: false });
      expect((await store.list('/')).entries.map(({ key }) => key)).toEqual(['/a']);
      expect(await store.commit({ expect: [{ key: '/a', revision: 2 }], writes: both })).toMatchObject({ revision: 3 });
      expect((await store.list('/')).entries.map(({ key, revision }) => [key, revision])).toEqual([['/b', 3]]);
    });

    test('of many that create one key at once, one does, and the others can then read it', async () => {
      const results = await Promise.all(
        Array.from({ length: 50 }, async (_, index) => {
          const result = await store.commit(create('/a', index));
          return { result, seen: (await store.get('/a'))?.revision };
        }),
      );
      expect(results.filter(({ result }) => result.done)).toHaveLength(1);
      expect(results.every(({ seen }) => seen === 2)).toBe(true);
      expect(store.revision()).toBe(2);
    });

    test('compare-and-set loops lose no step', async () => {
      await store.commit(create('/n', 0));
      const add = async () => {
        for (;;) {
          const entry = await store.get('/n');
          const value = bytes(Number(entry?.value) + 1);
          const expected = [{ key: '/n', revision: entry?.revision ?? 0 }];
          if ((await store.commit({ expect: expected, writes: [{ key: '/n', value }] })).done) return;
        }
      };
      await Promise.all(Array.from({ length: 8 }, () => add()));
      expect(String((await store.get('/n'))?.value)).toBe('8');
      expect(store.revision()).toBe(10);
    });

    test('deleting what is not there changes nothing', async () => {
      expect(await store.commit(remove('/a'))).toEqual({ done: true, revision: 1 });
      await store.commit(create('/a'));
      await store.commit(remove('/a'));
      expect(await store.commit(remove('/a'))).toEqual({ done: true, revision: 3 });
    });

    test('a transaction that no store can carry out is a TypeError', async () => {
      const twice = { key: '/a', value: bytes(1) };
      const wrong = [
        [twice, twice],
        [{ key: '/a', value: Buffer.from('{\n}') }],
        [{ key: '/a', value: Buffer.alloc(0) }],
        [{ key: 'a', value: bytes(1) }],
      ];
      for (const writes of wrong) await expect(store.commit({ expect: [], writes })).rejects.toThrow(TypeError);
      expect(store.revision()).toBe(1);
    });

    test('a watch tells each revision once, before its commit resolves', async () => {
      const { told, end } = await watched('/a/', 1);
      await store.commit(create('/a/x', 1));
      expect(told).toEqual([['2 /a/x - > 1']]);
      await store.commit(create('/b/x', 1));
      await store.commit({ expect: [], writes: ['/a/x', '/b/x', '/a/y'].map((key) => ({ key, value: bytes(2) })) });
      await store.commit(remove('/a/x'));
      end();
      await store.commit(create('/a/x', 3));
      expect(told.slice(1)).toEqual([['4 /a/x 1@2 > 2', '4 /a/y - > 2'], ['5 /a/x 2@4 > -']]);
    });

    test('a watch starts in the past or the future', async () => {
      for (const value of [1, 2, 3]) await store.commit(put('/a', value));
      const past = await watched('/', 2);
      const future = await watched('/', 5);
      expect(past.told).toEqual([['3 /a 1@2 > 2'], ['4 /a 2@3 > 3']]);
      for (const value of [4, 5]) await store.commit(put('/a', value));
      expect(past.told.slice(2)).toEqual([['5 /a 3@4 > 4'], ['6 /a 4@5 > 5']]);
      expect(future.told).toEqual([['6 /a 4@5 > 5']]);
    });

    test('a watch begun by a listener misses nothing and hears nothing twice', async () => {
      const told: string[] = [];
      const hear = (changes: readonly Change[]) => told.push(...changes.map(inShort));
      let inner: Promise<() => void> | undefined;
      await store.watch('/', 1, () => (inner ??= store.watch('/', 1, hear)));
      await store.commit(put('/a', 1));
      await inner;
      await store.commit(put('/a', 2));
      expect(told).toEqual(['2 /a - > 1', '3 /a 1@2 > 2']);
    });

    test('history is let go when it is old, down to the least that is kept', async () => {
      for (const value of [1, 2, 3, 4, 5]) await store.commit(put('/a', value));
      await watched('/', 1);
      clock.advance(1_001);
      await store.commit(put('/a', 6));
      const refused: unknown = await store.watch('/', 3, () => {}).catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(Compacted);
      expect(refused).toMatchObject({ oldest: 4 });
      expect((await watched('/', 4)).told).toHaveLength(3);
    });

    test('a closed store takes nothing more', async () => {
      await store.commit(create('/a'));
      await store.close();
      await expect(store.commit(create('/b'))).rejects.toThrow();
      await store.close();
    });
  });
}
