/** A page that does not read: the server keeps little for it, and it misses nothing once it reads again. */
import { beforeAll, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { patch, post } from '../../harness/dashboard/apps.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { eventually } from '../../harness/eventually.ts';
import { call, target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

interface Frame {
  id?: number;
  type: string;
  items?: { metadata: { name: string }; data: Record<string, string> }[];
  changes?: { object: { metadata: { name: string }; data: Record<string, string> } }[];
}

const namespace = testNamespace('slow');
const dashboard = useDashboard();
const collections = 200;
const megabyte = 1024 ** 2;

beforeAll(async () => {
  for (let n = 0; n < 5; n++)
    await post(`/api/v1/namespaces/${namespace}/configmaps`, {
      metadata: { name: `book-${n}` },
      data: { text: 'x'.repeat(200_000), state: 'old' },
    });
});

async function openStream(): Promise<WebSocket> {
  const cookie = (await dashboard.context.cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const socket = new WebSocket(`${dashboard.origin.replace('http', 'ws')}/stream`, {
    headers: { origin: dashboard.origin, cookie },
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  return socket;
}

const open = (socket: WebSocket, id: number) =>
  socket.send(JSON.stringify({ op: 'open', id, path: `/api/v1/namespaces/${namespace}/configmaps`, as: 'object' }));

/** What the frames so far tell of one object, by collection. */
function readerOf(socket: WebSocket): Map<number, string> {
  const states = new Map<number, string>();
  socket.on('message', (data: Buffer) => {
    const { id = 0, items = [], changes = [] } = JSON.parse(data.toString()) as Frame;
    for (const one of [...items, ...changes.map(({ object }) => object)])
      if (one.metadata.name === 'book-0') states.set(id, one.data['state'] ?? '');
  });
  return states;
}

async function residentMemory(): Promise<number> {
  const { body } = await call(target(), { path: '/metrics' });
  const [, bytes] = /^process_resident_memory_bytes (\S+)$/m.exec(String(body)) ?? [];
  return Number(bytes);
}

test('200 collections of a megabyte that nobody reads cost the server little, and all of them come in the end', async () => {
  const before = await residentMemory();
  const slow = await openStream();
  const states = readerOf(slow);
  slow.pause();
  for (let id = 1; id <= collections; id++) open(slow, id);
  // Whoever reads is served all the same; by then the server has heard of all the others.
  const quick = await openStream();
  const quickStates = readerOf(quick);
  open(quick, 1);
  await eventually(() => quickStates.get(1) === 'old', { what: 'a snapshot for the one who reads' });
  await patch(`/api/v1/namespaces/${namespace}/configmaps/book-0`, { data: { state: 'new' } });
  await eventually(() => quickStates.get(1) === 'new', { what: 'the change for the one who reads' });
  const grown = (await residentMemory()) - before;
  process.stderr.write(`  slow client: the server grew by ${Math.round(grown / megabyte)} MB\n`);
  expect(grown).toBeLessThan(80 * megabyte);

  slow.resume();
  await eventually(() => [...states.values()].filter((state) => state === 'new').length === collections, {
    seconds: 60,
    what: 'the newest state in every collection',
  });
  slow.close();
  quick.close();
}, 120_000);
