import { expect, test } from '@jest/globals';
import type { Change, Entry } from '../store/store.ts';
import type { CacheEvent } from './cache-event.ts';
import { ResourceCache, TooOld } from './resource-cache.ts';
import { StoredObject, encodeValue } from './stored-object.ts';
import { WrittenObjects } from './written-objects.ts';

const prefix = '/registry/configmaps/';
const all = { prefix, identity: prefix };
const labelled = {
  prefix,
  identity: 'l',
  matches: (object: { metadata: { labels?: Record<string, string> } }) => object.metadata.labels?.['in'] === 'yes',
};

class World {
  readonly cache = new ResourceCache({ prefix, floor: 2, written: new WrittenObjects() });
  readonly #entries = new Map<string, Entry>();
  revision = 2;

  put(name: string, labels: Record<string, string> = {}): void {
    const object = {
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name, namespace: 'n', uid: `u-${name}`, labels },
    };
    this.#change(`${prefix}n/${name}`, encodeValue(object));
  }

  delete(name: string): void {
    this.#change(`${prefix}n/${name}`, null);
  }

  #change(key: string, value: Buffer | null): void {
    const change: Change = { key, value, previous: this.#entries.get(key) ?? null, revision: ++this.revision };
    if (value) this.#entries.set(key, { key, value, revision: this.revision });
    else this.#entries.delete(key);
    this.cache.apply(change, 0);
  }
}

const named = (events: Iterable<CacheEvent>) =>
  [...events].map(({ type, stored }) => `${type} ${stored.object.metadata.name} ${stored.resourceVersion}`);

test('a snapshot shows the resource as it was, whatever came after', () => {
  const world = new World();
  world.put('a');
  world.put('b');
  const then = world.revision;
  world.delete('a');
  world.put('b', { changed: 'yes' });
  world.put('c');
  const seen = [...world.cache.snapshot(then, world.revision)(prefix)];
  expect(seen.map(({ object }) => [object.metadata.name, object.metadata.resourceVersion])).toEqual([
    ['a', '3'],
    ['b', '4'],
  ]);
  expect(() => world.cache.snapshot(1, world.revision)).toThrow(TooOld);
});

test('a watch from the past replays what concerns it, with objects that enter and leave its selection', () => {
  const world = new World();
  const start = world.revision;
  world.put('a');
  world.put('a', { in: 'yes' });
  world.put('a', { in: 'yes', more: '1' });
  world.put('a', { in: 'no' });
  const { initial } = world.cache.watch(labelled, { after: start }, () => {});
  expect(named(initial)).toEqual(['ADDED a 4', 'MODIFIED a 5', 'DELETED a 6']);
  expect(() => world.cache.watch(all, { after: 1 }, () => {})).toThrow(TooOld);
});

test('between the state a watch begins with and the changes it is told nothing is lost or told twice', () => {
  const world = new World();
  world.put('a');
  const live: CacheEvent[] = [];
  const { initial, stop } = world.cache.watch(all, 'state', (event) => live.push(event));
  world.put('b');
  world.delete('a');
  expect(named(initial)).toEqual(['ADDED a 3']);
  expect(named(live)).toEqual(['ADDED b 4', 'DELETED a 5']);
  stop();
  world.put('c');
  expect(live).toHaveLength(2);
});

test('the resourceVersion goes into the bytes where metadata has its uid, and nowhere else', () => {
  const data = { tricky: '"uid":"x" "metadata":{' };
  const value = encodeValue({
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: 'a', labels: { uid: 'l' }, uid: 'u' },
    data,
  } as never);
  const stored = new StoredObject('k', value, 12);
  expect(JSON.parse(stored.toJson().toString())).toEqual({
    kind: 'ConfigMap',
    apiVersion: 'v1',
    metadata: { name: 'a', labels: { uid: 'l' }, uid: 'u', resourceVersion: '12' },
    data,
  });
  const item = Buffer.alloc(stored.itemSize);
  expect(stored.writeItemTo(item, 0)).toBe(stored.itemSize);
  expect(Object.keys(JSON.parse(item.toString()))).toEqual(['metadata', 'data']);
});
