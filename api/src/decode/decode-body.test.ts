import { expect, test } from '@jest/globals';
import { decodeBody, decodeOptions, type Body, type BodyFormat, type FieldValidation } from './decode-body.ts';

const configMap = { group: '', version: 'v1', kind: 'ConfigMap' };
const pod = { ...configMap, kind: 'Pod' };
const deployment = { group: 'apps', version: 'v1', kind: 'Deployment' };

const decode = (
  text: string,
  kind: Body['kind'] = configMap,
  { format = 'json', fieldValidation = 'Warn' }: { format?: BodyFormat; fieldValidation?: FieldValidation } = {},
) => decodeBody({ bytes: Buffer.from(text), format, kind, fieldValidation });

const named = (rest: string) => `{"metadata":{"name":"a"},${rest}}`;

test('zero values go and come as their fields say', () => {
  const text = named('"spec":{"containers":[{"name":"c","command":[],"env":null,"ports":[{"containerPort":80}]}]}');
  expect(decode(text, pod).object).toEqual({
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: { name: 'a' },
    spec: { containers: [{ name: 'c', ports: [{ containerPort: 80 }], resources: {} }] },
    status: {},
  });
  expect(decode('{}', deployment).object).toEqual({
    kind: 'Deployment',
    apiVersion: 'apps/v1',
    metadata: {},
    spec: { selector: null, template: { metadata: {}, spec: { containers: null } }, strategy: {} },
    status: {},
  });
});

test('a null in a map is an empty text, and keys of any name are kept', () => {
  const { object } = decode(named('"data":{"k":null,"__proto__":"p","constructor":"c"}'));
  const data = object['data'] as object;
  expect(Object.entries(data)).toEqual([
    ['k', ''],
    ['__proto__', 'p'],
    ['constructor', 'c'],
  ]);
});

test('values are stored in their canonical form', () => {
  const text = named(
    '"spec":{"containers":[{"name":"c","resources":{"limits":{"cpu":0.5,"memory":"1024Mi"}}}]},"status":{"startTime":"2026-01-01T02:00:00.7+02:00"}',
  );
  expect(decode(text, pod).object).toMatchObject({
    spec: { containers: [{ resources: { limits: { cpu: '500m', memory: '1Gi' } } }] },
    status: { startTime: '2026-01-01T00:00:00Z' },
  });
});

test('unknown and duplicate fields are warned of in the order of the text', () => {
  const text = '{"bogus":{"x":1},"metadata":{"naem":"b","name":"a","name":"z"},"data":{"k":"1","k":"2"}}';
  const { object, warnings } = decode(text);
  expect(object).toMatchObject({ metadata: { name: 'z' }, data: { k: '2' } });
  expect(warnings).toEqual([
    'unknown field "bogus"',
    'unknown field "metadata.naem"',
    'duplicate field "metadata.name"',
    'duplicate field "data.k"',
  ]);
  expect(() => decode(text, configMap, { fieldValidation: 'Strict' })).toThrow(
    `ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: ${warnings.join(', ')}`,
  );
  expect(decode(text, configMap, { fieldValidation: 'Ignore' }).warnings).toEqual([]);
});

test('duplicate objects are merged, as Go decodes into what is there already', () => {
  const text = '{"metadata":{"name":"a","labels":{"x":"1"}},"metadata":{"labels":{"y":"2"}}}';
  expect(decode(text).object.metadata).toEqual({ name: 'a', labels: { x: '1', y: '2' } });
});

test.each([
  ['{"metadata":{"labels":["a"]}}', 'array into Go struct field ObjectMeta.metadata.labels of type map[string]string'],
  ['{"metadata":[]}', 'array into Go struct field ConfigMap.metadata of type v1.ObjectMeta'],
  ['{"data":{"k":1}}', 'number into Go struct field ConfigMap.data of type string'],
  ['{"immutable":"true"}', 'string into Go struct field ConfigMap.immutable of type bool'],
])('%s is of the wrong type', (text, problem) => {
  expect(() => decode(text)).toThrow(
    `ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal ${problem}`,
  );
});

test.each(['1.5', '1.0', '1e2', '99999999999'])('%s is no int32', (number) => {
  expect(() => decode(`{"spec":{"replicas":${number}}}`, deployment)).toThrow(
    `json: cannot unmarshal number ${number} into Go struct field DeploymentSpec.spec.replicas of type int32`,
  );
});

test.each([
  ['{', 'unexpected end of JSON input ({)'],
  ['', 'unexpected end of JSON input (<empty>)'],
  ['{"a":tru}', "invalid character '}' in literal true (expecting 'e') ({\"a\":tru})"],
  ['{"a":"\u0001"}', 'invalid character \'\\x01\' in string literal ({"a":"\u0001"})'],
  ['[', 'unexpected end of JSON input (5b)'],
  ['{"a":1}é', 'invalid character \'Ã\' after top-level value ({"a":1}é)'],
])('%j is no JSON', (text, problem) => {
  expect(() => decode(text)).toThrow(
    `the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: ${problem}`,
  );
});

test('nesting is measured before anything is parsed', () => {
  const deep = (depth: number) => `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`;
  expect(() => decode(deep(10_000))).toThrow('exceeded max depth');
  expect(decode(deep(9_000)).warnings).toEqual(['unknown field "a"']);
  expect(() => decode('['.repeat(1_000_000))).toThrow('exceeded max depth');
});

test('YAML is version 1.1 and its duplicates have lines', () => {
  const yaml = { format: 'yaml' as const };
  const { object, warnings } = decode('metadata:\n  name: a\ndata:\n  k: "1"\n  k: "2"\n', configMap, yaml);
  expect(object).toMatchObject({ metadata: { name: 'a' }, data: { k: '2' } });
  expect(warnings).toEqual(['line 5: key "k" already set in map']);
  expect(() => decode('metadata: {name: y}', configMap, yaml)).toThrow('cannot unmarshal bool');
  expect(() => decode('metadata:\n name: b\n  bad: indent\n', configMap, yaml)).toThrow(
    'yaml: line 3: mapping values are not allowed in this context',
  );
  expect(decode('', configMap, yaml).object.metadata).toEqual({});
});

test('YAML aliases are followed, but not into a flood', () => {
  const yaml = { format: 'yaml' as const };
  const shared = 'metadata:\n  labels: &l {a: b}\n  annotations: *l\n';
  expect(decode(shared, configMap, yaml).object.metadata).toEqual({ labels: { a: 'b' }, annotations: { a: 'b' } });
  const levels = Array.from({ length: 30 }, (_, level) => `l${level + 1}: &l${level + 1} [*l${level}, *l${level}]`);
  expect(() => decode(`l0: &l0 [x]\n${levels.join('\n')}`, configMap, yaml)).toThrow('excessive aliasing');
  expect(() => decode('a: &a [*a]', configMap, yaml)).toThrow("anchor 'a' value contains itself");
});

test('a body of another kind is refused as upstream words it', () => {
  expect(() => decode('{"apiVersion":"v1","kind":"Secret"}')).toThrow(
    'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
  );
  expect(() => decode('{"apiVersion":"apps/v1beta1","kind":"Deployment"}', deployment)).toThrow(
    'the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)',
  );
  expect(() => decode('{"apiVersion":"x/v1","kind":"Y"}')).toThrow('no kind "Y" is registered for version "x/v1"');
});

test('options of any group version are taken, and their unknown fields ignored', () => {
  const kind = { group: '', version: 'v1', kind: 'DeleteOptions' };
  const options = decodeOptions(Buffer.from('{"apiVersion":"v2","gracePeriodSeconds":0,"x":1}'), 'json', kind);
  expect(options).toMatchObject({ gracePeriodSeconds: 0 });
  expect(() => decodeOptions(Buffer.from('{'), 'json', kind)).toThrow(
    "couldn't get version/kind; json parse error: unexpected end of JSON input",
  );
});

test('a body says its kind in any spelling that Go reads as one, or leaves it out', () => {
  const kindOf = (text: string) => {
    try {
      return decode(text).object.kind;
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(kindOf('{"metadata":{"name":"a"}}')).toBe('ConfigMap');
  expect(kindOf('{"kind":"ConfigMap"}')).toBe('ConfigMap');
  expect(kindOf('{"KIND":"Secret","ApiVersion":"v1"}')).toContain('Secret in version "v1" cannot be handled');
  expect(kindOf('{"\u212Aind":"Secret"}')).toContain('Secret in version "v1" cannot be handled');
  expect(kindOf('{"kind":7}')).toContain('cannot unmarshal number into Go struct field .kind of type string');
});
