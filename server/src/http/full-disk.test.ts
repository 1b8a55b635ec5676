/** A disk that fills up, or fails, as clients of the API meet it. */
import { afterEach, expect, test } from '@jest/globals';
import { FakeClock } from '@naru/api/clock';
import { CrashFileLayer } from '../store/journal/crash-file-layer.ts';
import { openJournalStore } from '../store/journal/journal-store.ts';
import { callerOf, type CallServer } from '../testing/call-server.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';
const leases = '/apis/coordination.k8s.io/v1/namespaces/default/leases';
const text = (bytes: number) => 'x'.repeat(bytes);

let disk: CrashFileLayer;
let clock: FakeClock;
let server: TestServer;
let call: CallServer;

async function start(): Promise<void> {
  disk = new CrashFileLayer();
  clock = new FakeClock();
  const files = { directory: '/store', files: disk, clock, reserveBytes: 64 * 1024 };
  const store = await openJournalStore({ ...files, onFailed: () => {} });
  server = await startTestServer({ clock, store });
  call = await callerOf(server);
}

/** From now on the disk takes `bytes` more and no others. */
function leave(bytes: number): void {
  disk.capacity = [...disk.contents().values()].reduce((sum, content) => sum + content.length, bytes);
}

const pod = { metadata: { name: 'p' }, spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } };
const lease = { metadata: { name: 'l' }, spec: { holderIdentity: 'n' } };
const service = { metadata: { name: 'default' } };

async function fillUp(): Promise<void> {
  await call('POST', '/api/v1/namespaces/default/serviceaccounts', service);
  expect(await call('POST', configMaps, { metadata: { name: 'old' } })).toMatchObject({ status: 201 });
  expect(await call('POST', pods, pod)).toMatchObject({ status: 201 });
  expect(await call('POST', leases, lease)).toMatchObject({ status: 201 });
  leave(10_000);
  const answer = await call('POST', configMaps, { metadata: { name: 'big' }, data: { text: text(20_000) } });
  expect(answer).toMatchObject({
    status: 507,
    body: {
      kind: 'Status',
      status: 'Failure',
      reason: 'InsufficientStorage',
      code: 507,
      message: 'the store cannot take the write: the disk is full',
    },
  });
}

afterEach(async () => {
  disk.capacity = Infinity;
  await server.stop();
});

test('a full disk refuses what is new with 507; reads, heartbeats, statuses and deletions go on', async () => {
  await start();
  await fillUp();
  expect(await call('POST', configMaps, { metadata: { name: 'small' } })).toMatchObject({ status: 507 });
  expect(await call('PUT', `${configMaps}/old`, { metadata: { name: 'old' }, data: { a: 'b' } })).toMatchObject({
    status: 507,
  });
  expect(await call('GET', `${configMaps}/big`)).toMatchObject({ status: 404 });
  expect(await call('GET', configMaps)).toMatchObject({
    status: 200,
    body: { items: [{ metadata: { name: 'old' } }] },
  });

  const { body: held } = await call('GET', `${leases}/l`);
  const renewed = { ...(held as object), spec: { holderIdentity: 'm' } };
  expect(await call('PUT', `${leases}/l`, renewed)).toMatchObject({ status: 200 });
  const { body } = await call('GET', `${pods}/p`);
  const status = { ...(body as object), status: { phase: 'Running' } };
  expect(await call('PUT', `${pods}/p/status`, status)).toMatchObject({
    status: 200,
    body: { status: { phase: 'Running' } },
  });
  // Marked first, for it has a grace period, and gone once its kubelet says so.
  expect(await call('DELETE', `${pods}/p`)).toMatchObject({ status: 200 });
  expect(await call('DELETE', `${pods}/p?gracePeriodSeconds=0`)).toMatchObject({ status: 200 });
  expect(await call('GET', `${pods}/p`)).toMatchObject({ status: 404 });
  expect(await call('DELETE', `${configMaps}/old`)).toMatchObject({ status: 200 });
});

test('once there is room again, writes are taken within a second', async () => {
  await start();
  await fillUp();
  disk.capacity = Infinity;
  clock.advance(1_001);
  expect(await call('POST', configMaps, { metadata: { name: 'small' } })).toMatchObject({ status: 201 });
});

test('a write whose outcome nobody knows is answered with 500, and so is every later one', async () => {
  await start();
  disk.fault = (operation, path) => (operation === 'sync' && path.includes('journal-') ? 'EIO' : undefined);
  const answer = await call('POST', configMaps, { metadata: { name: 'a' } });
  expect(answer).toMatchObject({ status: 500, body: { reason: 'InternalError', code: 500 } });
  disk.fault = () => undefined;
  expect(await call('POST', configMaps, { metadata: { name: 'b' } })).toMatchObject({ status: 500 });
  expect(await call('GET', `${configMaps}/a`)).toMatchObject({ status: 404 });
});
