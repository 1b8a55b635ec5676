/** Bodies meant to hurt: each gets upstream's answer or is kept as it is; none gets a 500, and the server lives. */
import { describe, expect, test } from '@jest/globals';
import { call, target, type Answer } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('hostile');
const configMaps = () => `/api/v1/namespaces/${namespace}/configmaps`;
const json = { 'content-type': 'application/json' };
const post = (body: string | Buffer, headers: Record<string, string> = json): Promise<Answer> =>
  call(target(), { method: 'POST', path: configMaps(), headers, body });
const messageOf = ({ body }: Answer) => (body as { message?: string }).message ?? '';

describe('bodies', () => {
  test('an unknown field is refused when asked strictly', async () => {
    const body = '{"metadata":{"name":"a"},"dada":{}}';
    const answer = await call(target(), {
      method: 'POST',
      path: `${configMaps()}?fieldValidation=Strict`,
      headers: json,
      body,
    });
    expect(answer.status).toBe(400);
    expect(messageOf(answer)).toMatch(/strict decoding error: unknown field "dada"/);
  });

  test('a wrong type is a 400', async () => {
    expect((await post('{"metadata":{"name":"a"},"data":{"k":1}}')).status).toBe(400);
  });

  test('a missing name and a name too long are 422', async () => {
    expect((await post('{"metadata":{}}')).status).toBe(422);
    const answer = await post(JSON.stringify({ metadata: { name: 'a'.repeat(254) } }));
    expect(answer.status).toBe(422);
    expect(messageOf(answer)).toMatch(/must be no more than 253/);
  });

  test('4 MiB are a 413', async () => {
    expect(
      (await post(JSON.stringify({ metadata: { name: 'big' }, data: { k: 'x'.repeat(4 * 2 ** 20) } }))).status,
    ).toBe(413);
  });

  test.each([10_000, 1_000_000])('JSON %d deep is refused before it is parsed', async (depth) => {
    const answer = await post(`{"metadata":{"name":"deep"},"x":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    expect([400, 413]).toContain(answer.status);
  });

  test('a YAML alias bomb is refused', async () => {
    const levels = Array.from(
      { length: 9 },
      (_, i) =>
        `l${i}: &l${i} [${Array(9)
          .fill(i ? `*l${i - 1}` : 'x')
          .join(',')}]`,
    );
    const answer = await post(levels.join('\n'), { 'content-type': 'application/yaml' });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test('keys named like JavaScript internals are ordinary keys', async () => {
    const data = '{"__proto__":"a","constructor":"b","toString":"c"}';
    expect((await post(`{"metadata":{"name":"constructor","labels":{"__proto__":"x"}},"data":${data}}`)).status).toBe(
      422,
    );
    expect((await post(`{"metadata":{"name":"constructor"},"data":${data}}`)).status).toBe(201);
    const path = `${configMaps()}/constructor`;
    const raw = (await call(target(), { path })).body as { data: object };
    expect(Object.entries(raw.data).sort()).toEqual([
      ['__proto__', 'a'],
      ['constructor', 'b'],
      ['toString', 'c'],
    ]);
    const patch = { method: 'PATCH', path, headers: { 'content-type': 'application/merge-patch+json' } };
    const patched = (await call(target(), { ...patch, body: '{"data":{"__proto__":"d"}}' })).body as { data: object };
    expect(Object.entries(patched.data).sort()[0]).toEqual(['__proto__', 'd']);
    expect(({} as Record<string, unknown>)['d']).toBeUndefined();
  });

  test('a JSON patch that doubles itself is stopped', async () => {
    await post('{"metadata":{"name":"doubling"},"data":{"a":"xxxxxxxxxxxxxxxx"}}');
    const operations = Array.from({ length: 25 }, (_, i) => ({ op: 'copy', from: '/data', path: `/data/k${i}` }));
    const answer = await call(target(), {
      method: 'PATCH',
      path: `${configMaps()}/doubling`,
      headers: { 'content-type': 'application/json-patch+json' },
      body: JSON.stringify(operations),
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.status).toBeLessThan(500);
  });

  test('paths with encoded slashes, NULs and dots name nothing', async () => {
    for (const path of [
      '/api/v1/namespaces/..%2f..%2fsecrets',
      '/api/v1/namespaces/%00/pods/x',
      '/api/v1//namespaces',
      '/api/v1/namespaces/x%252fy/pods/a',
    ]) {
      const { status } = await call(target(), { path });
      expect([path, status >= 400 && status < 500]).toEqual([path, true]);
    }
  });

  test('the server is still well', async () => {
    expect((await call(target(), { path: '/readyz' })).status).toBe(200);
  });
});
