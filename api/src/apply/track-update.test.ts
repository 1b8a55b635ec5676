import { expect, test } from '@jest/globals';
import { cloneJson } from '../clone-json.ts';
import type { JsonObject } from '../json-object.ts';
import type { ManagedFieldsEntry } from '../object.ts';
import { typeOfKind } from '../schema/schema-table.ts';
import { builtInType, emptyObject } from './built-in-types.ts';
import { noFields } from './field-set.ts';
import { parentManagedFields, scaleManagedFields } from './scale-managers.ts';
import { keepStoredTimes } from './stored-times.ts';
import { trackUpdate, type TrackedUpdate } from './track-update.ts';

function kindOf(group: string, kind: string) {
  const type = typeOfKind(group, 'v1', kind)!;
  return { group, version: 'v1', kind, type: builtInType(type), empty: emptyObject(type) };
}

const configMap = kindOf('', 'ConfigMap');
const pod = kindOf('', 'Pod');
const deployment = kindOf('apps', 'Deployment');
const now = Date.UTC(2026, 0, 1);

const track = (update: Partial<TrackedUpdate> & Pick<TrackedUpdate, 'after'>) => {
  const before = cloneJson([update.before, update.after]);
  const entries = trackUpdate({ before: undefined, manager: 'm', kind: configMap, now, ...update });
  expect([update.before, update.after]).toEqual(before);
  return entries;
};

const stored = (object: JsonObject, managedFields: ManagedFieldsEntry[] | undefined): JsonObject => ({
  ...object,
  metadata: { ...(object.metadata as JsonObject), uid: 'u', ...(managedFields && { managedFields }) },
});

const fieldsOf = (entries: ManagedFieldsEntry[] | undefined) =>
  entries?.map(({ manager, fieldsV1 }) => [manager, fieldsV1]);

test('a creator owns what it sets, without identity and without containers that are always there', () => {
  const after = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'a', namespace: 'b', labels: { x: 'y' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { x: 'y' } },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%' } },
      template: { metadata: {}, spec: { containers: [{ name: 'c', image: 'i', resources: {} }] } },
    },
    status: {},
  };
  expect(track({ after, kind: deployment })).toEqual([
    {
      manager: 'm',
      operation: 'Update',
      apiVersion: 'apps/v1',
      time: '2026-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: {
        'f:metadata': { 'f:labels': { '.': {}, 'f:x': {} } },
        'f:spec': {
          'f:replicas': {},
          'f:selector': {},
          'f:strategy': { 'f:rollingUpdate': { '.': {}, 'f:maxSurge': {} }, 'f:type': {} },
          'f:template': {
            'f:spec': {
              'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:image': {}, 'f:name': {}, 'f:resources': {} } },
            },
          },
        },
      },
    },
  ]);
});

test('whoever changes a field takes it over, and a subresource is a manager of its own', () => {
  const after = { spec: { containers: [{ name: 'c', image: 'i', resources: {} }] }, status: {} };
  const before = stored(after, track({ after, kind: pod, manager: 'kubectl' }));
  const condition = { type: 'Ready', status: 'True', lastProbeTime: null };
  const changed = {
    ...before,
    spec: { containers: [{ name: 'c', image: 'j', resources: {} }] },
    status: { conditions: [condition] },
  };
  const entries = track({ before, after: changed, kind: pod, manager: '', subresource: 'status' });
  expect(entries?.map(({ manager, subresource }) => [manager, subresource])).toEqual([
    ['kubectl', undefined],
    ['unknown', 'status'],
  ]);
  expect(fieldsOf(entries)?.[1]).toEqual([
    'unknown',
    {
      'f:spec': { 'f:containers': { 'k:{"name":"c"}': { 'f:image': {} } } },
      'f:status': {
        'f:conditions': {
          '.': {},
          'k:{"type":"Ready"}': { '.': {}, 'f:lastProbeTime': {}, 'f:status': {}, 'f:type': {} },
        },
      },
    },
  ]);
});

test('what is removed is nobody’s, and who has nothing left is forgotten', () => {
  const object = { data: { k: 'v' } };
  const before = stored(object, track({ after: object, manager: 'one' }));
  expect(track({ before, after: stored({}, undefined), manager: 'two' })).toBeUndefined();
});

test('an update that changes nothing keeps entries and times', () => {
  const object = { data: { k: 'v' } };
  const before = stored(object, track({ after: object, now: now - 5000 }));
  const { managedFields } = before.metadata as { managedFields: ManagedFieldsEntry[] };
  expect(track({ before, after: stored(object, undefined), manager: 'other' })).toEqual(managedFields);
  expect(track({ before, after: cloneJson(before), manager: 'other' })).toEqual(managedFields);
});

test('entries that a client sends are taken if they are valid, and otherwise ignored', () => {
  const object = { data: { k: 'v' } };
  const before = stored(object, track({ after: object }));
  const entry = { manager: 'x', operation: 'Update' as const, apiVersion: 'v1', fieldsType: 'FieldsV1' as const };
  const send = (entries: unknown[], subresource = '') =>
    fieldsOf(track({ before, after: stored(object, entries as ManagedFieldsEntry[]), subresource }));
  const kept = [['m', { 'f:data': { '.': {}, 'f:k': {} } }]];
  expect(send([{ ...entry, fieldsV1: { 'f:data': {} } }])).toEqual([['x', { 'f:data': {} }]]);
  expect(send([{ ...entry, fieldsV1: { 'f:data': {} } }], 'status')).toEqual(kept);
  expect(send([{ ...entry, operation: 'Bogus', fieldsV1: {} }])).toEqual(kept);
  expect(send([{ ...entry, fieldsType: 'Bogus', fieldsV1: {} }])).toEqual(kept);
  expect(send([{ ...entry, fieldsV1: { 'f:data': 1 } }])).toEqual(kept);
  expect(send([{}])).toBeUndefined();
  expect(send([])).toBeUndefined();
});

test('fields that are reset are not owned', () => {
  const after = { data: { k: 'v' }, binaryData: { b: '' } };
  expect(fieldsOf(track({ after, resetFields: { 'f:data': noFields } }))).toEqual([
    ['m', { 'f:binaryData': { '.': {}, 'f:b': {} } }],
  ]);
});

test('beyond ten updaters the oldest are counted together', () => {
  let object: JsonObject = { data: {} };
  for (let i = 0; i < 15; i++) {
    const after = { ...object, data: { ...(object.data as JsonObject), [`k${i}`]: 'v' } };
    const before = i ? object : undefined;
    object = stored(after, track({ before, after, manager: `m${i}`, now: now + i * 1000 }));
  }
  const { managedFields } = object.metadata as { managedFields: ManagedFieldsEntry[] };
  expect(managedFields).toHaveLength(10);
  expect(managedFields[0]).toMatchObject({
    manager: 'ancient-changes',
    time: '2026-01-01T00:00:05Z',
    fieldsV1: { 'f:data': { '.': {}, 'f:k0': {}, 'f:k5': {} } },
  });
});

test('a list whose items cannot be told apart leaves the object untracked', () => {
  const finalizers = ['a', null];
  expect(track({ after: { metadata: { finalizers } } })).toBeUndefined();
});

test('replicas that are scaled move to the manager of the scale, and keep its words there', () => {
  const entry = { operation: 'Update' as const, apiVersion: 'apps/v1', fieldsType: 'FieldsV1' as const };
  const entries = [{ ...entry, manager: 'creator', fieldsV1: { 'f:spec': { 'f:paused': {}, 'f:replicas': {} } } }];
  const paths = new Map([['apps/v1', ['f:spec', 'f:replicas']]]);
  expect(scaleManagedFields(entries, paths)).toEqual([
    { ...entry, manager: 'creator', apiVersion: 'autoscaling/v1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } },
  ]);
  const scaler = { ...entry, manager: 'scaler', subresource: 'scale', apiVersion: 'autoscaling/v1' };
  const scaled = [{ ...scaler, fieldsV1: { 'f:spec': { 'f:replicas': {} } } }];
  expect(fieldsOf(parentManagedFields(entries, scaled, { paths, apiVersion: 'apps/v1' }))).toEqual([
    ['creator', { 'f:spec': { 'f:paused': {} } }],
    ['scaler', { 'f:spec': { 'f:replicas': {} } }],
  ]);
  const unchanged = parentManagedFields(entries, scaleManagedFields(entries, paths), { paths, apiVersion: 'apps/v1' });
  expect(unchanged).toEqual(entries);
});

test('times alone are no change', () => {
  const object = { data: { k: 'v' } };
  const before = stored(object, track({ after: object }));
  const later = stored(object, track({ after: object, now: now + 60_000 }));
  expect(keepStoredTimes(before, later)).toBe(before);
  const other = stored({ data: { k: 'w' } }, track({ after: object, now: now + 60_000 }));
  expect(keepStoredTimes(before, other)).toBe(other);
});
