/** Apps in Chromium: run, scale, stop, start, restart, delete, edit. Numbers are those of the acceptance checks in docs/reference/dashboard-checks.md. */
import { get as httpGet } from 'node:http';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Locator } from 'playwright-core';
import { createApp, deploymentPath, patch, read } from '../../harness/dashboard/apps.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { eventually } from '../../harness/eventually.ts';
import { kubectlBinary } from '../../harness/kubectl.ts';
import { program } from '../../harness/run-program.ts';
import { target } from '../../harness/target.ts';
import { testNamespace } from '../../harness/test-namespace.ts';
import { dirname } from 'node:path';

interface Deployment {
  metadata: { generation: number; annotations?: Record<string, string> };
  spec: { replicas: number; template: { spec: { containers: Record<string, unknown>[] } } };
  status: { readyReplicas?: number };
}

const readDeployment = (namespace: string, name: string) => read<Deployment>(deploymentPath(namespace, name));
const gone = (namespace: string, name: string) =>
  eventually(
    () =>
      readDeployment(namespace, name).then(
        () => false,
        () => true,
      ),
    { what: `the end of ${name}` },
  );

const containersOf = async (namespace: string, name: string): Promise<string[]> => {
  const labels = [`io.kubernetes.pod.namespace=${namespace}`, `io.kubernetes.container.name=${name}`];
  const filters = labels.flatMap((label) => ['--filter', `label=${label}`]);
  return (await program('docker', ['ps', '-q', ...filters])).split('\n').filter(Boolean);
};

describe('an empty project', () => {
  const namespace = testNamespace('empty');
  const dashboard = useDashboard({ project: '' });

  test('6: shows what to do, and 7: the wizard runs an app from an image name alone', async () => {
    const page = await dashboard.open({ project: namespace });
    await page.goto('/apps');
    const empty = page.getByTestId('empty-apps');
    await empty.getByRole('link').first().click();
    await page.getByTestId('image').fill('nginx:1.27');
    expect(await page.getByTestId('app-name').inputValue()).toBe('nginx');
    expect(await page.getByTestId('port').inputValue()).toBe('80');
    const commands = await page.getByTestId('kubectl').innerText();
    await page.getByTestId('submit').click();
    const steps = page.getByTestId('progress').locator('li');
    await steps.first().waitFor();
    expect(await steps.count()).toBe(5);
    await page.getByTestId('ready').waitFor();
    const shown = await readDeployment(namespace, 'nginx');
    await page.goto('/apps');
    await page.getByTestId('app-nginx').getByTestId('instances').filter({ hasText: '1/1' }).waitFor();

    // What the page says kubectl would do makes the same.
    await program('sh', ['-ec', commands.replaceAll(/\bnginx\b(?!:)/g, 'twin')], {
      env: {
        ...process.env,
        KUBECONFIG: target().kubeconfig,
        PATH: `${dirname(await kubectlBinary('1.36'))}:${process.env['PATH']}`,
      },
    });
    const twin = await readDeployment(namespace, 'twin');
    const plain = (one: Deployment) => JSON.parse(JSON.stringify(one.spec).replaceAll('twin', 'nginx')) as unknown;
    expect(plain(twin)).toEqual(plain(shown));
    await page.context().close();
  });
});

describe('apps', () => {
  const namespace = testNamespace('apps');
  const dashboard = useDashboard({ project: '' });
  let row: (name: string) => Locator;

  const firstContainer = (name: string) =>
    eventually(async (): Promise<string> => {
      const [id] = await containersOf(namespace, name);
      if (!id) throw new Error('none yet');
      return id;
    });
  const web = `trap 'sleep 1.5; exit 0' TERM; mkdir -p /www; echo hello >/www/index.html; httpd -p 8080 -h /www; while true; do sleep 3600 & wait $!; done`;

  beforeAll(async () => {
    const probe = { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 };
    await createApp({
      namespace,
      name: 'web',
      script: web,
      port: 8080,
      replicas: 2,
      container: { readinessProbe: probe },
    });
    for (const name of ['one', 'two', 'three']) await createApp({ namespace, name });
    row = (name) => dashboard.page.getByTestId(`app-${name}`);
    await dashboard.page.evaluate((project) => {
      localStorage.setItem('naru.preferences', JSON.stringify({ theme: 'light', project }));
    }, namespace);
    await dashboard.page.goto('/apps');
  });

  test('12: plus and minus change the instances, and the number settles without a reload', async () => {
    const instances = row('one').getByTestId('instances');
    await instances.filter({ hasText: '1/1' }).waitFor();
    await row('one').getByTestId('scale-up').click();
    await instances.filter({ hasText: '2/2' }).waitFor({ timeout: 10_000 });
    await row('one').getByTestId('scale-up').click();
    await instances.filter({ hasText: '3/3' }).waitFor({ timeout: 10_000 });
    expect((await readDeployment(namespace, 'one')).spec.replicas).toBe(3);
  });

  test('9: a stopped app is grey, names who stopped it and has no containers; start brings all of them back', async () => {
    expect(await containersOf(namespace, 'one')).toHaveLength(3);
    await row('one').getByTestId('stop').click();
    await row('one').getByText('Stopped by admin').waitFor();
    await eventually(async () => (await containersOf(namespace, 'one')).length === 0, { what: 'no container' });
    expect((await readDeployment(namespace, 'one')).spec.replicas).toBe(0);
    await row('one').getByTestId('start').click();
    await row('one').getByTestId('instances').filter({ hasText: '3/3' }).waitFor();
    expect(await containersOf(namespace, 'one')).toHaveLength(3);
    const { items } = await read<{ items: { spec: { app?: { name?: string } } }[] }>(
      `/apis/naru.dev/v1/namespaces/${namespace}/alerts`,
    );
    expect(JSON.stringify(items)).not.toContain('"one"');
  });

  test('10: a restart replaces every instance while the public address answers every request', async () => {
    await row('web').getByTestId('instances').filter({ hasText: '2/2' }).waitFor();
    const href = (await row('web').getByRole('link', { name: /^:/ }).getAttribute('href')) ?? '';
    const before = await readDeployment(namespace, 'web');
    const names = async () =>
      (
        await read<{ items: { metadata: { name: string } }[] }>(
          `/api/v1/namespaces/${namespace}/pods?labelSelector=app=web`,
        )
      ).items.map(({ metadata }) => metadata.name);
    const old = await names();
    const probe = startProbe(href);
    await row('web').getByTestId('restart').click();
    await eventually(
      async () => {
        const now = await names();
        return now.length === 2 && !now.some((name) => old.includes(name));
      },
      { seconds: 60, what: 'new instances' },
    );
    const { sent, failures } = await probe.stop();
    expect((await readDeployment(namespace, 'web')).metadata.generation).toBeGreaterThan(before.metadata.generation);
    expect(sent).toBeGreaterThan(10);
    expect(failures).toEqual([]);
  });

  test('14: several apps are stopped at once; one that cannot be is named, the others are', async () => {
    const { page } = dashboard;
    const forbidden = { kind: 'Status', code: 403, reason: 'Forbidden', message: 'not this one', status: 'Failure' };
    await page.route(`**${deploymentPath(namespace, 'three')}*`, (route) =>
      route.request().method() === 'PATCH' ? route.fulfill({ status: 403, json: forbidden }) : route.continue(),
    );
    await row('one').getByRole('checkbox').click();
    await row('two')
      .getByRole('checkbox')
      .click({ modifiers: ['Shift'] });
    await page.getByTestId('bulk').waitFor();
    expect(await page.locator('tr.selected').count()).toBe(3);
    await page.getByTestId('bulk-stop').click();
    for (const name of ['one', 'two']) await row(name).getByTestId('start').waitFor();
    await page.locator('tr.failure').waitFor();
    expect(await row('three').getByTestId('stop').count()).toBe(1);
    expect((await readDeployment(namespace, 'three')).spec.replicas).toBe(1);
    await page.unroute('**');
    for (const name of ['one', 'two']) {
      await row(name).getByTestId('start').click();
      await row(name).getByTestId('stop').waitFor();
    }
  });

  test('15: a container killed from outside shows within 3 seconds', async () => {
    const id = await firstContainer('two');
    const restarts = row('two').locator('td.number').last();
    const before = Number(await restarts.innerText());
    await program('docker', ['kill', id]);
    const started = performance.now();
    await eventually(async () => Number(await restarts.innerText()) > before, { seconds: 3, what: 'the restart' });
    process.stderr.write(`  15: shown after ${Math.round(performance.now() - started)} ms\n`);
  });

  test('17: what somebody else changes is told and never replaces what is being typed', async () => {
    const { page } = dashboard;
    await page.goto(`/apps/${namespace}/deployment/two?tab=yaml`);
    const editor = page.locator('.cm-content');
    await editor.click();
    await page.keyboard.press('Control+Home');
    await page.keyboard.type('# mine\n');
    const typed = () => editor.innerText();
    // A status that changes is nobody's edit.
    const id = await firstContainer('two');
    await program('docker', ['kill', id]);
    await eventually(async () => ((await containersOf(namespace, 'two'))[0] ?? id) !== id, { what: 'its next run' });
    expect(await page.getByTestId('conflict').count()).toBe(0);
    await patch(deploymentPath(namespace, 'two'), { metadata: { annotations: { theirs: 'yes' } } });
    await page.getByTestId('conflict').waitFor();
    expect(await typed()).toContain('# mine');
    await page.getByTestId('take-theirs').click();
    await eventually(async () => (await typed()).includes('theirs'));
    expect(await typed()).not.toContain('# mine');
    await page.getByTestId('save').waitFor();
  });

  test('16: an edit changes what was edited and nothing else', async () => {
    const { page } = dashboard;
    const before = await readDeployment(namespace, 'web');
    await page.goto(`/apps/${namespace}/deployment/web?tab=yaml`);
    const editor = page.locator('.cm-content');
    await editor.locator('.cm-line').first().waitFor();
    const line = editor.locator('.cm-line', { hasText: /^metadata:$/ }).first();
    await line.click();
    await page.keyboard.press('End');
    // The editor indents by itself; what it put there is replaced.
    await page.keyboard.press('Enter');
    await page.keyboard.press('Shift+Home');
    await page.keyboard.type('  finalizers: []');
    await page.getByTestId('save').click();
    await page.getByTestId('notice').waitFor();
    const after = await readDeployment(namespace, 'web');
    expect(after.spec).toEqual(before.spec);
  });

  test('11: nothing is deleted by Enter, by a second thought, or beyond what was chosen', async () => {
    const { page } = dashboard;
    await page.goto('/apps');
    const askToDelete = async (name: string) => {
      await row(name).getByTestId('more').click();
      await page.getByTestId('delete').click();
      await page.getByTestId('cancel').waitFor();
    };
    await askToDelete('three');
    expect(await page.getByTestId('cancel').evaluate((element) => element.matches(':focus'))).toBe(true);
    await page.keyboard.press('Enter');
    await page.getByTestId('cancel').waitFor({ state: 'detached' });
    expect((await readDeployment(namespace, 'three')).spec.replicas).toBe(1);

    await askToDelete('three');
    await page.getByTestId('confirm').click();
    await page.getByTestId('notice-action').click();
    await row('three').getByTestId('stop').waitFor();
    expect((await readDeployment(namespace, 'three')).spec.replicas).toBe(1);

    await askToDelete('web');
    expect(await page.getByTestId('also-service-web').isChecked()).toBe(true);
    await page.getByTestId('confirm').click();
    await gone(namespace, 'web');
    // What is gone stays in place as long as the pointer or the keys are in the table.
    await page.locator('h1').first().click();
    await row('web').waitFor({ state: 'detached' });
    await expect(read(`/api/v1/namespaces/${namespace}/services/web`)).rejects.toThrow('404');
  });
});

/** Ten requests a second until told to stop. */
function startProbe(url: string): { stop(): Promise<{ sent: number; failures: string[] }> } {
  const failures: string[] = [];
  const answers: Promise<void>[] = [];
  const ask = () =>
    new Promise<void>((resolve) => {
      const request = httpGet(url, { agent: false, timeout: 3000 }, (response) => {
        response.resume();
        if (response.statusCode !== 200) failures.push(`answered ${response.statusCode}`);
        response.on('end', resolve).on('error', () => resolve());
      });
      request.on('timeout', () => request.destroy(new Error('no answer in 3 s')));
      request.on('error', (error) => {
        failures.push(error.message);
        resolve();
      });
    });
  const timer = setInterval(() => answers.push(ask()), 100);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(answers);
      return { sent: answers.length, failures };
    },
  };
}

declare const localStorage: { setItem(key: string, value: string): void };
