import { expect, test } from '@jest/globals';
import type { AnyObject, ObjectMeta } from '@naru/api/object';
import { configMap } from '../kinds/core/config-map.ts';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';

const context = { now: 0, subresource: '' };
const object = (metadata: ObjectMeta): AnyObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'n', uid: 'u', ...metadata },
});
const told = (errors: readonly { field: string; reason: string }[]) =>
  errors.map(({ field, reason }) => `${field} ${reason}`);
const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u1' };

test.each<[ObjectMeta, string[]]>([
  [{}, []],
  [{ name: '' }, ['metadata.name FieldValueRequired']],
  [{ name: 'A' }, ['metadata.name FieldValueInvalid']],
  [{ generation: -1 }, ['metadata.generation FieldValueInvalid']],
  [{ labels: { __proto__x: '-' } }, ['metadata.labels FieldValueInvalid', 'metadata.labels FieldValueInvalid']],
  [{ annotations: { a: 'x'.repeat(256 * 1024) } }, ['metadata.annotations FieldValueTooLong']],
  [{ finalizers: ['orphan', 'a.b/c'] }, []],
  [{ finalizers: ['orphan', 'foregroundDeletion'] }, ['metadata.finalizers FieldValueInvalid']],
  [{ ownerReferences: [{ ...owner, uid: '' }] }, ['metadata.ownerReferences.uid FieldValueInvalid']],
  [
    {
      ownerReferences: [
        { ...owner, controller: true },
        { ...owner, uid: 'u2', controller: true },
      ],
    },
    ['metadata.ownerReferences FieldValueInvalid'],
  ],
])('%.80j', (metadata, problems) => {
  expect(told(validateMetadata(object(metadata), configMap))).toEqual(problems);
});

// Each stands twice, as upstream asks once for every object and once for the kind.
test.each<[ObjectMeta, ObjectMeta, string[]]>([
  [{ labels: { a: 'b' } }, {}, []],
  [{ uid: 'other' }, {}, ['metadata.uid FieldValueInvalid']],
  [{ generation: 1 }, { generation: 2 }, ['metadata.generation FieldValueInvalid']],
  [
    { deletionTimestamp: '2030-01-01T00:00:00Z', finalizers: ['a.b/new'] },
    { deletionTimestamp: '2030-01-01T00:00:00Z' },
    ['metadata.finalizers FieldValueForbidden'],
  ],
])('update to %j of %j', (metadata, old, problems) => {
  const given = object({ resourceVersion: '2', ...metadata });
  const stored = object({ resourceVersion: '1', ...old });
  expect(told(validateMetadataUpdate(given, stored, configMap, context))).toEqual([...problems, ...problems]);
});
