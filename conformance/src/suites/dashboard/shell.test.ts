/** A shell in Chromium. */
import { beforeAll, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { createApp } from '../../harness/dashboard/apps.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { eventually } from '../../harness/eventually.ts';
import { kubectlFor, type Kubectl } from '../../harness/kubectl.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('shells');
const dashboard = useDashboard();
let kubectl: Kubectl;

beforeAll(async () => {
  kubectl = await kubectlFor('1.36', target().kubeconfig, namespace);
  await createApp({ namespace, name: 'box' });
  await createApp({ namespace, name: 'bare', image: 'naru-bare:1' });
  const second = {
    name: 'second',
    image: 'busybox:1.36',
    command: ['sleep', '100000'],
    env: [{ name: 'PLACE', value: 'second' }],
  };
  const first = { ...second, name: 'pair', env: [{ name: 'PLACE', value: 'first' }] };
  await createApp({ namespace, name: 'pair', replicas: 2, pod: { containers: [first, second] } });
  await kubectl(['rollout', 'status', 'deployment/box', '--timeout=60s'], { seconds: 70 });
});

async function openShell(page: Page, name: string): Promise<void> {
  await page.goto(`/apps/${namespace}/deployment/${name}?tab=shell`);
  await page.locator('.xterm-helper-textarea').waitFor({ state: 'attached' });
}

/** What the terminal shows, as text. */
const screen = (page: Page) => page.locator('.xterm-rows').innerText();
const shows = (page: Page, text: string | RegExp) =>
  eventually(
    async () => {
      const now = await screen(page);
      return typeof text === 'string' ? now.includes(text) : text.test(now);
    },
    { seconds: 10, what: `${text} in the terminal` },
  );

test('31: a shell answers at once and knows its size', async () => {
  const { page } = dashboard;
  await openShell(page, 'box');
  await shows(page, /[#$]\s*$/m);
  await page.keyboard.type('echo $((20+22))');
  const started = performance.now();
  await page.keyboard.press('Enter');
  await page.locator('.xterm-rows > div', { hasText: /^42/ }).first().waitFor();
  const took = performance.now() - started;
  process.stderr.write(`  31: answered after ${Math.round(took)} ms\n`);
  expect(took).toBeLessThan(500);
  await page.setViewportSize({ width: 900, height: 700 });
  await eventually(
    async () => {
      await page.keyboard.type('clear; stty size');
      await page.keyboard.press('Enter');
      const size = /(\d+) (\d+)/.exec(await screen(page));
      const rows = await page.locator('.xterm-rows > div').count();
      return Number(size?.[1]) === rows && Number(size?.[2]) < 110;
    },
    { seconds: 10, what: 'the size of the window' },
  );
  await page.setViewportSize({ width: 1280, height: 800 });
});

test('a shell opens in the instance and the container that are chosen', async () => {
  const { page } = dashboard;
  await kubectl(['rollout', 'status', 'deployment/pair', '--timeout=60s'], { seconds: 70 });
  await openShell(page, 'pair');
  const names = (await kubectl(['get', 'pods', '-l', 'app=pair', '-o', 'jsonpath={.items[*].metadata.name}'])).split(
    ' ',
  );
  expect(names).toHaveLength(2);
  for (const name of names)
    for (const [container, place] of [
      ['second', 'second'],
      ['pair', 'first'],
    ]) {
      await page.getByTestId('shell-instance').selectOption(name);
      await page.getByTestId('shell-container').selectOption(container!);
      await shows(page, /[#$]\s*$/m);
      await page.keyboard.type('echo "in $HOSTNAME/$PLACE"');
      await page.keyboard.press('Enter');
      await shows(page, `in ${name}/${place}`);
    }
});

test('31: Enter connects again when the shell has ended', async () => {
  const { page } = dashboard;
  await openShell(page, 'box');
  await shows(page, /[#$]\s*$/m);
  await page.keyboard.type('exit');
  await page.keyboard.press('Enter');
  await shows(page, /Enter/);
  await page.keyboard.press('Enter');
  await eventually(
    async () => {
      await page.keyboard.type('echo again-$((1+1))');
      await page.keyboard.press('Enter');
      return (await screen(page)).includes('again-2');
    },
    { seconds: 10, what: 'a new shell' },
  );
});

test('31: an image without a shell is said to have none', async () => {
  const { page } = dashboard;
  await kubectl(['rollout', 'status', 'deployment/bare', '--timeout=60s'], { seconds: 70 });
  await openShell(page, 'bare');
  await shows(page, /no shell/i);
});

test('32: Korean text typed with an input method reaches the container as its own bytes', async () => {
  const { page, context } = dashboard;
  await openShell(page, 'box');
  await shows(page, /[#$]\s*$/m);
  await page.keyboard.type('cat >/tmp/typed');
  await page.keyboard.press('Enter');
  const session = await context.newCDPSession(page);
  for (const text of ['ㅎ', '하', '한'])
    await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await session.send('Input.insertText', { text: '한' });
  for (const text of ['ㄱ', '그', '글'])
    await session.send('Input.imeSetComposition', { text, selectionStart: text.length, selectionEnd: text.length });
  await session.send('Input.insertText', { text: '글' });
  await shows(page, '한글');
  await page.keyboard.press('Control+d');
  await page.keyboard.press('Control+d');
  const typed = () => kubectl(['exec', 'deployment/box', '--', 'od', '-An', '-tx1', '/tmp/typed']);
  await eventually(async () => (await typed()).trim() === 'ed 95 9c ea b8 80', { seconds: 10, what: 'the six bytes' });
});
