/** A namespace for one suite, gone when the suite is. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { call, target } from './target.ts';
import { eventually } from './eventually.ts';

/** Makes it before the suite's tests, with its default ServiceAccount, and deletes it after. */
export function testNamespace(prefix: string): string {
  const name = `${prefix}-${randomBytes(3).toString('hex')}`;
  beforeAll(async () => {
    const body = JSON.stringify({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    await call(target(), {
      method: 'POST',
      path: '/api/v1/namespaces',
      headers: { 'content-type': 'application/json' },
      body,
    });
    const path = `/api/v1/namespaces/${name}/serviceaccounts/default`;
    await eventually(async () => (await call(target(), { path })).status === 200, {
      what: `the default account of ${name}`,
    });
  });
  afterAll(async () => {
    await call(target(), { method: 'DELETE', path: `/api/v1/namespaces/${name}` });
  });
  return name;
}
