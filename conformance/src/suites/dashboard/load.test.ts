/** Three hundred instances that change fifty times a second, on a Naru of its own with the fake runtime. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../../harness/dashboard/browser.ts';
import { deploymentOf } from '../../harness/dashboard/apps.ts';
import { enter, pageIsBuilt } from '../../harness/dashboard/sign-in.ts';
import { watchTroubles } from '../../harness/dashboard/troubles.ts';
import { kubectlFor, type Kubectl } from '../../harness/kubectl.ts';
import { program } from '../../harness/run-program.ts';
import { freePort, startNaru, type RunningNaru } from '../../harness/running-naru.ts';
import { call, targetOf } from '../../harness/target.ts';

const repository = join(import.meta.dirname, '../../../..');
const directory = mkdtempSync(join(tmpdir(), 'naru-load-'));
const dataDirectory = join(directory, 'data');
const instances = 300;
let naru: RunningNaru;
let browser: Browser;
let page: Page;
let troubles: string[];
let kubectl: Kubectl;

beforeAll(async () => {
  const dashboardPort = await freePort();
  const flags = ['--runtime', 'fake', '--nodes', '4', '--dashboard-port', String(dashboardPort)];
  naru = await startNaru({ repository, dataDirectory, flags });
  const origin = `http://127.0.0.1:${dashboardPort}`;
  await pageIsBuilt(origin);
  kubectl = await kubectlFor('1.36', naru.kubeconfig);
  const many = deploymentOf({ namespace: 'default', name: 'many', replicas: instances });
  await kubectl(['apply', '-f', '-'], { input: JSON.stringify(many) });
  await kubectl(['rollout', 'status', 'deployment/many', '--timeout=120s'], { seconds: 130 });
  browser = await launchBrowser();
  const context = await browser.newContext({ baseURL: origin, locale: 'en', viewport: { width: 1280, height: 800 } });
  troubles = watchTroubles(context, origin);
  page = await context.newPage();
  await enter(page, dataDirectory);
}, 400_000);
afterAll(async () => {
  await browser.close();
  await naru.stop();
  await program(join(repository, 'naru'), ['down', '--data-dir', dataDirectory]);
  rmSync(directory, { recursive: true, force: true });
});

test('22: the page stays quick, small and right', async () => {
  await page.goto('/containers');
  await page.locator('tbody tr').first().waitFor();
  const names = (await kubectl(['get', 'pods', '-o', 'name'])).trim().split('\n');
  expect(names).toHaveLength(instances);
  await page.evaluate(() => {
    const seen = { longest: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
    }).observe({ entryTypes: ['longtask'] });
  });
  const target = targetOf(naru.kubeconfig);
  const sent = new Set<Promise<unknown>>();
  let changes = 0;
  const timer = setInterval(() => {
    const path = `/api/v1/namespaces/default/${names[changes % instances]!.replace('pod/', 'pods/')}`;
    const body = JSON.stringify({ metadata: { annotations: { change: String(changes++) } } });
    const headers = { 'content-type': 'application/merge-patch+json' };
    const one = call(target, { method: 'PATCH', path, headers, body }).finally(() => sent.delete(one));
    sent.add(one);
  }, 20);
  try {
    const filter = page.getByTestId('filter');
    const times: number[] = [];
    for (const text of ['m', 'ma', 'man', 'many', 'many-']) {
      const took = await filter.evaluate(async (field, value) => {
        const started = performance.now();
        Object.assign(field, { value });
        field.dispatchEvent(new Event('input', { bubbles: true }));
        await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
        return performance.now() - started;
      }, text);
      times.push(took);
      await page.waitForURL(`**q=${text}`);
    }
    while (changes < 400) await page.waitForTimeout(100);
    const { longest } = await page.evaluate(() => (window as unknown as { seen: { longest: number } }).seen);
    const median = times.sort((a, b) => a - b)[2]!;
    process.stderr.write(`  22: longest task ${Math.round(longest)} ms, filter to paint ${Math.round(median)} ms\n`);
    expect(longest).toBeLessThan(300);
    expect(median).toBeLessThan(100);
    expect(await page.locator('tbody tr').count()).toBeLessThanOrEqual(100);
  } finally {
    clearInterval(timer);
    await Promise.all(sent);
  }
  await kubectl(['scale', 'deployment/many', '--replicas=7']);
  await page.goto('/apps');
  await page.getByTestId('app-many').getByTestId('instances').filter({ hasText: '7/7' }).waitFor();
  expect(troubles).toEqual([]);
});

declare const window: object;
declare function requestAnimationFrame(then: (time: number) => void): number;
declare const PerformanceObserver: new (seen: (list: { getEntries(): { duration: number }[] }) => void) => {
  observe(what: { entryTypes: string[] }): void;
};
