/** A namespace of a row's own, with the account its pods need. */
import { eventually } from '../harness/eventually.ts';
import { call, type Target } from '../harness/target.ts';

export async function benchNamespace(target: Target, name: string): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ metadata: { name } });
  await call(target, { method: 'POST', path: '/api/v1/namespaces', headers, body });
  const path = `/api/v1/namespaces/${name}/serviceaccounts/default`;
  await eventually(async () => (await call(target, { path })).status === 200, { what: 'the default account' });
}
