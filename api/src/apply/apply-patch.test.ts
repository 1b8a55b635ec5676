import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cloneJson } from '../clone-json.ts';
import { isJsonObject, type JsonObject } from '../json-object.ts';
import type { ManagedFieldsEntry } from '../object.ts';
import { typeOfKind } from '../schema/schema-table.ts';
import { isStatusError, type Status } from '../status.ts';
import { applyPatch, type AppliedPatch } from './apply-patch.ts';
import { builtInType, emptyObject } from './built-in-types.ts';
import { noFields } from './field-set.ts';
import { customResourceType } from './json-schema-types.ts';
import type { ManagedKind } from './managed-kind.ts';
import { keepStoredTimes } from './stored-times.ts';
import { trackUpdate } from './track-update.ts';

const second = 1000;
const start = Date.UTC(2026, 0, 1);

function kindOf(group: string, version: string, kind: string): ManagedKind {
  const type = typeOfKind(group, version, kind)!;
  return { group, version, kind, type: builtInType(type), empty: emptyObject(type) };
}

const configMap = kindOf('', 'v1', 'ConfigMap');
const podTemplate = kindOf('', 'v1', 'PodTemplate');

/** One stored object, written to as a server would. */
class Stored {
  object: JsonObject | undefined;
  readonly kind: ManagedKind;
  now = start;

  constructor(kind: ManagedKind) {
    this.kind = kind;
  }

  /** Leaves out empty data, as decoding does. */
  #store({ data, ...object }: JsonObject, managedFields: ManagedFieldsEntry[] | undefined): void {
    const { managedFields: _, ...metadata } = (object.metadata ?? {}) as JsonObject;
    const kept = isJsonObject(data) && Object.keys(data).length ? { data } : {};
    const next = { ...object, ...kept, metadata: { ...metadata, uid: 'u', ...(managedFields && { managedFields }) } };
    this.object = this.object ? keepStoredTimes(this.object, next) : next;
    this.now += second;
  }

  apply(manager: string, applied: JsonObject, options: Partial<AppliedPatch> = {}): JsonObject {
    const { version, kind } = this.kind;
    const body = { apiVersion: version, kind, metadata: { name: 'a' }, ...applied };
    const before = cloneJson([this.object, body]);
    const { object, managedFields } = applyPatch({
      live: this.object,
      applied: body,
      manager,
      force: false,
      kind: this.kind,
      now: this.now,
      ...options,
    });
    expect([this.object, body]).toEqual(before);
    this.#store(object, managedFields);
    return object;
  }

  update(manager: string, after: JsonObject): void {
    const entries = trackUpdate({ before: this.object, after, manager, kind: this.kind, now: this.now });
    this.#store(after, entries);
  }

  get managed(): [string, unknown][] {
    const { managedFields = [] } = this.object?.metadata as { managedFields?: ManagedFieldsEntry[] };
    return managedFields.map(({ manager, operation, fieldsV1 }) => [`${operation} ${manager}`, fieldsV1]);
  }
}

function refusal(act: () => unknown): Status {
  try {
    act();
  } catch (error) {
    if (isStatusError(error)) return error.status;
    throw error;
  }
  throw new Error('nothing was thrown');
}

test('what is applied is owned, what is dropped goes, and others keep theirs', () => {
  const stored = new Stored(configMap);
  stored.apply('one', { data: { k: 'v', l: 'w' } });
  expect(stored.managed).toEqual([['Apply one', { 'f:data': { 'f:k': {}, 'f:l': {} } }]]);
  stored.apply('two', { data: { m: 'x' } });
  const object = stored.apply('one', { data: { k: 'v' } });
  expect(object.data).toEqual({ k: 'v', m: 'x' });
  stored.update('patcher', { ...stored.object, data: { k: 'changed', m: 'x' } });
  expect(stored.managed).toEqual([
    ['Apply two', { 'f:data': { 'f:m': {} } }],
    ['Update patcher', { 'f:data': { 'f:k': {} } }],
  ]);
});

test('fields of others are refused with a cause each, or taken by force', () => {
  const stored = new Stored(configMap);
  stored.update('creator', { data: { k: 'v' } });
  stored.apply('one', { data: { l: '1' } });
  const { code, message, details } = refusal(() => stored.apply('two', { data: { k: 'w', l: '2' } }));
  expect(code).toBe(409);
  expect(message).toBe(
    'Apply failed with 2 conflicts: conflicts with "creator" using v1:\n- .data.k\nconflicts with "one":\n- .data.l',
  );
  expect(details?.causes).toContainEqual({
    reason: 'FieldManagerConflict',
    message: 'conflict with "one"',
    field: '.data.l',
  });
  stored.apply('two', { data: { k: 'w', l: '2' } }, { force: true });
  expect(stored.managed).toEqual([
    ['Apply two', { 'f:data': { 'f:k': {}, 'f:l': {} } }],
    ['Update creator', { 'f:data': {} }],
  ]);
});

test('an equal value is shared without conflict, and without a time for who changed nothing', () => {
  const stored = new Stored(configMap);
  stored.apply('one', { data: { k: 'v' } });
  stored.apply('two', { data: { k: 'v' } });
  const { managedFields } = stored.object?.metadata as { managedFields: ManagedFieldsEntry[] };
  expect(managedFields.map(({ manager, time }) => [manager, time])).toEqual([
    ['two', undefined],
    ['one', '2026-01-01T00:00:00Z'],
  ]);
  expect(stored.apply('one', {}).data).toEqual({ k: 'v' });
});

test('an object that nobody was tracked on belongs to before-first-apply', () => {
  const stored = new Stored(configMap);
  stored.update('creator', { data: { k: 'v' } });
  stored.update('creator', { data: { k: 'v' }, metadata: { uid: 'u', managedFields: [{}] } });
  expect(stored.managed).toEqual([]);
  stored.update('creator', { data: { k: 'v', l: 'w' }, metadata: { uid: 'u' } });
  expect(stored.managed).toEqual([]);
  stored.apply('one', { data: { n: '1' } });
  expect(stored.managed).toEqual([
    ['Apply one', { 'f:data': { 'f:n': {} } }],
    ['Update before-first-apply', { 'f:data': { '.': {}, 'f:k': {}, 'f:l': {} } }],
  ]);
});

const containers = (...names: string[]) => ({
  template: { spec: { containers: names.map((name) => ({ name, image: 'i' })) } },
});
const namesOf = (object: JsonObject) =>
  (object.template as { spec: { containers: { name: string }[] } }).spec.containers.map(({ name }) => name);

test('items of keyed lists merge, and come in the order of who applies them', () => {
  const stored = new Stored(podTemplate);
  stored.apply('one', containers('a', 'b'));
  expect(namesOf(stored.apply('two', containers('c', 'b')))).toEqual(['a', 'c', 'b']);
  expect(namesOf(stored.apply('one', containers('b', 'a')))).toEqual(['c', 'b', 'a']);
  expect(namesOf(stored.apply('two', containers('b')))).toEqual(['b', 'a']);
});

test('keys that an item leaves out have their defaults', () => {
  const stored = new Stored(podTemplate);
  const ports = [{ containerPort: 80 }, { containerPort: 80, protocol: 'UDP' }];
  stored.apply('one', { template: { spec: { containers: [{ name: 'c', ports }] } } });
  expect(JSON.stringify(stored.managed[0]?.[1])).toContain('k:{\\"containerPort\\":80,\\"protocol\\":\\"TCP\\"}');
});

test.each([
  [{ bogus: 1 }, '.bogus: field not declared in schema'],
  [{ template: { spec: { bogus: 1 } } }, '.template.spec.bogus: field not declared in schema'],
  [
    { template: { spec: { hostname: 1 } } },
    '.template.spec.hostname: expected string, got &value.valueUnstructured{Value:1}',
  ],
  [{ template: { spec: { hostIPC: 'x' } } }, '.template.spec.hostIPC: expected boolean, got &{x}'],
  [{ template: { spec: { priority: 'x' } } }, '.template.spec.priority: expected numeric (int or float), got string'],
  [{ template: { spec: { containers: 'x' } } }, '.template.spec.containers: expected list, got &{x}'],
  [{ template: { spec: [1] } }, '.template.spec: expected map, got &{[1]}'],
  [containers('a', 'a'), '.template.spec.containers: duplicate entries for key [name="a"]'],
])('%j does not fit: %s', (applied, message) => {
  const status = refusal(() => new Stored(podTemplate).apply('one', applied));
  expect(status.code).toBe(500);
  expect(status.message).toBe(`failed to create typed patch object (/a; /v1, Kind=PodTemplate): ${message}`);
});

test.each([
  [{ apiVersion: undefined }, 'invalid object type: /, Kind=ConfigMap'],
  [{ apiVersion: 'a/b/c' }, 'invalid object type: /, Kind='],
  [{ kind: 'Secret' }, 'invalid object type: /v1, Kind=Secret'],
  [{ metadata: { name: 'a', managedFields: [] } }, 'metadata.managedFields must be nil'],
])('%j is no configuration of this kind', (applied, message) => {
  const status = refusal(() => new Stored(configMap).apply('one', applied));
  expect([status.code, status.message]).toEqual([400, message]);
});

test('kubectl takes over what client-side apply set, and keeps its annotation', () => {
  const key = 'kubectl.kubernetes.io/last-applied-configuration';
  const annotation = '{"apiVersion":"v1","data":{"k":"v"},"kind":"ConfigMap","metadata":{"name":"a"}}';
  const stored = new Stored(configMap);
  stored.update('kubectl-client-side-apply', { data: { k: 'v' }, metadata: { annotations: { [key]: annotation } } });
  expect(refusal(() => stored.apply('other', { data: { k: '<&>' } })).code).toBe(409);
  const { metadata } = stored.apply('kubectl', { data: { k: '<&>' } });
  expect((metadata as JsonObject).annotations).toEqual({
    [key]: '{"apiVersion":"v1","data":{"k":"\\u003c\\u0026\\u003e"},"kind":"ConfigMap","metadata":{"name":"a"}}\n',
  });
});

test('fields that are reset are set by nobody', () => {
  const stored = new Stored(configMap);
  stored.apply('one', { data: { k: 'v' }, binaryData: { b: '' } }, { resetFields: { 'f:data': noFields } });
  expect(stored.managed).toEqual([['Apply one', { 'f:binaryData': { 'f:b': {} } }]]);
});

test('managers of versions no longer served are forgotten, others are compared in theirs', () => {
  const renamed: ManagedKind = {
    ...configMap,
    otherVersion: (apiVersion) =>
      apiVersion === 'v2'
        ? {
            type: configMap.type,
            convert: ({ data, ...rest }) => ({ ...rest, binaryData: data }),
            convertBack: ({ binaryData, ...rest }) => ({ ...rest, data: binaryData }),
          }
        : undefined,
  };
  const stored = new Stored(renamed);
  const entry = { operation: 'Apply' as const, fieldsType: 'FieldsV1' as const };
  const managedFields = [
    { ...entry, manager: 'gone', apiVersion: 'v0', fieldsV1: { 'f:data': { 'f:k': {} } } },
    { ...entry, manager: 'newer', apiVersion: 'v2', fieldsV1: { 'f:binaryData': { 'f:k': {} } } },
  ];
  stored.object = { data: { k: 'v' }, metadata: { uid: 'u', managedFields } };
  expect(refusal(() => stored.apply('one', { data: { k: 'w' } })).details?.causes).toEqual([
    { reason: 'FieldManagerConflict', message: 'conflict with "newer"', field: '.binaryData.k' },
  ]);
  stored.apply('one', { data: { l: 'x' } });
  expect(stored.managed.map(([name]) => name)).toEqual(['Apply newer', 'Apply one']);
});

test('custom resources follow their schema: sets, keys, atomic maps, free-form parts', () => {
  const schema = {
    type: 'object',
    properties: {
      spec: {
        type: 'object',
        properties: {
          tags: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } },
          all: { type: 'array', items: { type: 'string' } },
          whole: { type: 'object', 'x-kubernetes-map-type': 'atomic', additionalProperties: { type: 'string' } },
          free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        },
      },
    },
  };
  const objectMeta = typeOfKind('', 'v1', 'ConfigMap')!.fields.get('metadata')!.shape;
  if (objectMeta.kind !== 'object') throw new Error('metadata is a struct');
  const type = customResourceType(schema, objectMeta.type);
  const stored = new Stored({ group: '', version: 'v1', kind: 'Widget', type, empty: {} });
  stored.apply('one', { spec: { tags: ['a'], all: ['x'], whole: { k: 'v' }, free: { any: { thing: [1] } } } });
  expect(stored.managed[0]?.[1]).toEqual({
    'f:spec': {
      'f:tags': { 'v:"a"': {} },
      'f:all': {},
      'f:whole': {},
      'f:free': { 'f:any': { '.': {}, 'f:thing': {} } },
    },
  });
  expect(refusal(() => stored.apply('one', { spec: { ghost: 1 } })).message).toContain(
    '.spec.ghost: field not declared',
  );
});

test('applying twice is applying once, and nothing pollutes prototypes', () => {
  const data = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), fc.string({ maxLength: 3 }), {
    noNullPrototype: true,
  });
  fc.assert(
    fc.property(data, data, (first, next) => {
      const stored = new Stored(configMap);
      stored.apply('one', { data: first });
      stored.apply('one', { data: next });
      const { object } = stored;
      stored.apply('one', { data: next });
      expect(JSON.stringify(stored.object)).toBe(JSON.stringify(object));
      expect(Object.entries((object?.data ?? {}) as JsonObject).sort()).toEqual(Object.entries(next).sort());
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  );
});
