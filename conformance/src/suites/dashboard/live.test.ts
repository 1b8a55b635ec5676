/** What lives on the page: one socket, rows that stay where they are, and a server that goes away and comes back. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { WebSocket } from 'playwright-core';
import { createApp, deploymentPath, patch } from '../../harness/dashboard/apps.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { eventually } from '../../harness/eventually.ts';
import { programsOf } from '../../harness/processes.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const routes = [
  '/overview',
  '/apps',
  '/containers',
  '/network',
  '/alerts',
  '/resources',
  '/resources/core/v1/pods',
  '/run',
];

describe('one socket', () => {
  const dashboard = useDashboard();

  test('19: all pages share one WebSocket, and an idle page asks for nothing', async () => {
    const { page } = dashboard;
    const open = new Set<WebSocket>();
    page.on('websocket', (socket) => {
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    });
    await page.goto('/overview');
    for (const path of routes.slice(1)) {
      // Through the page's own router, as a click on a link does.
      await page.evaluate((to) => {
        history.pushState({}, '', to);
        dispatchEvent(new PopStateEvent('popstate', { state: {} }));
      }, path);
      await page.waitForURL(`**${path}`);
      await page.locator('h1').first().waitFor();
    }
    expect(open.size).toBe(1);
    const asked: string[] = [];
    page.on('request', (request) => {
      // A part of the last page may still be on its way; data is what is not asked for.
      if (['fetch', 'xhr'].includes(request.resourceType())) asked.push(request.url());
    });
    // That nothing happens can only be seen by waiting; a page that polled would do so every few seconds.
    await page.waitForTimeout(12_000);
    expect(asked).toEqual([]);
  });
});

describe('rows', () => {
  const namespace = testNamespace('rows');
  const dashboard = useDashboard();

  beforeAll(async () => {
    for (const name of ['m-first', 'm-second', 'm-third']) await createApp({ namespace, name });
    await dashboard.page.goto('/apps?q=m-');
    await dashboard.page.getByTestId('app-m-third').waitFor();
  });

  test('21: a row under the pointer does not move while others change and come', async () => {
    const { page } = dashboard;
    const row = page.getByTestId('app-m-second');
    await row.getByTestId('instances').filter({ hasText: '1/1' }).waitFor();
    await row.hover();
    const before = await row.boundingBox();
    for (let n = 0; n < 20; n++)
      await patch(deploymentPath(namespace, 'm-third'), { metadata: { annotations: { n: String(n) } } });
    for (const name of ['a', 'b', 'c', 'd', 'e']) await createApp({ namespace, name: `m-${name}`, replicas: 0 });
    await page.getByTestId('pending').filter({ hasText: '5' }).waitFor();
    expect(await row.boundingBox()).toEqual(before);
    expect(await page.locator('tbody tr').count()).toBe(3);
    // By its event: a pointer on its way to the button leaves the rows, which shows the changes as well.
    await page.getByTestId('pending').dispatchEvent('click');
    await page.getByTestId('app-m-a').waitFor();
    expect(await page.locator('tbody tr').count()).toBe(8);
  });
});

describe('a server that is away', () => {
  const namespace = testNamespace('away');
  const dashboard = useDashboard();

  test('20: the page says so, shows from when its data is, and loses nothing', async () => {
    const { page } = dashboard;
    await createApp({ namespace, name: 'kept' });
    await page.goto('/apps?q=kept');
    await page.getByTestId('app-kept').getByTestId('instances').filter({ hasText: '1/1' }).waitFor();
    const dot = page.getByTestId('connection');
    await dot.filter({ hasText: 'Live' }).waitFor();
    const server = await serverOf(target().dataDirectory);
    // Its launcher rests, so that it cannot be started again at once.
    process.kill(server.launcher, 'SIGSTOP');
    try {
      process.kill(server.id, 'SIGKILL');
      await dot.filter({ hasNotText: 'Live' }).waitFor({ timeout: 5_000 });
      await page.getByTestId('stale').waitFor({ timeout: 20_000 });
      await page.getByTestId('app-kept').waitFor();
    } finally {
      process.kill(server.launcher, 'SIGCONT');
    }
    await eventually(() => patch(deploymentPath(namespace, 'kept'), { spec: { replicas: 2 } }).then(() => true), {
      what: 'the server',
    });
    await dot.filter({ hasText: 'Live' }).waitFor({ timeout: 10_000 });
    await page.getByTestId('app-kept').getByTestId('instances').filter({ hasText: '/2' }).waitFor({ timeout: 5_000 });
    await page.getByTestId('stale').waitFor({ state: 'detached' });
  });
});

/** The server's process and the shell that starts it again. */
async function serverOf(dataDirectory: string): Promise<{ id: number; launcher: number }> {
  const [id = 0] = await programsOf(dataDirectory, 'server');
  const status = readFileSync(join('/proc', String(id), 'status'), 'utf8');
  return { id, launcher: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1]) };
}

declare const history: { pushState(data: object, unused: string, url: string): void };
declare function dispatchEvent(event: object): void;
declare const PopStateEvent: new (type: string, init: object) => object;
