/** One container in Chromium: stopped, started, restarted and deleted without its app. */
import { beforeAll, expect, test } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { createApp, read } from '../../harness/dashboard/apps.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { eventually } from '../../harness/eventually.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

interface Pod {
  metadata: { name: string; uid: string };
  status: { containerStatuses?: { containerID?: string; state: object; restartCount: number }[] };
}

const namespace = testNamespace('boxes');
const dashboard = useDashboard();
let row: Locator;

const pods = async () => (await read<{ items: Pod[] }>(`/api/v1/namespaces/${namespace}/pods`)).items;
const idNow = async () => (await pods())[0]?.status.containerStatuses?.[0]?.containerID;

beforeAll(async () => {
  await createApp({ namespace, name: 'crate' });
  const { page } = dashboard;
  await page.goto('/containers');
  await page.getByTestId('filter').fill('crate-');
  row = page.getByTestId('container-crate');
  await row.getByText('Running').waitFor();
});

test('stop ends one container, and start brings it back in the same instance', async () => {
  const [before] = await pods();
  await row.getByTestId('stop').click();
  await row.getByTestId('start').waitFor();
  expect((await pods())[0]?.status.containerStatuses?.[0]?.state).not.toHaveProperty('running');
  await row.getByTestId('start').click();
  await row.getByText('Running').waitFor();
  const [after] = await pods();
  expect(after?.metadata.uid).toBe(before?.metadata.uid);
});

test('restart makes another container in the same instance', async () => {
  const [before] = await pods();
  const id = await idNow();
  await row.getByTestId('restart').click();
  await eventually(async () => ![undefined, id].includes(await idNow()), { what: 'another container' });
  await row.getByText('Running').waitFor();
  expect((await pods())[0]?.metadata.uid).toBe(before?.metadata.uid);
});

test('delete says that the app starts a replacement, and it does', async () => {
  const { page } = dashboard;
  const [before] = await pods();
  await row.getByTestId('delete').click();
  await page
    .getByRole('dialog')
    .getByText(/replacement|another/)
    .first()
    .waitFor();
  await page.getByTestId('confirm').click();
  await eventually(
    async () => {
      const now = await pods();
      return now.length === 1 && now[0]?.metadata.uid !== before?.metadata.uid;
    },
    { what: 'the replacement' },
  );
  await page.locator('h1').first().click();
  await row.getByText('Running').waitFor();
});
