import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { probeHttp } from './http-probe.ts';

const target = { scheme: 'HTTP', path: '/healthz?full=1', headers: [], timeoutSeconds: 1 } as const;

test('a refusal names the port, even the usual one', async () => {
  expect(await probeHttp({ ...target, host: '127.1.2.3', port: 80 })).toEqual({
    result: 'failure',
    output: 'Get "http://127.1.2.3:80/healthz?full=1": dial tcp 127.1.2.3:80: connect: connection refused',
  });
});

test('the container is asked by address and port, as the kubelet asks, unless the probe names a host', async () => {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    response.end('fine');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const here = { ...target, host: '127.0.0.1', port };
  expect(await probeHttp(here)).toEqual({ result: 'success', output: 'fine' });
  await probeHttp({ ...here, headers: [{ name: 'Host', value: 'example' }] });
  server.close();
  expect(asked.map(({ url, headers }) => [url, headers.host, headers['user-agent']])).toEqual([
    ['/healthz?full=1', `127.0.0.1:${port}`, 'kube-probe/1.36'],
    ['/healthz?full=1', 'example', 'kube-probe/1.36'],
  ]);
});
