/** `/`: all paths there are. */
import type { Catalog } from '../../kinds/catalog.ts';
import { NoSuchPath } from '../no-such-path.ts';
import { send } from '../write-response.ts';
import type { Page } from './page.ts';

/** `others`: paths beside those of the API groups. */
export function pathsPage(others: readonly string[]): Page {
  return (exchange, server) => {
    if (exchange.path !== '/') throw new NoSuchPath();
    const paths = [...groupPaths(server.api.catalog), ...others].sort();
    return send(exchange, 200, 'application/json', Buffer.from(`${JSON.stringify({ paths }, undefined, 2)}\n`));
  };
}

function groupPaths(catalog: Catalog): string[] {
  return catalog
    .groups()
    .flatMap(({ group, versions }) => {
      if (group === '') return ['/api', ...versions.map((version) => `/api/${version}`)];
      return ['/apis', `/apis/${group}`, ...versions.map((version) => `/apis/${group}/${version}`)];
    })
    .filter((path, index, all) => all.indexOf(path) === index);
}
