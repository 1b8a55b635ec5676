import { expect, test } from '@jest/globals';
import { cloneJson } from '@naru/api/clone-json';
import { decodeObject } from '@naru/api/decode/decode-object';
import type { AnyObject } from '@naru/api/object';
import type { Kind } from '../kinds/define-kind.ts';
import { kinds } from '../kinds/index.ts';
import { tableCells, tableColumns } from '../kinds/table-columns.ts';
import { assertValid, assertValidUpdate } from './assert-valid.ts';

const real = kinds
  .filter(({ virtual, computed }) => !virtual && !computed)
  .map((kind) => [`${kind.group}/${kind.version} ${kind.kind}`, kind] as const);
const context = { now: Date.UTC(2030, 0, 1), subresource: '' };

/** The example as it is stored. */
function created(kind: Kind): AnyObject {
  const object = decodeObject(cloneJson(kind.example!), kind.schema).object as AnyObject;
  object.metadata.uid = '0bd3b1c1-1b1c-4f0d-9f3e-5a0c6f3b5f6e';
  object.metadata.creationTimestamp = '2030-01-01T00:00:00Z';
  if (kind.scope === 'Namespaced') object.metadata.namespace = 'default';
  kind.setDefaults?.(object);
  kind.prepareForCreate?.(object, context);
  return object;
}

test.each(real)('%s: its example is valid, and may be written again', (_name, kind) => {
  const object = created(kind);
  expect(() => assertValid(kind, object, context)).not.toThrow();
  object.metadata.resourceVersion = '1';
  const changed = cloneJson(object) as AnyObject;
  kind.setDefaults?.(changed);
  expect(changed).toEqual(object);
  kind.prepareForUpdate?.(changed, object, context);
  expect(() => assertValidUpdate(kind, changed, object, context)).not.toThrow();
  expect(kind.warnings?.(object, undefined) ?? []).toEqual([]);
});

test.each(real)('%s: hooks and columns bear an object without anything', (_name, kind) => {
  const empty = { apiVersion: '', kind: kind.kind, metadata: {} } as AnyObject;
  expect(tableCells(tableColumns(kind), empty, context.now)).toHaveLength(tableColumns(kind).length);
  for (const select of Object.values(kind.selectableFields ?? {})) expect(typeof select(empty)).toBe('string');
  expect(() => kind.rowConditions?.(empty)).not.toThrow();
  expect(() => kind.validate?.(empty, context)).not.toThrow();
  expect(() => kind.warnings?.(empty, undefined)).not.toThrow();
  const object = decodeObject({ kind: kind.kind, metadata: {} }, kind.schema).object as AnyObject;
  kind.setDefaults?.(object);
  kind.prepareForCreate?.(object, context);
  expect(() => kind.validate?.(object, context)).not.toThrow();
});

test('a typical pod is validated in a tenth of a millisecond', () => {
  const pod = kinds.find(({ kind }) => kind === 'Pod')!;
  const object = created(pod);
  for (let warm = 0; warm < 2000; warm++) assertValid(pod, object, context);
  const started = process.hrtime.bigint();
  for (let time = 0; time < 1000; time++) assertValid(pod, object, context);
  // Ten times what is wanted: the machine may be busy.
  expect(Number(process.hrtime.bigint() - started) / 1e9).toBeLessThan(1);
});
