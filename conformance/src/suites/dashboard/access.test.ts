/** The page for everybody: axe, keyboard alone, narrow screens. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createApp, deploymentPath, read } from '../../harness/dashboard/apps.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { eventually } from '../../harness/eventually.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('access');
const dashboard = useDashboard();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

beforeAll(async () => {
  await createApp({ namespace, name: 'talk', port: 8080, replicas: 2 });
  await createApp({ namespace, name: 'broken', script: 'exit 3' });
});

interface Violation {
  id: string;
  nodes: { html: string; failureSummary?: string }[];
}

/** What axe finds, one line each. */
async function violations(page: Page): Promise<string[]> {
  // Through the debugger's own way in: the page's policy holds for scripts of the page.
  const session = await page.context().newCDPSession(page);
  await session.send('Runtime.evaluate', { expression: axe, returnByValue: false });
  const { result } = await session.send('Runtime.evaluate', {
    expression: `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations'] }).then(({ violations }) => JSON.stringify(violations))`,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  return (JSON.parse(String(result.value)) as Violation[]).flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary?.split('\n')[1]?.trim() ?? ''}`,
    ),
  );
}

const routes = () => [
  '/overview',
  '/apps',
  `/apps/${namespace}/deployment/talk`,
  `/apps/${namespace}/deployment/broken`,
  `/apps/${namespace}/deployment/talk?tab=logs`,
  `/apps/${namespace}/deployment/talk?tab=shell`,
  `/apps/${namespace}/deployment/talk?tab=stats`,
  `/apps/${namespace}/deployment/talk?tab=scaling`,
  `/apps/${namespace}/deployment/talk?tab=yaml`,
  '/containers',
  '/network',
  '/network?view=access',
  '/alerts',
  '/alerts?tab=channels',
  '/resources',
  '/resources/core/v1/pods',
  `/resources/core/v1/services/${namespace}/talk`,
  '/run',
];

const dialogs: readonly [string, (page: Page) => Promise<void>][] = [
  ['the keys', (page) => page.keyboard.press('Shift+Slash')],
  ['the command box', (page) => page.keyboard.press('Control+KeyK')],
  [
    'the account',
    async (page) => {
      await page.getByTestId('account').click();
      await page.getByTestId('account-menu').click();
    },
  ],
  [
    'the deletion',
    async (page) => {
      await page.goto(`/apps/${namespace}/deployment/talk`);
      await page.getByTestId('delete').click();
    },
  ],
];

describe('54: axe finds nothing', () => {
  test.each([
    ['light', 'en'],
    ['light', 'ko'],
    ['dark', 'en'],
    ['dark', 'ko'],
  ] as const)('in %s and %s, on every page and dialog', async (theme, language) => {
    const page = await dashboard.open({ theme, language });
    const found: string[] = [];
    for (const path of routes()) {
      await page.goto(path);
      await page.locator('h1').first().waitFor();
      await page.locator('naru-skeleton').first().waitFor({ state: 'detached' });
      found.push(...(await violations(page)).map((line) => `${path} ${line}`));
    }
    for (const [name, open] of dialogs) {
      await page.goto('/overview');
      await page.locator('h1').first().waitFor();
      await open(page);
      await page.getByRole('dialog').waitFor();
      found.push(...(await violations(page)).map((line) => `${name} ${line}`));
    }
    expect(found).toEqual([]);
    await page.context().close();
  });

  test('nor before the sign-in', async () => {
    const page = await dashboard.open({});
    await page.context().clearCookies();
    await page.goto('/');
    await page.getByTestId('sign-in').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.context().close();
  });
});

/** Tab until the element has the focus, as somebody without a mouse does. */
async function tabTo(page: Page, testId: string, within = page.locator('body')): Promise<void> {
  const wanted = within.getByTestId(testId).first();
  await wanted.waitFor();
  await eventually(
    async () => {
      if (await wanted.evaluate((element) => element.matches(':focus'))) return true;
      await page.keyboard.press('Tab');
      return false;
    },
    { seconds: 40, what: `the focus on ${testId}` },
  );
}

describe('55: without a mouse', () => {
  test('an app is run, its logs are read, it is stopped and deleted', async () => {
    const page = await dashboard.open({ project: namespace });
    await page.goto('/apps');
    await tabTo(page, 'run');
    await page.keyboard.press('Enter');
    await tabTo(page, 'image');
    await page.keyboard.type('nginx:1.27');
    await tabTo(page, 'submit');
    await page.keyboard.press('Enter');
    await page.getByTestId('ready').waitFor();
    await tabTo(page, 'open-app');
    await page.keyboard.press('Enter');
    await tabTo(page, 'tab-logs');
    await page.keyboard.press('Enter');
    await page.getByTestId('log-lines').or(page.getByRole('status')).first().waitFor();
    await tabTo(page, 'stop');
    await page.keyboard.press('Enter');
    await page.getByTestId('start').waitFor();
    await tabTo(page, 'delete');
    await page.keyboard.press('Enter');
    await page.getByTestId('cancel').waitFor();
    await tabTo(page, 'confirm', page.getByRole('dialog'));
    await page.keyboard.press('Enter');
    await eventually(
      () =>
        read(deploymentPath(namespace, 'nginx')).then(
          () => false,
          () => true,
        ),
      {
        what: 'the end of the app',
      },
    );
    await page.context().close();
  });
});

const overflow = (page: Page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

describe('56: on a telephone', () => {
  test('nothing has to be pushed sideways; an app is stopped and its logs are read by touch', async () => {
    const page = await dashboard.open({ viewport: { width: 360, height: 740 }, touch: true });
    for (const path of ['/overview', '/apps', '/alerts']) {
      await page.goto(path);
      await page.locator('h1').first().waitFor();
      expect(await overflow(page)).toBeLessThanOrEqual(0);
    }
    await page.goto('/apps?q=talk');
    const row = page.getByTestId('app-talk');
    await row.waitFor();
    if (await row.getByTestId('logs').isVisible()) await row.getByTestId('logs').tap();
    else {
      await row.getByTestId('more').tap();
      await page.getByRole('menuitem').first().tap();
    }
    await page.getByTestId('dock').waitFor();
    await page.getByTestId('dock').getByRole('button').last().tap();
    await page.goto(`/apps/${namespace}/deployment/talk`);
    await page.getByTestId('stop').tap();
    await page.getByTestId('start').waitFor();
    expect((await read<{ spec: { replicas: number } }>(deploymentPath(namespace, 'talk'))).spec.replicas).toBe(0);
    await page.getByTestId('start').tap();
    await page.getByTestId('stop').waitFor();
    await page.context().close();
  });
});

describe('57: at four times the size', () => {
  test('the page flows into 320 pixels', async () => {
    const page = await dashboard.open({ viewport: { width: 320, height: 256 } });
    for (const path of ['/overview', '/apps', '/containers', '/network', '/alerts', '/resources', '/run']) {
      await page.goto(path);
      await page.locator('h1').first().waitFor();
      expect({ path, over: Math.max(0, await overflow(page)) }).toEqual({ path, over: 0 });
    }
    await page.context().close();
  });
});

declare const document: { documentElement: { scrollWidth: number; clientWidth: number } };
