import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cloneJson } from '../clone-json.ts';
import type { JsonObject } from '../json-object.ts';
import { typeNamed } from '../schema/schema-table.ts';
import { isStatusError } from '../status.ts';
import { applyStrategicMergePatch } from './strategic-merge-patch.ts';

const podSpec = typeNamed('k8s.io.api.core.v1.PodSpec')!;
const serviceSpec = typeNamed('k8s.io.api.core.v1.ServiceSpec')!;
const objectMeta = typeNamed('k8s.io.apimachinery.pkg.apis.meta.v1.ObjectMeta')!;

const images = (...names: string[]) => names.map((name) => ({ name, image: name }));

test.each([
  [
    'a list with a key merges, new items first',
    { containers: images('a', 'b') },
    { containers: images('n') },
    { containers: images('n', 'a', 'b') },
  ],
  [
    'known items are merged in place',
    { containers: images('a', 'b', 'c') },
    { containers: [{ name: 'b', tty: true }] },
    {
      containers: [
        { name: 'a', image: 'a' },
        { name: 'b', image: 'b', tty: true },
        { name: 'c', image: 'c' },
      ],
    },
  ],
  [
    'several known items come in the order of the patch',
    { containers: images('a', 'b', 'c') },
    { containers: [{ name: 'c' }, { name: 'a' }] },
    { containers: images('b', 'c', 'a') },
  ],
  [
    'a list without a key is replaced',
    { tolerations: [{ key: 'a' }] },
    { tolerations: [{ key: 'b' }] },
    { tolerations: [{ key: 'b' }] },
  ],
  ['null deletes', { nodeName: 'x', hostname: 'y' }, { nodeName: null, subdomain: null }, { hostname: 'y' }],
  [
    'nulls in new maps disappear',
    {},
    { securityContext: { fsGroup: null, runAsUser: 1 } },
    { securityContext: { runAsUser: 1 } },
  ],
  [
    '$patch: replace on a map',
    { nodeSelector: { a: '1' } },
    { nodeSelector: { $patch: 'replace', b: '2' } },
    { nodeSelector: { b: '2' } },
  ],
  [
    '$patch: delete on a map',
    { nodeSelector: { a: '1' } },
    { nodeSelector: { $patch: 'delete' } },
    { nodeSelector: {} },
  ],
  ['a directive without anything to work on', {}, { nodeSelector: { $patch: 'delete' } }, {}],
  [
    '$patch: delete in a list',
    { containers: images('a', 'b') },
    { containers: [{ name: 'a', $patch: 'delete' }] },
    { containers: images('b') },
  ],
  [
    '$patch: replace in a list',
    { containers: images('a', 'b') },
    { containers: [{ $patch: 'replace' }, ...images('c')] },
    { containers: images('c') },
  ],
  [
    '$patch: delete in a list that is not there',
    {},
    { containers: [...images('a'), { name: 'b', $patch: 'delete' }] },
    { containers: images('a') },
  ],
  [
    '$setElementOrder without changes',
    { containers: images('a', 'b', 'c') },
    { '$setElementOrder/containers': [{ name: 'c' }, { name: 'a' }] },
    { containers: images('b', 'c', 'a') },
  ],
  [
    '$setElementOrder with an addition',
    { containers: images('a', 'b') },
    { '$setElementOrder/containers': [{ name: 'b' }, { name: 'n' }, { name: 'a' }], containers: images('n') },
    { containers: images('b', 'n', 'a') },
  ],
  [
    '$setElementOrder leaves others where they stand',
    { containers: images('x', 'a', 'b') },
    { '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }] },
    { containers: images('x', 'a', 'b') },
  ],
  [
    '$retainKeys',
    { volumes: [{ name: 'v', emptyDir: {} }] },
    { volumes: [{ name: 'v', $retainKeys: ['name', 'hostPath'], hostPath: { path: '/a' } }] },
    { volumes: [{ name: 'v', hostPath: { path: '/a' } }] },
  ],
])('%s', (_, original, patch, expected) => {
  const before = cloneJson([original, patch]);
  expect(applyStrategicMergePatch(original, patch, podSpec)).toEqual(expected);
  expect([original, patch]).toEqual(before);
});

test.each([
  ['additions come first', { finalizers: ['c'] }, ['c', 'a', 'b']],
  ['duplicates are dropped', { finalizers: ['b', 'b'] }, ['a', 'b']],
  ['deletions', { '$deleteFromPrimitiveList/finalizers': ['a', 'none'] }, ['b']],
  ['deletion and addition', { '$deleteFromPrimitiveList/finalizers': ['b'], finalizers: ['d'] }, ['d', 'a']],
  ['order', { '$setElementOrder/finalizers': ['b', 'c', 'a'], finalizers: ['c'] }, ['b', 'c', 'a']],
])('lists of plain values merge as sets: %s', (_, patch, expected) => {
  expect(applyStrategicMergePatch({ finalizers: ['a', 'b'] }, patch, objectMeta)).toEqual({ finalizers: expected });
});

const failure = (act: () => unknown): [number, string] => {
  try {
    act();
  } catch (error) {
    if (isStatusError(error)) return [error.code, error.message];
    throw error;
  }
  throw new Error('nothing was thrown');
};

test.each([
  [500, 'unknown patch type: merge in map: map[$patch:merge d:4]', { nodeSelector: { $patch: 'merge', d: '4' } }],
  [500, 'merging lists cannot yet be specified in the patch', { containers: [{ name: 'a', $patch: 'merge' }] }],
  [500, 'unknown patch type: x in map: map[$patch:x name:a]', { containers: [{ name: 'a', $patch: 'x' }] }],
  [500, 'map: map[image:i] does not contain declared merge key: name', { containers: [{ image: 'i' }] }],
  [500, 'map: map[$patch:delete] does not contain declared merge key: name', { containers: [{ $patch: 'delete' }] }],
  [500, 'list element types are not identical: [[map[image:a name:a]] [x]]', { containers: ['x'] }],
  [422, 'the server rejected our request due to an error in our request', { containers: [[]] }],
  [400, 'invalid patch format of retainKeys', { $retainKeys: 'x' }],
  [400, 'invalid patch format of retainKeys', { $retainKeys: ['a'], b: 1 }],
  [400, 'invalid patch format of setElementOrder list', { $setElementOrder: [] }],
  [400, 'invalid patch format of primitive list', { $deleteFromPrimitiveList: [] }],
  [
    500,
    "The order in patch list:\n[map[name:z]]\n doesn't match $setElementOrder list:\n[map[name:a]]\n",
    { '$setElementOrder/containers': [{ name: 'a' }], containers: [{ name: 'z' }] },
  ],
  [500, 'expected a []interface {}, but received a map[string]interface {}', { '$setElementOrder/containers': {} }],
])('%d: %s', (code, message, patch) => {
  const original = { containers: images('a'), nodeSelector: { a: '1' } };
  expect(failure(() => applyStrategicMergePatch(original, patch as JsonObject, podSpec))).toEqual([code, message]);
});

test('ports merge by number alone', () => {
  const original = {
    ports: [
      { name: 'a', port: 80, protocol: 'TCP' },
      { name: 'b', port: 443, protocol: 'TCP' },
    ],
  };
  expect(applyStrategicMergePatch(original, { ports: [{ port: 80, targetPort: 8080 }] }, serviceSpec)).toEqual({
    ports: [
      { name: 'a', port: 80, protocol: 'TCP', targetPort: 8080 },
      { name: 'b', port: 443, protocol: 'TCP' },
    ],
  });
});

test('__proto__ is a key like any other', () => {
  const labels = JSON.parse('{"__proto__":"x","constructor":"y"}') as JsonObject;
  const result = applyStrategicMergePatch({ labels: { a: '1' } }, { labels }, objectMeta);
  expect(JSON.stringify(result)).toBe('{"labels":{"a":"1","__proto__":"x","constructor":"y"}}');
});

test('a merged list holds each key once: all of the patch, and all that it does not delete', () => {
  const item = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'constructor'), image: fc.string() });
  const list = fc.uniqueArray(item, { selector: ({ name }) => name });
  const deletion = fc.record({ name: fc.constantFrom('a', 'b', 'e'), $patch: fc.constant('delete') });
  const names = (items: readonly { name: string }[]) => items.map(({ name }) => name);
  fc.assert(
    fc.property(list, list, fc.array(deletion, { maxLength: 2 }), (original, added, deleted) => {
      const patch = { containers: [...added, ...deleted] };
      const result = applyStrategicMergePatch({ containers: original }, patch, podSpec) as {
        containers: typeof original;
      };
      const kept = names(original).filter((name) => !names(deleted).includes(name));
      expect(names(result.containers).sort()).toEqual([...new Set([...names(added), ...kept])].sort());
    }),
  );
});
