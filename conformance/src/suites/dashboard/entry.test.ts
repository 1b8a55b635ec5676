/** The way in: the first run, wrong passwords, a session that ends under an open page. On a Naru of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../../harness/dashboard/browser.ts';
import { administrator, enter, firstRunCode, pageIsBuilt } from '../../harness/dashboard/sign-in.ts';
import { watchTroubles } from '../../harness/dashboard/troubles.ts';
import { eventually } from '../../harness/eventually.ts';
import { program } from '../../harness/run-program.ts';
import { freePort, startNaru, type RunningNaru } from '../../harness/running-naru.ts';
import { kubectlFor } from '../../harness/kubectl.ts';

const newPassword = 'a-ferry-at-dusk';
const repository = join(import.meta.dirname, '../../../..');
const directory = mkdtempSync(join(tmpdir(), 'naru-entry-'));
const dataDirectory = join(directory, 'data');
let naru: RunningNaru;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let origin: string;
let troubles: string[];
let start: () => Promise<RunningNaru>;

beforeAll(async () => {
  const [port, dashboardPort] = [await freePort(), await freePort()];
  start = () =>
    startNaru({
      repository,
      dataDirectory,
      port,
      flags: ['--runtime', 'fake', '--dashboard-port', String(dashboardPort)],
    });
  naru = await start();
  origin = `http://127.0.0.1:${dashboardPort}`;
  await pageIsBuilt(origin);
  browser = await launchBrowser();
  context = await browser.newContext({ baseURL: origin, locale: 'en', viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(20_000);
  troubles = watchTroubles(context, origin);
  page = await context.newPage();
}, 300_000);
afterEach(() => expect(troubles.splice(0)).toEqual([]));
afterAll(async () => {
  await browser.close();
  await naru.stop();
  await program(join(repository, 'naru'), ['down', '--data-dir', dataDirectory]);
  rmSync(directory, { recursive: true, force: true });
});

const submit = () => page.getByTestId('submit').click();

/** Submits the form and tells what the server answered. */
async function setUp(): Promise<number> {
  const answer = page.waitForResponse('**/auth/setup');
  await submit();
  return (await answer).status();
}

test('1: only the printed code makes the administrator, and the page opens', async () => {
  await page.goto('/');
  await page.getByTestId('first-run').waitFor();
  await page.getByTestId('code').fill('AAAA-BBBB-CCCC');
  await page.getByTestId('password').fill(administrator.password);
  expect(await setUp()).toBe(403);
  await page.getByTestId('refused').waitFor();
  const code = firstRunCode(dataDirectory) ?? '';
  // As people type it.
  await page.getByTestId('code').fill(code.toLowerCase().replaceAll('-', ' '));
  await page.getByTestId('password').fill('password');
  expect(await setUp()).toBe(422);
  await page.getByTestId('password').fill(administrator.password);
  expect(await setUp()).toBe(200);
  await page.locator('naru-shell').waitFor();
  expect(firstRunCode(dataDirectory)).toBeUndefined();
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(cookie?.value);
});

test('1: after six idle minutes the page is live and goes on', async () => {
  const idle = await context.newPage();
  await idle.clock.install();
  await idle.goto('/overview');
  await idle.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();
  await idle.clock.runFor('06:00');
  await idle.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();
  await idle.getByRole('link', { name: 'Apps', exact: true }).first().click();
  await idle.getByTestId('empty-apps').waitFor();
  await idle.close();
});

test('a restart of the server signs nobody out, and the open page goes on by itself', async () => {
  await naru.stop();
  naru = await start();
  await page.getByTestId('connection').filter({ hasText: 'Live' }).waitFor();
  await page.reload();
  await page.locator('naru-shell').waitFor();
});

test('4: a session that ends while something is being edited is renewed in place, and the text is still there', async () => {
  const kubectl = await kubectlFor('1.36', naru.kubeconfig);
  await kubectl(['create', 'configmap', 'draft', '--from-literal=key=before']);
  await page.goto('/resources/core/v1/configmaps/default/draft');
  const editor = page.locator('.cm-content');
  await editor.locator('.cm-line', { hasText: 'before' }).dblclick();
  await page.keyboard.type('after');
  await kubectl(['delete', 'secret', '-n', 'kube-system', 'naru-dashboard-sessions']);
  await naru.stop();
  naru = await start();
  await page.getByTestId('renew').waitFor();
  await page.getByTestId('renew').getByTestId('password').fill('not this one');
  await page.getByTestId('renew').getByTestId('submit').click();
  await page.getByTestId('renew').getByRole('alert').waitFor();
  await page.getByTestId('renew').getByTestId('password').fill(administrator.password);
  await page.getByTestId('renew').getByTestId('submit').click();
  await page.getByTestId('renew').waitFor({ state: 'detached' });
  expect(await editor.innerText()).toContain('after');
  await page.getByTestId('save').click();
  await page.getByTestId('notice').waitFor();
  expect(await kubectl(['get', 'configmap', 'draft', '-o', 'jsonpath={.data}'])).toContain('after');
});

test('a changed password ends every other session; signing out everywhere ends this one too', async () => {
  const other = await browser.newContext({ baseURL: origin, locale: 'en' });
  const otherPage = await other.newPage();
  await enter(otherPage, dataDirectory);
  await page.goto('/overview');
  await page.getByTestId('account').click();
  await page.getByTestId('account-menu').click();
  const change = async (current: string, password: string) => {
    const answer = page.waitForResponse('**/auth/password');
    await page.getByTestId('current-password').fill(current);
    await page.getByTestId('new-password').fill(password);
    await page.getByTestId('change-password').click();
    return (await answer).status();
  };
  expect(await change('not this one', newPassword)).toBe(403);
  expect(await change(administrator.password, 'password')).toBe(422);
  expect(await change(administrator.password, newPassword)).toBe(204);
  await page.getByTestId('notice').waitFor();
  // The page that asked goes on; the other one is asked for the password in place, and the old one is no more.
  await page.reload();
  await page.locator('naru-shell').waitFor();
  const renew = otherPage.getByTestId('renew');
  await renew.waitFor();
  await renew.getByTestId('password').fill(administrator.password);
  await renew.getByTestId('submit').click();
  await renew.getByRole('alert').waitFor();
  await renew.getByTestId('password').fill(newPassword);
  await renew.getByTestId('submit').click();
  await renew.waitFor({ state: 'detached' });

  await page.getByTestId('account').click();
  await page.getByTestId('account-menu').click();
  await page.getByTestId('sign-out-everywhere').click();
  await page.getByTestId('sign-in').waitFor();
  await renew.waitFor();
  await other.close();
  await enter(page, dataDirectory, { ...administrator, password: newPassword });
});

test('2: a wrong password is told in the language of the page; after ten the account rests', async () => {
  await page.getByTestId('account').click();
  await page.getByTestId('sign-out').click();
  await page.getByTestId('sign-in').waitFor();
  await page.getByTestId('name').fill(administrator.name);
  await page.getByTestId('password').fill('wrong one');
  await submit();
  const refused = page.getByTestId('refused');
  await refused.waitFor();
  expect(await refused.innerText()).not.toMatch(/[가-힣]/);
  expect(await page.getByTestId('name').inputValue()).toBe(administrator.name);
  await page.waitForFunction(() => document.activeElement?.getAttribute('data-testid') === 'password');
  await page.getByTestId('language-ko').click();
  await refused.filter({ hasText: /[가-힣]/ }).waitFor();
  const wrong = await refused.innerText();
  for (let n = 0; n < 10; n++) {
    const answered = page.waitForResponse('**/auth/login');
    await page.getByTestId('password').fill(`wrong ${n}`);
    await submit();
    await answered;
  }
  await page.waitForFunction(
    (before) => document.querySelector('[data-testid=refused]')?.textContent !== before,
    wrong,
  );
  // The right one has to wait too.
  const answer = page.waitForResponse('**/auth/login');
  await page.getByTestId('password').fill(newPassword);
  await submit();
  expect((await answer).status()).toBe(429);
  // And whoever looks at the alerts is told.
  const kubectl = await kubectlFor('1.36', naru.kubeconfig);
  await eventually(
    async () =>
      (await kubectl(['get', 'alerts', '-n', 'kube-system'])).includes('failed logins for admin from 127.0.0.1'),
    { what: 'the alert' },
  );
});

declare const localStorage: object;
declare const document: {
  activeElement: { getAttribute(name: string): string | null } | null;
  querySelector(selector: string): { textContent: string | null } | null;
};
