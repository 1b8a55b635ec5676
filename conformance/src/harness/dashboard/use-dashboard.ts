/** A signed-in page for one suite, watched while it runs: a complaint of the page fails the test during which it came. */
import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { target } from '../target.ts';
import { launchBrowser } from './browser.ts';
import { enter, originOf, pageIsBuilt } from './sign-in.ts';
import { watchTroubles } from './troubles.ts';

export interface Surroundings {
  language?: 'en' | 'ko';
  theme?: 'light' | 'dark';
  /** The one shown; empty for all. */
  project?: string;
  viewport?: { width: number; height: number };
  touch?: boolean;
}

export interface UsedDashboard {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly origin: string;
  /** Another page of the same person under other circumstances; closed by the suite's end at the latest. */
  open(surroundings: Surroundings): Promise<Page>;
}

/** To be called at the top of a describe block or file; the fields can be read once its tests run. */
export function useDashboard(
  surroundings: Surroundings = {},
  dataDirectory: () => string = () => target().dataDirectory,
): UsedDashboard {
  let browser: Browser | undefined;
  let context: BrowserContext | undefined;
  let page: Page | undefined;
  let origin = '';
  const troubles: string[][] = [];
  const newContext = async (given: Surroundings, session?: Awaited<ReturnType<BrowserContext['storageState']>>) => {
    const made = await browser!.newContext({
      baseURL: origin,
      viewport: given.viewport ?? { width: 1280, height: 800 },
      locale: given.language ?? 'en',
      colorScheme: given.theme ?? 'light',
      hasTouch: given.touch ?? false,
      reducedMotion: 'reduce',
      ...(session && { storageState: session }),
    });
    made.setDefaultTimeout(30_000);
    troubles.push(watchTroubles(made, origin));
    const preferences = JSON.stringify({ theme: given.theme ?? 'light', project: given.project ?? '' });
    await made.addInitScript(
      ([language, stored]) => {
        // The empty page before the first has no storage.
        if (location.protocol === 'about:' || localStorage.getItem('naru.preferences') !== null) return;
        localStorage.setItem('naru.language', language);
        localStorage.setItem('naru.preferences', stored);
      },
      [given.language ?? 'en', preferences] as const,
    );
    return made;
  };
  beforeAll(async () => {
    origin = originOf(dataDirectory());
    await pageIsBuilt(origin);
    browser = await launchBrowser();
    context = await newContext(surroundings);
    page = await context.newPage();
    await enter(page, dataDirectory());
  });
  afterEach(() => {
    const all = troubles.flatMap((list) => list.splice(0));
    expect(all).toEqual([]);
  });
  afterAll(async () => browser?.close());
  return {
    get page() {
      return page!;
    },
    get context() {
      return context!;
    },
    get origin() {
      return origin;
    },
    async open(given) {
      const other = await newContext({ ...surroundings, ...given }, await sessionOf(context!));
      return other.newPage();
    },
  };
}

/** Who is signed in, without what the browser keeps of language and theme. */
async function sessionOf(context: BrowserContext) {
  return { cookies: await context.cookies(), origins: [] };
}

declare const location: { readonly protocol: string };
declare const localStorage: { getItem(key: string): string | null; setItem(key: string, value: string): void };
