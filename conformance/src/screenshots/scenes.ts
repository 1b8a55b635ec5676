/** Every page of the dashboard and what can be opened on it: how to get there. */
import type { Page } from 'playwright-core';
import { emptyProject, project } from './sample-cluster.ts';

export interface Scene {
  name: string;
  path: string;
  /** The project shown; that of the samples when absent, all for an empty text. */
  project?: string;
  /** What is done on the page before the picture is taken. */
  act?: (page: Page) => Promise<unknown>;
  /** Whether it is seen without a session. */
  signedOut?: true;
}

const app = (name: string, tab?: string) => `/apps/${project}/deployment/${name}${tab ? `?tab=${tab}` : ''}`;
const click = (testId: string) => (page: Page) => page.getByTestId(testId).first().click();
const choose = (row: string, testId: string) => async (page: Page) => {
  await page.getByTestId(row).getByTestId('more').click();
  await page.getByTestId(testId).click();
};
const lines = (page: Page) => page.locator('.log-line, [role=log] .line').first().waitFor();

export const scenes: readonly Scene[] = [
  { name: 'sign-in', path: '/', signedOut: true },
  { name: 'overview', path: '/overview' },
  { name: 'overview-empty', path: '/overview', project: emptyProject },
  { name: 'apps', path: '/apps' },
  { name: 'apps-empty', path: '/apps', project: emptyProject },
  { name: 'apps-no-match', path: '/apps?q=nowhere' },
  {
    name: 'apps-selected',
    path: '/apps',
    act: async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('x');
    },
  },
  { name: 'app-delete', path: '/apps', act: choose('app-web', 'delete') },
  { name: 'app-summary', path: app('web') },
  { name: 'app-crashing', path: app('reports') },
  { name: 'app-out-of-memory', path: app('thumbnails') },
  { name: 'app-bad-image', path: app('billing') },
  { name: 'app-no-place', path: app('training') },
  { name: 'app-stopped', path: app('archive') },
  { name: 'app-logs', path: app('orders', 'logs'), act: lines },
  { name: 'app-shell', path: app('web', 'shell'), act: (page) => page.locator('.xterm-screen').waitFor() },
  { name: 'app-stats', path: app('orders', 'stats'), act: (page) => page.locator('canvas').first().waitFor() },
  { name: 'app-scaling', path: app('orders', 'scaling') },
  { name: 'app-scaling-manual', path: app('web', 'scaling') },
  { name: 'app-yaml', path: app('web', 'yaml'), act: (page) => page.locator('.cm-content').waitFor() },
  { name: 'containers', path: '/containers' },
  { name: 'network', path: '/network' },
  { name: 'network-empty', path: '/network', project: emptyProject },
  { name: 'alerts', path: '/alerts' },
  { name: 'alerts-none', path: '/alerts', project: emptyProject },
  { name: 'alerts-history', path: '/alerts?tab=history' },
  { name: 'alerts-channels', path: '/alerts?tab=channels' },
  { name: 'resources', path: '/resources' },
  { name: 'resources-machines', path: '/resources/core/v1/nodes' },
  { name: 'resources-settings', path: '/resources/core/v1/configmaps' },
  { name: 'resource-settings', path: `/resources/core/v1/configmaps/${project}/shop-settings` },
  { name: 'resource-new', path: '/resources/core/v1/configmaps/new' },
  { name: 'run', path: '/run' },
  {
    name: 'run-more',
    path: '/run',
    act: async (page) => {
      await page.getByTestId('image').fill('nginx:1.27');
      await page.locator('details summary').first().click();
    },
  },
  {
    name: 'dock',
    path: '/apps',
    act: async (page) => {
      await page.keyboard.press('j');
      await page.keyboard.press('l');
      await page.getByTestId('dock').waitFor();
    },
  },
  { name: 'command-box', path: '/overview', act: (page) => page.keyboard.press('Control+k') },
  { name: 'shortcuts', path: '/overview', act: (page) => page.keyboard.press('Shift+Slash') },
  { name: 'account', path: '/overview', act: click('account') },
  {
    name: 'account-settings',
    path: '/overview',
    act: async (page) => {
      await page.getByTestId('account').click();
      await page.getByTestId('account-menu').click();
      await page.getByTestId('account-settings').waitFor();
    },
  },
];
