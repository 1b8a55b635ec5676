import { expect, test } from '@jest/globals';
import { catalog } from '../kinds/catalog.ts';
import { startTestServer } from './test-server.ts';

const configMaps = catalog.byKind({ group: '', version: 'v1', kind: 'ConfigMap' })!;

test('an object created through the in-process client is read, changed and deleted, and a watch sees it all', async () => {
  const server = await startTestServer();
  try {
    const client = server.clientFor('system:serviceaccount:kube-system:test').for(configMaps);
    const { metadata } = await client.list();
    const watching = new AbortController();
    const events = client
      .watch({ resourceVersion: metadata.resourceVersion!, signal: watching.signal })
      [Symbol.asyncIterator]();

    const created = await client.create({ metadata: { name: 'a', namespace: 'default' }, data: { k: 'v' } });
    expect(await client.get('a', 'default')).toEqual(created);
    await client.update({ ...created, data: { k: 'w' } });
    await client.delete('a', 'default');

    const seen = [await events.next(), await events.next(), await events.next()].map(({ value }) => value.type);
    expect(seen).toEqual(['ADDED', 'MODIFIED', 'DELETED']);
    watching.abort();
    await expect(client.get('a', 'default')).rejects.toMatchObject({ code: 404 });
  } finally {
    await server.stop();
  }
});
