/** All that is served beside resources: which page answers which path. */
import { NoSuchPath } from '../no-such-path.ts';
import { discoveryPage } from './discovery.ts';
import { healthPage, type HealthChecks } from './health.ts';
import type { Page } from './page.ts';
import { versionPage, type VersionInfo } from './version.ts';

export interface PagesOptions {
  readonly health: HealthChecks;
  readonly version: VersionInfo;
}

/** A page for every path below and including its key. */
export function makePages({ health, version }: PagesOptions): Page {
  const discovery = discoveryPage();
  const pages = new Map<string, Page>([
    ['healthz', healthPage('healthz', health.healthz)],
    ['livez', healthPage('livez', health.livez)],
    ['readyz', healthPage('readyz', health.readyz)],
    ['version', versionPage(version)],
    ['api', discovery],
    ['apis', discovery],
  ]);
  return (exchange, server) => {
    const page = pages.get(exchange.path.split('/')[1] ?? '');
    if (!page) throw new NoSuchPath();
    return page(exchange, server);
  };
}
