/** Logs in Chromium: long, merged, searched, hostile, and in Korean. */
import { beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { createApp, read } from '../../harness/dashboard/apps.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { eventually } from '../../harness/eventually.ts';
import { kubectlFor, type Kubectl } from '../../harness/kubectl.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('logs');
const dashboard = useDashboard();
let kubectl: Kubectl;

const wait = "trap 'exit 0' TERM; while true; do sleep 3600 & wait $!; done";
/** Writes the lines that are asked for by a file. */
const obedient = `trap 'exit 0' TERM; echo ready; while true; do if [ -f /tmp/say ]; then mv /tmp/say /tmp/said; cat /tmp/said; fi; sleep 0.1; done`;
const hostile = `echo '<img src=x onerror=alert(1)>'; printf '\\033[31mred words\\033[0m\\n'; printf '\\033]0;title\\007after title\\n'; ${wait}`;
const korean = `for byte in 353 215 260 354 235 264 355 204 260 353 262 240 354 235 264 354 212 244; do printf "\\\\$byte"; done; echo; ${wait}`;

beforeAll(async () => {
  kubectl = await kubectlFor('1.36', target().kubeconfig, namespace);
  await createApp({
    namespace,
    name: 'many',
    script: `awk 'BEGIN { for (n = 1; n <= 100000; n++) print "line " n " of many" }'; ${wait}`,
  });
  await createApp({ namespace, name: 'obedient', script: obedient });
  await createApp({ namespace, name: 'hostile', script: hostile });
  await createApp({ namespace, name: 'korean', script: korean });
  await createApp({ namespace, name: 'records', script: `echo '${JSON.stringify(record)}'; ${wait}` });
  await createApp({ namespace, name: 'twice', script: `echo "born as $(cat /proc/sys/kernel/random/uuid)"; ${wait}` });
  await createApp({
    namespace,
    name: 'merged',
    script: `n=0; while [ $n -lt 20 ]; do n=$((n+1)); echo "$HOSTNAME says $n"; done; ${wait}`,
    replicas: 3,
  });
});

const record = {
  level: 'info',
  message: '주문을 받았습니다',
  items: Array.from({ length: 12 }, (_, n) => `item ${n}`),
};

async function openLogs(page: Page, name: string): Promise<Locator> {
  await page.goto(`/apps/${namespace}/deployment/${name}?tab=logs`);
  const lines = page.locator('.line');
  await lines.first().waitFor();
  return lines;
}

const say = (text: string) =>
  kubectl(['exec', '-i', 'deployment/obedient', '--', 'sh', '-c', 'cat >/tmp/draft && mv /tmp/draft /tmp/say'], {
    input: text,
  });

test('24: a hundred thousand lines open at once and keep few rows on the page', async () => {
  const { page } = dashboard;
  await eventually(async () => (await kubectl(['logs', 'deployment/many', '--tail=1'])).startsWith('line 100000'), {
    seconds: 60,
    what: 'the last line',
  });
  await page.goto(`/apps/${namespace}/deployment/many`);
  await page.getByTestId('tab-logs').waitFor();
  const started = performance.now();
  await page.getByTestId('tab-logs').click();
  await page.locator('.line', { hasText: 'line 100000' }).waitFor();
  const opened = performance.now() - started;
  process.stderr.write(`  24: opened in ${Math.round(opened)} ms\n`);
  expect(opened).toBeLessThan(1500);
  const viewport = page.getByTestId('log-lines');
  for (const top of [0, 5000, 20_000, 100]) await viewport.evaluate((element, to) => (element.scrollTop = to), top);
  expect(await page.locator('.line').count()).toBeLessThanOrEqual(200);
});

test('25: the newest line shows by itself; above it nothing moves, and what comes is counted', async () => {
  const { page } = dashboard;
  await openLogs(page, 'obedient');
  await say(Array.from({ length: 60 }, (_, n) => `early ${n + 1}\n`).join(''));
  await page.locator('.line', { hasText: 'early 60' }).waitFor();
  const viewport = page.getByTestId('log-lines');
  await viewport.evaluate((element) => element.scrollBy(0, -20 * 20));
  await page.getByTestId('unread').waitFor();
  const top = () =>
    viewport.evaluate((element) => {
      const { top } = element.getBoundingClientRect();
      return [...element.querySelectorAll('.line')].find((line) => line.getBoundingClientRect().bottom > top + 1)
        ?.textContent;
    });
  const before = await top();
  await say(Array.from({ length: 500 }, (_, n) => `late ${n + 1}\n`).join(''));
  await page.getByTestId('unread').filter({ hasText: '500' }).waitFor();
  expect(await top()).toBe(before);
  await page.getByTestId('unread').click();
  await page.locator('.line', { hasText: 'late 500' }).waitFor();
  const started = performance.now();
  await say('just now\n');
  await page.locator('.line', { hasText: 'just now' }).waitFor();
  process.stderr.write(`  25: a new line after ${Math.round(performance.now() - started)} ms, kubectl exec included\n`);
});

test('26: a search counts what kubectl counts, steps through it, and takes patterns and levels', async () => {
  const { page } = dashboard;
  await openLogs(page, 'obedient');
  await page.locator('.line', { hasText: 'just now' }).waitFor();
  const text = await kubectl(['logs', 'deployment/obedient']);
  const count = (pattern: RegExp) => text.split('\n').filter((line) => pattern.test(line)).length;
  const matches = page.getByTestId('log-matches');
  await page.getByTestId('log-search').fill('late 4');
  await matches.filter({ hasText: `1/${count(/late 4/)}` }).waitFor();
  await page.getByTestId('log-search').press('Enter');
  await matches.filter({ hasText: `2/${count(/late 4/)}` }).waitFor();
  await page.getByTestId('log-search').press('Shift+Enter');
  await matches.filter({ hasText: `1/${count(/late 4/)}` }).waitFor();
  await page.getByRole('checkbox', { name: /\.\*/ }).check();
  await page.getByTestId('log-search').fill('^(early|late) 1?5$');
  await matches.filter({ hasText: `1/${count(/^(early|late) 1?5$/)}` }).waitFor();
  await page.getByTestId('log-search').fill('');
  await page.getByTestId('follow').click();
  await say('ERROR it broke\nINFO it works\n');
  await page.locator('.line', { hasText: 'it broke' }).waitFor();
  await page.getByRole('button', { name: 'error', exact: true }).click();
  await page.locator('.line', { hasText: 'it works' }).waitFor({ state: 'detached' });
  await page.locator('.line', { hasText: 'it broke' }).waitFor();
});

test('27: the logs of an app are those of all its instances, and of one that comes later', async () => {
  const { page } = dashboard;
  interface Pods {
    items: { metadata: { name: string; deletionTimestamp?: string } }[];
  }
  const names = async () =>
    (await read<Pods>(`/api/v1/namespaces/${namespace}/pods?labelSelector=app=merged`)).items
      .filter(({ metadata }) => !metadata.deletionTimestamp)
      .map(({ metadata }) => metadata.name);
  await openLogs(page, 'merged');
  const shows = async (pod: string) => {
    await page.getByTestId('log-search').fill(`${pod} says 20`);
    await page.getByTestId('log-matches').filter({ hasText: '1/1' }).waitFor();
  };
  const before = await names();
  expect(before).toHaveLength(3);
  for (const pod of before) await shows(pod);
  await kubectl(['delete', 'pod', before[0]!, '--wait=false']);
  const late = await eventually(async (): Promise<string> => {
    const name = (await names()).find((candidate) => !before.includes(candidate));
    if (!name) throw new Error('no replacement yet');
    return name;
  });
  await shows(late);
});

test('29: what a log says is text, whatever it says', async () => {
  const { page } = dashboard;
  let dialogs = 0;
  page.on('dialog', (dialog) => {
    dialogs++;
    void dialog.dismiss();
  });
  await openLogs(page, 'hostile');
  await page.locator('.line', { hasText: '<img src=x onerror=alert(1)>' }).waitFor();
  await page.locator('.line', { hasText: 'after title' }).waitFor();
  expect(await page.locator('.line img').count()).toBe(0);
  expect(await page.locator('.line', { hasText: 'red words' }).innerText()).not.toContain('\u001b');
  expect(dialogs).toBe(0);
  expect(await page.title()).not.toBe('title');
});

test('30: Korean text that came in single bytes is whole', async () => {
  const lines = await openLogs(dashboard.page, 'korean');
  expect(await lines.first().innerText()).toContain('데이터베이스');
});

test('older lines are fetched when they are asked for, and what is read stays where it is', async () => {
  const { page } = dashboard;
  await openLogs(page, 'many');
  const matches = page.getByTestId('log-matches');
  const search = page.getByTestId('log-search');
  await search.fill('line 93000 of');
  await matches.filter({ hasText: '0/0' }).waitFor();
  await search.fill('');
  const viewport = page.getByTestId('log-lines');
  await viewport.evaluate((element) => (element.scrollTop = 0));
  const first = page.locator('.line', { hasText: 'line 98001 of' });
  await first.waitFor();
  await page.getByTestId('older').click();
  await search.fill('line 93000 of');
  await matches.filter({ hasText: '1/1' }).waitFor();
  await search.fill('');
  await first.waitFor();
  expect(await page.getByTestId('unread').innerText()).not.toMatch(/\d/);
});

test('a long line is wrapped, and JSON is unfolded', async () => {
  const { page } = dashboard;
  const lines = await openLogs(page, 'records');
  expect(await lines.count()).toBe(1);
  await page.getByTestId('log-wrap').check();
  await eventually(async () => (await lines.count()) > 1, { what: 'a second row' });
  const fits = await lines.evaluateAll((rows) => rows.every((row) => row.scrollWidth <= row.clientWidth));
  expect(fits).toBe(true);
  expect((await lines.allInnerTexts()).join('').replace(/^.*?\{/, '{')).toBe(JSON.stringify(record));
  await page.getByTestId('log-wrap').uncheck();
  await page.locator('.unfold').click();
  await page.locator('.line.detail', { hasText: '"message": "주문을 받았습니다"' }).waitFor();
  await page.locator('.unfold').click();
  await page.locator('.line.detail').first().waitFor({ state: 'detached' });
});

test('the run before the present one can be read, and only what is not too old', async () => {
  const { page } = dashboard;
  const lines = await openLogs(page, 'twice');
  const [born = ''] = /born as \S+/.exec(await lines.first().innerText()) ?? [];
  await kubectl(['exec', 'deployment/twice', '--', 'kill', '1']);
  await page.getByTestId('log-previous').waitFor();
  await page.locator('.line', { hasText: 'born as' }).nth(1).waitFor();
  await page.getByTestId('log-previous').check();
  await eventually(async () => (await lines.allInnerTexts()).every((text) => text.includes(born)), {
    what: 'the words of the earlier run alone',
  });
  await page.getByTestId('log-previous').uncheck();
  await eventually(async () => (await lines.count()) > 0 && !(await lines.allInnerTexts()).join().includes(born), {
    what: 'the words of the present run alone',
  });
  const asked = page.waitForEvent('websocket', (socket) => socket.url().includes('sinceSeconds=300'));
  await page.getByTestId('log-since').selectOption('5');
  await asked;
  await lines.first().waitFor();
});
