/**
 * `npm run screenshots`: pictures of every page, in both languages and themes, wide and narrow, into screenshots/.
 * Without flags on a cluster of its own, which needs root. `--data-dir DIR` takes a Naru that runs, with `--password`
 * of its administrator `admin` and `--samples` to fill it first; `--only PATTERN` takes the pictures whose names match it, such as `^apps.*ko`.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser, Page } from 'playwright-core';
import { launchBrowser } from '../harness/dashboard/browser.ts';
import { administrator, enter, originOf, pageIsBuilt } from '../harness/dashboard/sign-in.ts';
import { program } from '../harness/run-program.ts';
import { startNaru } from '../harness/running-naru.ts';
import { startTestHost } from '../harness/test-host.ts';
import { makeSampleCluster, project } from './sample-cluster.ts';
import { scenes, type Scene } from './scenes.ts';

const repository = join(import.meta.dirname, '../../..');
const folder = join(repository, 'screenshots');
const languages = ['en', 'ko'] as const;
const themes = ['light', 'dark'] as const;
const widths = [1280, 360] as const;

const { values } = parseArgs({
  options: {
    'data-dir': { type: 'string' },
    password: { type: 'string', default: administrator.password },
    samples: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
  },
});

/** A host, an engine and a Naru for the pictures alone; they are taken from inside that host. */
async function onOwnHost(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'naru-screenshots-'));
  const host = await startTestHost('sc', join(directory, 'host'));
  try {
    const env = { ...process.env, DOCKER_HOST: `unix://${host.dockerSocket}` };
    await program('sh', [join(repository, 'conformance/images/build'), 'busybox', 'nginx'], { env, seconds: 300 });
    await program(join(repository, 'naru'), ['build-dashboard'], { seconds: 300 });
    const dataDirectory = join(directory, 'data');
    const flags = [
      '--docker-socket',
      host.dockerSocket,
      '--no-install',
      '--node-name',
      'harbor',
      '--dashboard-port',
      '8443',
    ];
    const naru = await startNaru({ repository, dataDirectory, flags, enter: host.enter, port: 6443 });
    const [nsenter = '', ...into] = host.enter;
    const again = [
      ...process.execArgv,
      import.meta.filename,
      '--data-dir',
      dataDirectory,
      '--samples',
      '--only',
      values.only,
    ];
    process.stdout.write(await program(nsenter, [...into, process.execPath, ...again], { seconds: 1800 }));
    await naru.stop();
    await program(nsenter, [...into, join(repository, 'naru'), 'down', '--data-dir', dataDirectory]);
  } finally {
    await host.close();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function ofRunning(dataDirectory: string): Promise<void> {
  process.env['NARU_KUBECONFIG'] = join(dataDirectory, 'admin.kubeconfig');
  const origin = originOf(dataDirectory);
  await pageIsBuilt(origin);
  mkdirSync(folder, { recursive: true });
  const browser = await launchBrowser();
  try {
    const session = await signIn(browser, origin, dataDirectory);
    if (values.samples) await makeSampleCluster();
    for (const language of languages)
      for (const theme of themes)
        for (const width of widths)
          for (const scene of scenes) await takePicture(browser, { origin, session, language, theme, width, scene });
  } finally {
    await browser.close();
  }
}

type Cookies = Awaited<ReturnType<ReturnType<Page['context']>['cookies']>>;

async function signIn(browser: Browser, origin: string, dataDirectory: string): Promise<Cookies> {
  const context = await browser.newContext({ baseURL: origin });
  const page = await context.newPage();
  await page.goto('/');
  await page.locator('h1').first().waitFor();
  await page.screenshot({ path: join(folder, 'first-visit.png') });
  await enter(page, dataDirectory, { ...administrator, password: values.password });
  const cookies = await context.cookies();
  await context.close();
  return cookies;
}

interface Picture {
  origin: string;
  session: Cookies;
  language: (typeof languages)[number];
  theme: (typeof themes)[number];
  width: (typeof widths)[number];
  scene: Scene;
}

async function takePicture(
  browser: Browser,
  { origin, session, language, theme, width, scene }: Picture,
): Promise<void> {
  const name = `${scene.name}.${language}.${theme}.${width}`;
  if (!new RegExp(values.only).test(name)) return;
  const context = await browser.newContext({
    baseURL: origin,
    viewport: { width, height: width === 360 ? 740 : 800 },
    locale: language,
    colorScheme: theme,
    reducedMotion: 'reduce',
    ...(!scene.signedOut && { storageState: { cookies: session, origins: [] } }),
  });
  const preferences = JSON.stringify({ theme, project: scene.project ?? project });
  await context.addInitScript(
    ([code, stored]) => {
      if (location.protocol === 'about:') return;
      localStorage.setItem('naru.language', code);
      localStorage.setItem('naru.preferences', stored);
    },
    [language, preferences] as const,
  );
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(10_000);
    await page.goto(scene.path);
    await page.locator('h1').first().waitFor();
    await page.waitForLoadState('networkidle');
    await scene.act?.(page);
    await page.evaluate(atRest);
    await page.screenshot({ path: join(folder, `${name}.png`) });
    process.stdout.write(`${name}\n`);
  } catch (error) {
    // One picture that cannot be taken must not cost the others.
    process.stdout.write(`${name}: ${String(error)}\n`);
    process.exitCode = 1;
  } finally {
    await context.close();
  }
}

/** In the page: its letters are there, and what comes in or changes its colour has done so. */
async function atRest(): Promise<void> {
  await document.fonts.ready;
  const ending = document.getAnimations().filter(({ effect }) => effect.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map(({ finished }) => finished));
}

await (values['data-dir'] ? ofRunning(values['data-dir']) : onOwnHost());

declare const location: { readonly protocol: string };
declare const localStorage: { setItem(key: string, value: string): void };
declare const document: {
  fonts: { ready: Promise<unknown> };
  getAnimations(): { effect: { getComputedTiming(): { endTime: number } }; finished: Promise<unknown> }[];
};
