/** Addresses in Chromium: opened, and tried from the server. */
import { beforeAll, expect, test } from '@jest/globals';
import { createApp, post } from '../../harness/dashboard/apps.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

const namespace = testNamespace('reach');
const dashboard = useDashboard();
const web = `trap 'exit 0' TERM; mkdir -p /www; echo hello >/www/index.html; httpd -p 8080 -h /www; while true; do sleep 3600 & wait $!; done`;

beforeAll(async () => {
  await createApp({ namespace, name: 'web', script: web, port: 8080 });
  await post(`/api/v1/namespaces/${namespace}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'nobody' },
    spec: { selector: { app: 'nobody' }, ports: [{ port: 80 }] },
  });
});

test('36: Open leads to the host that the page came from, and the app answers there', async () => {
  const { page } = dashboard;
  await page.goto(`/network?q=${namespace}`);
  const row = page.locator('tr', { hasText: /127\.0\.0\.1:3\d{4}/ });
  await row.getByText('1 instance').waitFor();
  const href = (await row.getByRole('link', { name: /Open/ }).getAttribute('href')) ?? '';
  expect(new URL(href).hostname).toBe(new URL(page.url()).hostname);
  const answer = await fetch(href);
  expect(await answer.text()).toBe('hello\n');
});

test('36: Test tells of name, connection and answer, each with its time', async () => {
  const { page } = dashboard;
  await page
    .locator('tr', { hasText: `web.${namespace}:8080` })
    .getByTestId('test')
    .click();
  const steps = page.getByTestId('test-steps');
  await steps.locator('li').nth(2).waitFor();
  const text = (step: string) => steps.locator(`[data-step=${step}]`).innerText();
  expect(await text('name')).toMatch(/10\.96\.\d+\.\d+\s+[\d.]+ ms/);
  expect(await text('connect')).toMatch(/[\d.]+ ms/);
  expect(await text('http')).toMatch(/200[^]*[\d.]+ ms/);
});

test('36: and of what does not answer', async () => {
  const { page } = dashboard;
  await page
    .locator('tr', { hasText: `nobody.${namespace}` })
    .getByTestId('test')
    .click();
  await page.getByTestId('test-steps').locator('[data-step=connect].failed').waitFor();
});

test('only ports of Services can be tried, and only by who is signed in', async () => {
  const { page } = dashboard;
  const attempt = async (query: Record<string, string>) =>
    (await page.request.get('/naru/address-test', { params: query })).status();
  expect(await attempt({ namespace, service: 'web', port: '8080' })).toBe(200);
  expect(await attempt({ namespace, service: 'web', port: '22' })).toBe(400);
  expect(await attempt({ namespace, service: 'none', port: '80' })).toBe(404);
  expect(await attempt({ namespace: '../..', service: 'web', port: '8080' })).toBe(404);
  expect(await attempt({ host: '169.254.169.254', port: '80' })).toBe(404);
  const answer = await fetch(`${dashboard.origin}/naru/address-test?namespace=${namespace}&service=web&port=8080`);
  expect(answer.status).toBe(401);
});
