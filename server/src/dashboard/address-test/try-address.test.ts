import { afterAll, expect, test } from '@jest/globals';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { dnsAddressOf } from './serve-address-test.ts';
import { tryAddress, type Means } from './try-address.ts';

const opened: Server[] = [];
const listening = async (server: Server): Promise<number> => {
  opened.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
};
afterAll(() => opened.forEach((server) => server.close()));

const means = (names: Record<string, string[]>): Means => ({
  now: () => performance.now(),
  resolve: (name) =>
    names[name] ? Promise.resolve(names[name]) : Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' })),
});
const outline = (steps: readonly { step: string; ok: boolean; detail: string }[]) =>
  steps.map(({ step, ok, detail }) => `${step} ${ok ? 'ok' : 'failed'} ${detail}`);

test('a web server passes all steps, and is asked by its name', async () => {
  const port = await listening(
    createHttpServer((request, response) => {
      response.statusCode = request.headers.host?.startsWith('web.shop') ? 204 : 400;
      response.end();
    }),
  );
  const steps = await tryAddress({ name: 'web.shop', port, secure: false }, means({ 'web.shop': ['127.0.0.1'] }));
  expect(outline(steps)).toEqual(['name ok 127.0.0.1', `connect ok 127.0.0.1:${port}`, 'http ok 204']);
});

test('what speaks no HTTP is reached all the same', async () => {
  const port = await listening(
    createServer((socket) => socket.on('error', () => socket.destroy()).end('-ERR hello\r\n')),
  );
  const steps = await tryAddress({ host: '127.0.0.1', port, secure: false }, means({}));
  expect(outline(steps)).toEqual([`connect ok 127.0.0.1:${port}`]);
});

test('it ends with the step that fails', async () => {
  expect(outline(await tryAddress({ name: 'db.shop', port: 1, secure: false }, means({})))).toEqual([
    'name failed ENOTFOUND',
  ]);
  const closed = createServer();
  const port = await listening(closed);
  await new Promise((resolve) => closed.close(resolve));
  expect(outline(await tryAddress({ host: '127.0.0.1', port, secure: false }, means({})))).toEqual([
    'connect failed ECONNREFUSED',
  ]);
});

test('an answer that tells of a failure is one', async () => {
  const port = await listening(createHttpServer((_request, response) => response.writeHead(503).end()));
  const steps = await tryAddress({ host: '127.0.0.1', port, secure: false }, means({}));
  expect(outline(steps).at(-1)).toBe('http failed 503');
});

test('cluster DNS is at the tenth address', () => expect(dnsAddressOf('10.96.0.0/16')).toBe('10.96.0.10'));
