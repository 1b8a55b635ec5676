/** Korean and English, and keys that work under both. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createApp } from '../../harness/dashboard/apps.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('words');
const dashboard = useDashboard();
const routes = () => [
  '/overview',
  '/apps',
  `/apps/${namespace}/deployment/talk`,
  `/apps/${namespace}/deployment/talk?tab=scaling`,
  '/containers',
  '/network',
  '/alerts',
  '/resources',
  '/run',
];

beforeAll(async () => {
  await createApp({ namespace, name: 'talk', port: 8080 });
});

/** Words of the page that look like keys of its dictionaries, such as `apps.empty`. */
const untranslated = (page: Page) =>
  page.evaluate(
    () =>
      document.body.innerText.match(
        /\b(action|apps|ui|nav|state|overview|network|alerts|detail|run|shell)\.[a-z][\w.]+/g,
      ) ?? [],
  );

describe('49: the language', () => {
  test('changes without a reload, on every page, and nothing is left untranslated or cut off', async () => {
    for (const width of [1280, 768, 360]) {
      const page = await dashboard.open({ viewport: { width, height: 800 } });
      for (const path of routes()) {
        await page.goto(path);
        await page.locator('h1').first().waitFor();
        const mark = Math.random();
        await page.evaluate((value) => ((window as { mark?: number }).mark = value), mark);
        for (const language of ['ko', 'en'] as const) {
          if (width === 1280) await page.getByTestId(`language-${language}`).first().click();
          else
            await page
              .evaluate((code) => localStorage.setItem('naru.language', code), language)
              .then(() => page.reload());
          await page.waitForFunction((code) => document.documentElement.lang === code, language);
          await page.locator('h1').first().waitFor();
          const heading = await page.locator('h1').first().innerText();
          if (language === 'ko' && !path.includes('talk')) expect(heading).toMatch(/[가-힣]/);
          if (language === 'en') expect(heading).not.toMatch(/[가-힣]/);
          expect(await untranslated(page)).toEqual([]);
          const { scroll, client } = await page.evaluate(() => ({
            scroll: document.documentElement.scrollWidth,
            client: document.documentElement.clientWidth,
          }));
          expect({ path, width, language, over: Math.max(0, scroll - client) }).toEqual({
            path,
            width,
            language,
            over: 0,
          });
        }
        if (width === 1280) expect(await page.evaluate(() => (window as { mark?: number }).mark)).toBe(mark);
      }
      await page.context().close();
    }
  });
});

describe('50: Korean letters', () => {
  test('are drawn, each its own', async () => {
    const page = await dashboard.open({ language: 'ko' });
    await page.goto('/overview');
    await page.locator('h1').first().waitFor();
    await page.waitForFunction(() => document.fonts.check('16px "Noto Sans KR Variable"', '한글'));
    const drawn = (text: string) =>
      page.evaluate((letter) => {
        const canvas = document.createElement('canvas');
        canvas.width = canvas.height = 40;
        const context = canvas.getContext('2d');
        context.font = `32px ${getComputedStyle(document.body).fontFamily}`;
        context.fillText(letter, 2, 34);
        return canvas.toDataURL();
      }, text);
    expect(await drawn('한')).not.toBe(await drawn('글'));
    await page.context().close();
  });
});

describe('51: keys', () => {
  const press = (page: Page, key: string, code: string, more: object = {}) =>
    page.evaluate(
      ([key, code, more]) =>
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, code, bubbles: true, ...more })),
      [key, code, more] as const,
    );

  test('are found by their place, whatever they type', async () => {
    const { page } = dashboard;
    await page.goto('/overview');
    await page.locator('h1').first().waitFor();
    await press(page, 'ㅎ', 'KeyG');
    await press(page, 'ㅁ', 'KeyA');
    await page.waitForURL('**/apps');
  });

  test('do nothing while a syllable is composed or a field is typed in', async () => {
    const { page } = dashboard;
    await page.goto('/overview');
    await page.locator('h1').first().waitFor();
    await press(page, 'ㅎ', 'KeyG', { isComposing: true });
    await press(page, 'ㅁ', 'KeyA');
    expect(new URL(page.url()).pathname).toBe('/overview');
    await page.goto('/apps');
    await page.getByTestId('filter').focus();
    await page.keyboard.type('go');
    expect(new URL(page.url()).pathname).toBe('/apps');
    expect(await page.getByTestId('filter').inputValue()).toBe('go');
  });

  test('can be switched off', async () => {
    const page = await dashboard.open({});
    await page.goto('/overview');
    await page.getByTestId('account').click();
    await page.getByRole('menuitemcheckbox').first().click();
    await page.keyboard.press('Escape');
    await page.getByRole('menu').waitFor({ state: 'detached' });
    await press(page, 'g', 'KeyG');
    await press(page, 'a', 'KeyA');
    await press(page, '?', 'Slash', { shiftKey: true });
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(new URL(page.url()).pathname).toBe('/overview');
    await page.context().close();
  });
});

describe('52: the sheet of keys', () => {
  test('lists the pages, and each of its keys leads there', async () => {
    const { page } = dashboard;
    await page.goto('/overview');
    await page.locator('h1').first().waitFor();
    await page.keyboard.press('Shift+Slash');
    const sheet = page.getByRole('dialog');
    await sheet.waitFor();
    const keys = (await sheet.locator('kbd').allInnerTexts()).filter((text) => /^g [a-z]$/.test(text));
    expect(keys.length).toBeGreaterThanOrEqual(6);
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    const reached = new Set<string>();
    for (const key of keys) {
      await page.goto('/run');
      await page.locator('h1').first().waitFor();
      await page.locator('h1').first().click();
      for (const letter of key.split(' ')) await page.keyboard.press(letter);
      await page.waitForURL((url) => url.pathname !== '/run');
      reached.add(new URL(page.url()).pathname);
    }
    expect(reached.size).toBe(keys.length);
  });

  test('and those of tables work on the row that was moved to', async () => {
    const { page } = dashboard;
    await page.goto('/apps?q=talk');
    await page.getByTestId('app-talk').waitFor();
    await page.keyboard.press('j');
    await page.locator('tr.active').waitFor();
    await page.keyboard.press('x');
    await page.getByTestId('bulk').waitFor();
    await page.keyboard.press('x');
    await page.getByTestId('bulk').waitFor({ state: 'detached' });
    await page.keyboard.press('l');
    await page.getByTestId('dock').waitFor();
    await page.keyboard.press('Delete');
    await page.getByTestId('cancel').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/apps/${namespace}/deployment/talk*`);
  });
});

interface Canvas {
  width: number;
  height: number;
  getContext(kind: '2d'): { font: string; fillText(text: string, x: number, y: number): void };
  toDataURL(): string;
}
declare const window: object;
declare const document: {
  fonts: { check(font: string, text: string): boolean };
  body: { innerText: string; dispatchEvent(event: object): void };
  documentElement: { lang: string; scrollWidth: number; clientWidth: number };
  createElement(name: 'canvas'): Canvas;
};
declare function getComputedStyle(element: object): { fontFamily: string };
declare const KeyboardEvent: new (type: string, init: object) => object;
declare const localStorage: { setItem(key: string, value: string): void };
