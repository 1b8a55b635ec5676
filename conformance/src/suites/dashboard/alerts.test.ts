/** Alerts in Chromium: each trouble is one card and one message, and the button of its card ends it. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { createApp, patch, post, read } from '../../harness/dashboard/apps.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { eventually } from '../../harness/eventually.ts';
import { call, target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';
import { webhookSink, type WebhookSink } from '../../harness/webhook-sink.ts';

interface Alert {
  metadata: { name: string };
  spec: { rule: string; subject: { name: string } };
  status: { state: string; acknowledged?: { by: string } };
}

const namespace = testNamespace('troubles');
const dashboard = useDashboard({ project: '' });
const sleeping = "trap 'exit 0' TERM; while true; do sleep 3600 & wait $!; done";
const expected = ['crash CrashLooping', 'huge CannotPlace', 'missing ImagePullFailed', 'oom OutOfMemoryKilled'];
const alertsPath = `/apis/naru.dev/v1/namespaces/${namespace}/alerts`;
let sink: WebhookSink;
let page: Page;

const alerts = async () => (await read<{ items: Alert[] }>(alertsPath)).items;
const toldOf = (status: string) =>
  sink.told
    .filter((one) => one.status === status)
    .flatMap((one) => one.alerts.map(({ subject, rule }) => `${subject.name} ${rule}`))
    .sort();
const card = (app: string): Locator =>
  page.locator('naru-alert-card').filter({ has: page.getByRole('link', { name: app, exact: true }) });
const row = (app: string): Locator => page.getByTestId(`app-${app}`);

beforeAll(async () => {
  sink = await webhookSink();
  await post('/apis/naru.dev/v1/notificationchannels', {
    apiVersion: 'naru.dev/v1',
    kind: 'NotificationChannel',
    metadata: { name: namespace },
    spec: { url: sink.url, form: 'generic', namespaces: [namespace] },
  });
  await createApp({ namespace, name: 'crash' });
  await createApp({ namespace, name: 'steady' });
  await createApp({
    namespace,
    name: 'oom',
    script: `dd if=/dev/zero of=/dev/null bs=20M count=1 || exit 1; ${sleeping}`,
    container: { resources: { limits: { memory: '16Mi' } } },
  });
  await createApp({
    namespace,
    name: 'missing',
    image: '127.0.0.1:1/none:1',
    container: { command: ['sh', '-c', sleeping] },
  });
  await createApp({ namespace, name: 'huge', container: { resources: { requests: { memory: '4000Gi' } } } });
  page = await dashboard.open({ project: namespace });
  await page.goto('/apps');
  await row('crash').getByText('Running').waitFor();
  // An update that does not work, over a version that does.
  const crashing = { name: 'crash', command: ['sh', '-c', 'echo reading settings; echo no such file; exit 3'] };
  await patch(`/apis/apps/v1/namespaces/${namespace}/deployments/crash`, {
    spec: { template: { spec: { containers: [{ ...crashing, image: 'busybox:1.36' }] } } },
  });
});

afterAll(async () => {
  await page.context().close();
  await call(target(), { method: 'DELETE', path: `/apis/naru.dev/v1/notificationchannels/${namespace}` });
  await sink.close();
});

test('40: crash loop, out of memory, bad image and no place are one card each; what somebody stopped is none', async () => {
  await row('steady').getByTestId('stop').click();
  await row('steady').getByText('Stopped by admin').waitFor();
  await page.goto('/alerts');
  await eventually(() => expect(toldOf('firing')).toEqual(expected), { seconds: 100, what: 'four alerts told' });
  for (const app of ['crash', 'huge', 'missing', 'oom']) {
    await card(app).waitFor();
    expect(await card(app).count()).toBe(1);
  }
  expect(await page.title()).toMatch(/^\(\d+\) Naru$/);
  expect(Number(await page.getByTestId('bell').innerText())).toBeGreaterThanOrEqual(4);
  await page.locator('.cdk-live-announcer-element', { hasText: /\S/ }).waitFor({ state: 'attached' });

  // It says why in words, with what the program said last; the rest unfolds.
  await card('crash').getByText('exit code 3', { exact: false }).first().waitFor();
  await card('crash').getByText('no such file').waitFor();
  await card('oom').getByText('limit of 16 MiB').waitFor();
  await card('huge').getByText('It reserves 3.91 TiB of memory', { exact: false }).waitFor();
});

test('45: a language is changed under a firing alert', async () => {
  await page.getByTestId('language-ko').click();
  await card('oom').getByText('메모리 부족', { exact: false }).first().waitFor();
  await page.getByTestId('language-en').click();
  await card('oom').getByText('ran out of memory').waitFor();
});

test('42: whoever acknowledges is named, and nobody signs for somebody else', async () => {
  await card('huge').getByTestId('acknowledge').click();
  await card('huge').getByText('Acknowledged by admin').waitFor();
  const [alert] = (await alerts()).filter(({ spec }) => spec.subject.name === 'missing');
  await expect(
    patch(`${alertsPath}/${alert!.metadata.name}/status`, { status: { acknowledged: { by: 'somebody-else' } } }),
  ).rejects.toThrow('403');
});

test('41 and 46: the button of each card ends its trouble, and the end is told to whom the beginning was', async () => {
  await card('oom').getByTestId('fix').filter({ hasText: 'Raise limit to 24 MiB' }).click();

  await card('missing').getByTestId('fix').click();
  await page.getByTestId('value').fill('busybox:1.36');
  await page.getByTestId('confirm').click();

  // What would fit stands there already.
  await card('huge').getByTestId('fix').click();
  expect(await page.getByTestId('value').inputValue()).toMatch(/^\d+Mi$/);
  await page.getByTestId('confirm').click();

  await card('crash').getByTestId('fix-also').filter({ hasText: 'Roll back' }).click();
  await page.getByTestId('confirm').click();

  await eventually(() => expect(toldOf('resolved')).toEqual(expected), { seconds: 90, what: 'four ends told' });
  for (const app of ['crash', 'huge', 'missing', 'oom']) await card(app).waitFor({ state: 'detached' });
  await page.getByTestId('tab-history').click();
  await card('oom').getByText('Resolved').waitFor();
  expect((await alerts()).map(({ status }) => status.state)).toEqual(expected.map(() => 'resolved'));
  expect(toldOf('firing')).toEqual(expected);
  await page.goto('/apps');
  for (const app of ['crash', 'huge', 'missing', 'oom']) await row(app).getByText('Running').waitFor();
});

test('9: of what somebody stopped nobody was told', async () => {
  // How long it stays so is shown by an hour of the engine's own clock, in healthy-hour.test.ts.
  expect((await alerts()).filter(({ spec }) => spec.subject.name === 'steady')).toEqual([]);
  expect(sink.told.flatMap((one) => one.alerts).filter(({ subject }) => subject.name === 'steady')).toEqual([]);
});
