/** Objects made and changed as text in Chromium, automatic scaling switched on and off, and what a deletion leaves. */
import { beforeAll, expect, test } from '@jest/globals';
import type { Locator, Page } from 'playwright-core';
import { createApp, deploymentPath, patch, post, read } from '../../harness/dashboard/apps.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { eventually } from '../../harness/eventually.ts';
import { testNamespace } from '../../harness/test-namespace.ts';

interface Autoscaler {
  spec: {
    minReplicas: number;
    maxReplicas: number;
    metrics: { resource: { target: { averageUtilization: number } } }[];
  };
}

const namespace = testNamespace('edits');
const dashboard = useDashboard({ project: '' });
const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
const autoscalers = `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`;
let page: Page;
let editor: Locator;

beforeAll(async () => {
  await createApp({ namespace, name: 'text', container: { resources: { requests: { cpu: '10m' } } } });
  page = await dashboard.open({ project: namespace });
  editor = page.locator('.cm-content');
});

/** Puts `text` in the place of what follows the mark in the line that has it. */
async function replaceAfter(mark: string, text: string): Promise<void> {
  const line = editor.locator('.cm-line', { hasText: mark }).first();
  await line.click();
  await page.keyboard.press('Home');
  await page.keyboard.press('Shift+End');
  await page.keyboard.type(`${mark} ${text}`);
}

test('17: of two changes at once both are kept', async () => {
  await page.goto(`/apps/${namespace}/deployment/text?tab=yaml`);
  await editor.locator('.cm-line').first().waitFor();
  await replaceAfter('replicas:', '2');
  await patch(deploymentPath(namespace, 'text'), { metadata: { annotations: { theirs: 'yes' } } });
  await page.getByTestId('conflict').waitFor();
  await page.getByTestId('keep-both').click();
  await page.getByTestId('merged').filter({ hasText: 'Both changes are in the text' }).waitFor();
  await page.getByTestId('save').click();
  await page.getByTestId('notice').waitFor();
  const saved = await read<{ metadata: { annotations: object }; spec: { replicas: number } }>(
    deploymentPath(namespace, 'text'),
  );
  expect(saved.spec.replicas).toBe(2);
  expect(saved.metadata.annotations).toMatchObject({ theirs: 'yes' });
});

test('an object is made from its text, after a check that makes nothing', async () => {
  await page.goto(`/resources/core/v1/configmaps/new?project=${namespace}&name=made`);
  await editor.locator('.cm-line', { hasText: 'KEY' }).waitFor();
  await replaceAfter('KEY:', '값');
  await page.getByTestId('check').click();
  await page.getByTestId('checked').waitFor();
  await expect(read(`${configMaps}/made`)).rejects.toThrow('404');
  await page.getByTestId('create').click();
  await page.waitForURL(`**/resources/core/v1/configmaps/${namespace}/made`);
  expect(await read(`${configMaps}/made`)).toMatchObject({ data: { KEY: '값' } });
});

test('automatic scaling is switched on with its limits, takes the buttons away, and is switched off', async () => {
  await page.goto(`/apps/${namespace}/deployment/text?tab=scaling`);
  await page.getByTestId('automatic').check();
  await page.getByTestId('minimum').fill('2');
  await page.getByTestId('maximum').fill('3');
  await page.getByTestId('target').fill('55');
  await page.getByTestId('save-scaling').click();
  await page.getByTestId('scaled-automatically').waitFor();
  expect(await page.getByTestId('scale').count()).toBe(0);
  const { spec } = await read<Autoscaler>(`${autoscalers}/text`);
  expect(spec).toMatchObject({ minReplicas: 2, maxReplicas: 3 });
  expect(spec.metrics[0]?.resource.target.averageUtilization).toBe(55);
  await page.goto('/apps');
  const row = page.getByTestId('app-text');
  await row.getByText('2–3 · 55%').waitFor();
  expect(await row.getByTestId('scale-up').count()).toBe(0);
  await page.goto(`/apps/${namespace}/deployment/text?tab=scaling`);
  await page.getByTestId('automatic').uncheck();
  await page.getByTestId('save-scaling').click();
  await page.getByTestId('scale').waitFor();
  await expect(read(`${autoscalers}/text`)).rejects.toThrow('404');
});

test('11: data outlives its app unless it is ticked, and a project goes only by its name', async () => {
  await post(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
    metadata: { name: 'kept' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '8Mi' } } },
  });
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'kept' } }];
  await createApp({ namespace, name: 'keeper', pod: { volumes } });
  await page.goto('/apps');
  await page.getByTestId('app-keeper').getByText('Running').waitFor();
  await page.getByTestId('app-keeper').getByTestId('more').click();
  await page.getByTestId('delete').click();
  expect(await page.getByTestId('also-volume-kept').isChecked()).toBe(false);
  await page.getByTestId('confirm').click();
  await eventually(
    () =>
      read(deploymentPath(namespace, 'keeper')).then(
        () => false,
        () => true,
      ),
    { what: 'the end of keeper' },
  );
  await read(`/api/v1/namespaces/${namespace}/persistentvolumeclaims/kept`);

  await page.goto(`/resources/core/v1/namespaces?q=${namespace}`);
  const row = page.locator('tbody tr', { hasText: namespace });
  await row.getByRole('button', { name: /Delete/ }).click();
  expect(await page.getByTestId('confirm').isDisabled()).toBe(true);
  await page.locator('#typed').fill(namespace.slice(0, -1));
  expect(await page.getByTestId('confirm').isDisabled()).toBe(true);
  await page.locator('#typed').fill(namespace);
  expect(await page.getByTestId('confirm').isEnabled()).toBe(true);
  await page.getByTestId('cancel').click();
  await read(`/api/v1/namespaces/${namespace}`);
  await page.context().close();
});
