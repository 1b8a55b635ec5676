/** One who floods the server, as that one and others meet it. */
import { expect, test } from '@jest/globals';
import { CrashFileLayer } from '../store/journal/crash-file-layer.ts';
import { openJournalStore } from '../store/journal/journal-store.ts';
import { callerOf } from '../testing/call-server.ts';
import { startTestServer } from '../testing/test-server.ts';

const secrets = '/api/v1/namespaces/default/secrets';

test('of one user 300 writes wait for the disk, and more are told to come again; others are taken', async () => {
  const disk = new CrashFileLayer();
  const server = await startTestServer({
    store: await openJournalStore({ directory: '/store', files: disk, reserveBytes: 0, onFailed: () => {} }),
  });
  const slow = Promise.withResolvers<void>();
  try {
    const flood = await callerOf(server, { name: 'system:kube-controller-manager', groups: [] });
    const other = await callerOf(server, { name: 'admin', groups: ['system:masters'] });
    disk.gate = (operation) => (operation === 'write' ? slow.promise : undefined);
    const told = Promise.withResolvers<unknown>();
    const answers = Array.from({ length: 320 }, (_, index) =>
      flood('POST', secrets, { metadata: { name: `s-${index}` } }).then((answer) => {
        if (answer.status === 429) told.resolve(answer);
        return answer.status;
      }),
    );
    expect(await told.promise).toMatchObject({
      headers: { 'retry-after': '1' },
      body: { reason: 'TooManyRequests', message: 'Too many requests, please try again later.', code: 429 },
    });
    const taken = other('POST', secrets, { metadata: { name: 'mine' } });
    expect(await other('GET', secrets)).toMatchObject({ status: 200 });
    slow.resolve();
    expect(await taken).toMatchObject({ status: 201 });
    const statuses = await Promise.all(answers);
    expect(statuses.filter((status) => status === 201)).toHaveLength(300);
    expect(statuses.filter((status) => status === 429)).toHaveLength(20);
    expect(await flood('POST', secrets, { metadata: { name: 'later' } })).toMatchObject({ status: 201 });
  } finally {
    slow.resolve();
    await server.stop();
  }
}, 30_000);
