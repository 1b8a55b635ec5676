/** `naru up`, a second one, kill -9 in the middle of writes, and the end: with processes of the suite's own. */
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../../harness/eventually.ts';
import { programsOf } from '../../harness/processes.ts';
import { tryProgram } from '../../harness/run-program.ts';
import { startNaru, type RunningNaru } from '../../harness/running-naru.ts';
import { call, targetOf, type Target } from '../../harness/target.ts';

const repository = join(import.meta.dirname, '../../../..');
const directory = mkdtempSync(join(tmpdir(), 'naru-lifecycle-'));
const dataDirectory = join(directory, 'data');
let naru: RunningNaru;
let target: Target;

beforeAll(async () => {
  naru = await startNaru({ repository, dataDirectory, flags: ['--runtime', 'fake'] });
  target = targetOf(naru.kubeconfig);
});
afterAll(async () => {
  await naru.stop();
  rmSync(directory, { recursive: true, force: true });
});

test('a second up on the same directory says who holds it', async () => {
  const { code, stderr } = await tryProgram(join(repository, 'naru'), [
    'up',
    '--runtime',
    'fake',
    '--data-dir',
    dataDirectory,
  ]);
  expect(code).toBe(1);
  expect(stderr).toContain(`${dataDirectory} is in use: naru up, process ${naru.launcher.pid}`);
});

test('a data directory that others can read is refused in one line', async () => {
  const open = join(directory, 'open');
  mkdirSync(open, { mode: 0o755 });
  const { code, stderr } = await tryProgram(join(repository, 'naru'), ['up', '--runtime', 'fake', '--data-dir', open]);
  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: `naru: ${open} can be read by others (mode 755): chmod 700 ${open}\n`,
  });
});

test.each(['SIGTERM', 'SIGINT'] as const)('%s while it prepares leaves no process and no file', async (signal) => {
  const temporary = mkdtempSync(join(directory, 'temporary-'));
  const args = ['up', '--runtime', 'fake', '--data-dir', join(temporary, 'data')];
  const launcher = spawn(join(repository, 'naru'), args, {
    env: { ...process.env, TMPDIR: temporary },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => launcher.once('exit', resolve));
  await eventually(() => readdirSync(temporary).length > 0, { what: 'the file of its plan' });
  launcher.kill(signal);
  await ended;
  expect((await tryProgram('pgrep', ['-f', temporary])).stdout).toBe('');
  expect(readdirSync(temporary).filter((name) => name !== 'data')).toEqual([]);
});

test('kill -9 of the server during 200 concurrent creates loses nothing that was acknowledged', async () => {
  const headers = { 'content-type': 'application/json' };
  const acknowledged: string[] = [];
  const create = async (name: string) => {
    const body = JSON.stringify({ metadata: { name }, data: { text: 'x'.repeat(1000) } });
    const answer = await call(target, {
      method: 'POST',
      path: '/api/v1/namespaces/default/configmaps',
      headers,
      body,
    }).catch(() => undefined);
    if (answer?.status === 201) acknowledged.push(name);
  };
  const [server] = await programsOf(dataDirectory, 'server');
  const creating = Promise.all(Array.from({ length: 200 }, (_, i) => create(`survivor-${i}`)));
  await eventually(() => acknowledged.length >= 20, { what: 'the first twenty creates' });
  process.kill(server!, 'SIGKILL');
  await creating;
  await eventually(async () => (await call(target, { path: '/readyz' })).status === 200, {
    what: 'the server started again',
  });
  const list = await call(target, { path: '/api/v1/namespaces/default/configmaps' });
  const names = new Set(
    (list.body as { items: { metadata: { name: string } }[] }).items.map((item) => item.metadata.name),
  );
  expect(acknowledged.filter((name) => !names.has(name))).toEqual([]);
});

const naruCommand = (...words: string[]) =>
  tryProgram(join(repository, 'naru'), [...words, '--data-dir', dataDirectory]);

const write = (name: string, method: 'POST' | 'DELETE') =>
  call(target, {
    method,
    path: `/api/v1/namespaces/default/configmaps${method === 'DELETE' ? `/${name}` : ''}`,
    headers: { 'content-type': 'application/json' },
    ...(method === 'POST' && { body: JSON.stringify({ metadata: { name } }) }),
  });

test('a backup is taken while Naru runs, and restored when it does not', async () => {
  const file = join(directory, 'backup');
  expect((await write('in-the-backup', 'POST')).status).toBe(201);
  expect((await naruCommand('backup', file)).stderr).toMatch(/holds \d+ objects, as they were at revision \d+/);
  expect((await write('in-the-backup', 'DELETE')).status).toBe(200);
  expect(await naruCommand('restore', file)).toMatchObject({ code: 1, stderr: expect.stringContaining('in use') });
  await naru.stop();
  expect(await naruCommand('restore', file)).toMatchObject({ code: 0 });
  naru = await startNaru({ repository, dataDirectory, flags: ['--runtime', 'fake'] });
  target = targetOf(naru.kubeconfig);
  const path = '/api/v1/namespaces/default/configmaps/in-the-backup';
  expect((await call(target, { path })).status).toBe(200);
});

test('a damaged store is told by file and place, and repaired only when asked to', async () => {
  expect((await write('before-the-damage', 'POST')).status).toBe(201);
  expect((await write('after-the-damage', 'POST')).status).toBe(201);
  await naru.stop();
  const store = join(dataDirectory, 'store');
  const journal = join(
    store,
    readdirSync(store)
      .filter((name) => name.startsWith('journal-'))
      .sort()
      .at(-1)!,
  );
  const text = readFileSync(journal, 'latin1');
  writeFileSync(journal, text.replace('before-the-damage', 'beforE-the-damage'), 'latin1');
  await expect(startNaru({ repository, dataDirectory, flags: ['--runtime', 'fake'] })).rejects.toThrow(
    /journal-\d+\.log at byte \d+: .*repair --accept-data-loss/,
  );
  expect(await naruCommand('repair')).toMatchObject({ code: 1, stderr: expect.stringContaining('for good') });
  const repaired = await naruCommand('repair', '--accept-data-loss');
  expect(repaired).toMatchObject({ code: 0, stderr: expect.stringContaining('The files as they were found') });
  naru = await startNaru({ repository, dataDirectory, flags: ['--runtime', 'fake'] });
  target = targetOf(naru.kubeconfig);
  const path = (name: string) => `/api/v1/namespaces/default/configmaps/${name}`;
  expect((await call(target, { path: path('after-the-damage') })).status).toBe(404);
  expect((await call(target, { path: path('in-the-backup') })).status).toBe(200);
});

test('the server ends though logs are followed, a watch is open and a container is joined', async () => {
  const pod = { metadata: { name: 'talker' }, spec: { containers: [{ name: 'main', image: 'any' }] } };
  const headers = { 'content-type': 'application/json' };
  const pods = '/api/v1/namespaces/default/pods';
  await call(target, { method: 'POST', path: pods, headers, body: JSON.stringify(pod) });
  await eventually(
    async () => {
      const { body } = await call(target, { path: `${pods}/talker` });
      return (body as { status: { phase: string } }).status.phase === 'Running';
    },
    { what: 'the pod runs' },
  );
  const upgrade = { connection: 'upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const attach = {
    ...upgrade,
    'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    'sec-websocket-protocol': 'v5.channel.k8s.io',
  };
  const open = await Promise.all([
    begun(target, `${pods}?watch=true`),
    begun(target, `${pods}/talker/log?follow=true`),
    begun(target, `${pods}/talker/attach?stdout=true`, attach),
  ]);
  expect(open).toEqual([200, 200, 101]);
  const [server] = await programsOf(dataDirectory, 'server');
  process.kill(server!, 'SIGTERM');
  await eventually(async () => !(await programsOf(dataDirectory, 'server')).includes(server!), {
    ...{ what: 'the end of the server', seconds: 10 },
  });
  await eventually(async () => (await call(target, { path: '/readyz' })).status === 200, {
    what: 'the server started again',
  });
});

/** The status of an answer that goes on. */
const begun = ({ server, agent }: Target, path: string, headers: Record<string, string> = {}): Promise<number> =>
  new Promise((resolve, reject) => {
    const asked = request({ agent, host: server.hostname, port: server.port, path, headers });
    for (const event of ['response', 'upgrade'])
      asked.once(event, (answer: IncomingMessage) => {
        // Read to its end, which comes as an error.
        (event === 'upgrade' ? answer.socket : answer).on('error', () => {}).resume();
        resolve(answer.statusCode ?? 0);
      });
    asked.on('error', reject);
    asked.end();
  });

test('the end is clean, and the next up finds everything', async () => {
  expect(await naru.stop()).toBe(0);
  expect(await programsOf(dataDirectory, 'server')).toEqual([]);
  expect(await programsOf(dataDirectory, 'kubelet-lite')).toEqual([]);
  naru = await startNaru({ repository, dataDirectory, flags: ['--runtime', 'fake'] });
  target = targetOf(naru.kubeconfig);
  const { status } = await call(target, { path: '/api/v1/namespaces/default/configmaps/survivor-0' });
  expect(status).toBe(200);
  expect(readFileSync(naru.kubeconfig, 'utf8')).toContain('current-context: admin@naru');
});
