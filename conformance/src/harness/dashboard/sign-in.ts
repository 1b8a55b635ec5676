/** The way into the dashboard, as a person takes it. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { eventually } from '../eventually.ts';

export const administrator = { name: 'admin', password: 'a-ferry-at-dawn' };

/** The code that `naru up` printed; undefined when there is an administrator. */
export function firstRunCode(dataDirectory: string): string | undefined {
  const path = join(dataDirectory, 'run/first-run-code');
  return existsSync(path) ? readFileSync(path, 'utf8').trim() : undefined;
}

/** Of the dashboard on the data directory of a Naru. */
export function originOf(dataDirectory: string): string {
  const { port } = JSON.parse(readFileSync(join(dataDirectory, 'run/dashboard.json'), 'utf8')) as { port: number };
  return `http://127.0.0.1:${port}`;
}

/** Opens the page where it stands: makes the administrator on the first run, else signs in. */
export async function enter(page: Page, dataDirectory: string, { name, password } = administrator): Promise<void> {
  await page.goto('/');
  const firstRun = page.getByTestId('first-run');
  const signIn = page.getByTestId('sign-in');
  await firstRun.or(signIn).or(page.locator('naru-shell')).first().waitFor();
  if (await firstRun.isVisible()) {
    await page.getByTestId('code').fill(firstRunCode(dataDirectory) ?? '');
    await page.getByTestId('name').fill(name);
    await page.getByTestId('password').fill(password);
    await page.getByTestId('submit').click();
  } else if (await signIn.isVisible()) {
    await page.getByTestId('name').fill(name);
    await page.getByTestId('password').fill(password);
    await page.getByTestId('submit').click();
  }
  await page.locator('naru-shell').waitFor();
}

/** Resolves when the built page is served, which takes a while after the first start. */
export async function pageIsBuilt(origin: string, seconds = 240): Promise<void> {
  await eventually(async () => (await fetch(origin)).status === 200, { seconds, what: 'the page of the dashboard' });
}
