/** All that is served beside resources: which page answers which path. */
import type { OpenApi } from '@naru/api/openapi/open-api';
import type { ServiceAccountTokens } from '../../authn/service-account-tokens.ts';
import { NoSuchPath } from '../no-such-path.ts';
import { discoveryPage } from './discovery.ts';
import { healthPage, type HealthChecks } from './health.ts';
import { openApiPage } from './openapi.ts';
import { keySetPage, openIdConfigurationPage } from './openid.ts';
import type { Page } from './page.ts';
import { pathsPage } from './paths.ts';
import { versionPage, type VersionInfo } from './version.ts';

export interface PagesOptions {
  readonly openApi: OpenApi;
  readonly tokens: ServiceAccountTokens;
  /** Under which the server is reached: https://10.0.0.1:6443. */
  readonly origin: string;
  readonly metrics: Page;
  readonly health: HealthChecks;
  readonly version: VersionInfo;
}

const otherPaths = [
  '/.well-known/openid-configuration',
  '/healthz',
  '/livez',
  '/metrics',
  '/openapi/v2',
  '/openapi/v3',
  '/openid/v1/jwks',
  '/readyz',
  '/version',
];

/** The page at this one path. */
const at =
  (path: string, page: Page): Page =>
  (exchange, server) => {
    if (exchange.path !== path) throw new NoSuchPath();
    return page(exchange, server);
  };

/** A page for every path below and including its key. */
export function makePages({ health, version, openApi, tokens, origin, metrics }: PagesOptions): Page {
  const discovery = discoveryPage();
  const pages = new Map<string, Page>([
    ['', pathsPage(otherPaths)],
    ['openapi', openApiPage(openApi)],
    ['openid', at('/openid/v1/jwks', keySetPage(tokens))],
    ['.well-known', at('/.well-known/openid-configuration', openIdConfigurationPage(tokens, origin))],
    ['metrics', at('/metrics', metrics)],
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
