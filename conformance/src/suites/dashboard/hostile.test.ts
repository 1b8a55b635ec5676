/** Words of others in Chromium: whatever names, annotations, events, logs and shells say, it is text. */
import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createApp, post } from '../../harness/dashboard/apps.ts';
import { enter } from '../../harness/dashboard/sign-in.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { eventually } from '../../harness/eventually.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('hostile');
const dashboard = useDashboard();
const markup = `<img src=x onerror=alert(1)><a href="javascript:alert(2)">\u202etxt.exe</a>`;
const wait = "trap 'exit 0' TERM; while true; do sleep 3600 & wait $!; done";
const osc = [
  `printf '\\033]52;c;aGFja2Vk\\007'`,
  `printf '\\033]8;;javascript:alert(3)\\007link\\033]8;;\\007\\n'`,
  `printf '\\033]0;taken over\\007'`,
  `printf '\\033P1;2qdevice\\033\\\\'`,
];
const longLine = `head -c 10485760 /dev/zero | tr '\\0' x; echo; echo after the long one`;

beforeAll(async () => {
  await createApp({
    namespace,
    name: 'talker',
    script: `${osc.join('; ')}; ${longLine}; ${wait}`,
    pod: { terminationGracePeriodSeconds: 1 },
  });
  await post(`/api/v1/namespaces/${namespace}/configmaps`, {
    metadata: { name: 'words', labels: { 'a.b/c': 'd' }, annotations: { note: markup } },
    data: { text: markup },
  });
  await post(`/api/v1/namespaces/${namespace}/events`, {
    metadata: { name: 'said' },
    involvedObject: { kind: 'Deployment', namespace, name: 'talker', apiVersion: 'apps/v1' },
    reason: 'Said',
    message: markup,
    type: 'Warning',
    lastTimestamp: new Date().toISOString().replace(/\.\d+Z$/, 'Z'),
    source: { component: markup },
  });
});

/** What must not be there: elements that the words would have made, links that lead elsewhere than to pages. */
const made = (page: Page) =>
  page.evaluate(() => ({
    images: document.querySelectorAll('img[src="x"]').length,
    links: [...document.querySelectorAll('a[href]')].map((link) => link.href).filter((href) => !/^https?:/.test(href)),
  }));

test('D5: names, annotations, events and YAML are text, and links lead to pages only', async () => {
  const page = await dashboard.open({ project: namespace });
  const troubles: string[] = [];
  page.on('dialog', (dialog) => {
    troubles.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', ({ violatedDirective }) => {
      console.error(`policy: ${violatedDirective}`);
    }),
  );
  for (const [path, shown] of [
    [`/apps/${namespace}/deployment/talker`, 'onerror'],
    [`/resources/core/v1/configmaps/${namespace}/words`, 'onerror'],
    ['/resources/core/v1/events', 'onerror'],
    ['/overview', 'onerror'],
  ] as const) {
    await page.goto(path);
    await page.getByText(shown, { exact: false }).first().waitFor();
    expect({ path, ...(await made(page)) }).toEqual({ path, images: 0, links: [] });
  }
  expect(troubles).toEqual([]);
  await page.context().close();
});

test('D6: escape sequences and a line of 10 MB in a log are inert, and the page stays quick', async () => {
  const { page } = dashboard;
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => navigator.clipboard.writeText('mine'));
  await page.goto(`/apps/${namespace}/deployment/talker?tab=logs`);
  await page.locator('.line', { hasText: 'after the long one' }).waitFor();
  expect(await page.title()).not.toContain('taken over');
  expect(await page.locator('.line a').count()).toBe(0);
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine');
  const started = performance.now();
  await page.getByTestId('log-search').fill('after the');
  await page.getByTestId('log-matches').filter({ hasText: '1/1' }).waitFor();
  const took = performance.now() - started;
  process.stderr.write(`  D6: a search beside 10 MB after ${Math.round(took)} ms\n`);
  expect(took).toBeLessThan(5000);
});

test('D6: and so they are in a shell', async () => {
  const { page } = dashboard;
  await page.goto(`/apps/${namespace}/deployment/talker?tab=shell`);
  await page.locator('.xterm-helper-textarea').waitFor({ state: 'attached' });
  const shows = (text: RegExp) =>
    eventually(async () => text.test(await page.locator('.xterm-rows').innerText()), { what: String(text) });
  await shows(/[#$]\s*$/m);
  await page.keyboard.type(`${osc.join('; ')}; head -c 3000000 /dev/zero | tr '\\0' x; clear; echo still-$((40+2))`);
  await page.keyboard.press('Enter');
  await shows(/still-42/);
  expect(await page.title()).not.toContain('taken over');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('mine');
});

test('D10: a shell ends with the session that opened it', async () => {
  const { page } = dashboard;
  const context = await dashboard.context.browser()!.newContext({ baseURL: dashboard.origin, locale: 'en' });
  const other = await context.newPage();
  await enter(other, target().dataDirectory);
  await other.goto(`/apps/${namespace}/deployment/talker?tab=shell`);
  await other.locator('.xterm-helper-textarea').waitFor({ state: 'attached' });
  const shows = (text: RegExp) =>
    eventually(async () => text.test(await other.locator('.xterm-rows').innerText()), { what: String(text) });
  await shows(/[#$]\s*$/m);
  // Signed out beside the page, as another of its windows would do it.
  await other.evaluate(async () => {
    const { csrf } = (await (await fetch('/auth/session')).json()) as { csrf: string };
    await fetch('/auth/logout', { method: 'POST', headers: { 'x-naru-csrf': csrf } });
  });
  await shows(/The connection has ended/);
  // Whoever has a session of their own is not touched.
  await page.reload();
  await page.locator('naru-shell').waitFor();
  await context.close();
});

declare const document: {
  querySelectorAll(selector: string): Iterable<{ href: string }> & { length: number };
};
declare const navigator: { clipboard: { readText(): Promise<string>; writeText(text: string): Promise<void> } };
declare const addEventListener: (name: string, listen: (event: { violatedDirective: string }) => void) => void;
