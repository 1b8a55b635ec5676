import { expect, test } from '@jest/globals';
import { OpenApi } from './open-api.ts';
import type { Json, OpenApiResource } from './resource.ts';

const pods: OpenApiResource = {
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  scope: 'Namespaced',
  schema: 'k8s.io.api.core.v1.Pod',
  subresources: ['status', 'log', 'exec', 'eviction', 'proxy'],
  returnsDeletedObject: true,
};
const cronTabs: OpenApiResource = {
  group: 'stable.example.com',
  version: 'v1',
  kind: 'CronTab',
  plural: 'crontabs',
  scope: 'Namespaced',
  customSchema: { type: 'object', properties: { spec: { type: 'object', nullable: true } } },
};

const openApi = (...resources: OpenApiResource[]) => new OpenApi({ resources: () => resources, version: '1.36' });
const parse = (body: Buffer | undefined) => JSON.parse(String(body)) as Json;
const at = (value: unknown, ...path: string[]): unknown =>
  path.reduce((inside, key) => (inside as Json | undefined)?.[key], value);

test('a document holds what kubectl reads: merge keys, kinds, field validation', () => {
  const document = parse(openApi(pods).document('api/v1')?.body);
  const containers = at(document, 'components', 'schemas', 'io.k8s.api.core.v1.PodSpec', 'properties', 'containers');
  expect(containers).toMatchObject({ 'x-kubernetes-patch-merge-key': 'name', 'x-kubernetes-patch-strategy': 'merge' });
  expect(at(containers, 'description')).toMatch(/^List of containers belonging to the pod/);
  const patch = at(document, 'paths', '/api/v1/namespaces/{namespace}/pods/{name}', 'patch');
  expect(patch).toMatchObject({
    operationId: 'patchCoreV1NamespacedPod',
    'x-kubernetes-group-version-kind': { group: '', kind: 'Pod', version: 'v1' },
  });
  expect(JSON.stringify(at(patch, 'parameters'))).toContain('"fieldValidation"');
  expect(at(patch, 'requestBody', 'content')).toHaveProperty(['application/strategic-merge-patch+json']);
});

test('every reference in a document leads somewhere', () => {
  const api = openApi(pods, cronTabs);
  for (const path of ['api/v1', 'apis/stable.example.com/v1', 'apis', 'version']) {
    const text = String(api.document(path)?.body);
    const names = Object.keys((at(JSON.parse(text), 'components', 'schemas') ?? {}) as Json);
    for (const [, name] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) expect(names).toContain(name);
  }
});

test('the index names each document with its hash, and the hash moves with what is served', () => {
  const before = openApi(pods);
  const after = openApi(pods, cronTabs);
  const url = (api: OpenApi, path: string) => at(parse(api.index().body), 'paths', path, 'serverRelativeURL');
  expect(url(before, 'api/v1')).toBe(`/openapi/v3/api/v1?hash=${before.hash('api/v1')}`);
  expect(url(after, 'api/v1')).toBe(url(before, 'api/v1'));
  expect(url(before, 'apis/stable.example.com/v1')).toBeUndefined();
  expect(url(after, 'apis/stable.example.com/v1')).toMatch(/hash=[0-9A-F]{128}$/);
  expect(before.index().hash).not.toBe(after.index().hash);
  expect(after.document('apis/nosuch/v1')).toBeUndefined();
});

test('custom resources are described as their definition has them, without strategic patches', () => {
  const document = parse(openApi(cronTabs).document('apis/stable.example.com/v1')?.body);
  const schema = at(document, 'components', 'schemas', 'com.example.stable.v1.CronTab');
  expect(schema).toMatchObject({
    properties: { apiVersion: { type: 'string' }, spec: { type: 'object' } },
    'x-kubernetes-group-version-kind': [{ group: 'stable.example.com', kind: 'CronTab', version: 'v1' }],
  });
  const path = '/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}';
  expect(Object.keys(at(document, 'paths', path, 'patch', 'requestBody', 'content') as Json)).toEqual([
    'application/apply-patch+yaml',
    'application/json-patch+json',
    'application/merge-patch+json',
  ]);
});

test('version 2 says the same in JSON and in protobuf', () => {
  const api = openApi(pods);
  const swagger = parse(api.swaggerJson().body);
  expect(swagger['swagger']).toBe('2.0');
  expect(at(swagger, 'definitions', 'io.k8s.api.core.v1.Pod', 'properties', 'spec', '$ref')).toBe(
    '#/definitions/io.k8s.api.core.v1.PodSpec',
  );
  const protobuf = api.swaggerProtobuf();
  expect(protobuf.hash).toBe(api.swaggerJson().hash);
  expect(protobuf.body.subarray(0, 5).toString('latin1')).toBe('\n\u00032.0');
  expect(protobuf.body.includes('patchCoreV1NamespacedPod')).toBe(true);
});
