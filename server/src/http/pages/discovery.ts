/** /api, /apis and below: which groups, versions and resources are served. */
// Like apiserver pkg/endpoints/discovery.
import { methodNotAllowed, resourceNotServed } from '@naru/api/status';
import type { Catalog } from '../../kinds/catalog.ts';
import { NoSuchPath } from '../no-such-path.ts';
import { renderingOf } from '../perform-read.ts';
import { sendValue } from '../write-response.ts';
import { aggregatedDiscovery, aggregatedTypeOf } from './aggregated-discovery.ts';
import { inGroupOrder } from './group-order.ts';
import type { Page } from './page.ts';
import { resourceListOf } from './resource-list.ts';

export function discoveryPage(): Page {
  const aggregated = aggregatedDiscovery();
  return (exchange, server) => {
    const [root, ...parts] = exchange.path.slice(1).split('/').filter(Boolean) as ['api' | 'apis', ...string[]];
    if (exchange.path.includes('//')) throw resourceNotServed();
    const { catalog } = server.api;
    if (parts.length === 0) {
      const type = aggregatedTypeOf(exchange.request.headers.accept);
      if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw methodNotAllowed();
      if (type) return aggregated(exchange, root, type, catalog);
    }
    const document = root === 'api' ? coreDocument(parts, exchange, catalog) : groupDocument(parts, exchange, catalog);
    return sendValue(exchange, 200, document, renderingOf(exchange, server).accepted, server.toProtobuf);
  };
}

interface Asked {
  readonly method: string;
}

const onlyReads = ({ method }: Asked) => {
  if (method !== 'GET') throw methodNotAllowed();
};

function coreDocument(parts: readonly string[], asked: Asked, catalog: Catalog): object {
  if (parts.length === 0) {
    return {
      kind: 'APIVersions',
      versions: ['v1'],
      serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: '' }],
    };
  }
  return versionDocument('', parts[0]!, asked, catalog);
}

function groupDocument(parts: readonly string[], asked: Asked, catalog: Catalog): object {
  const groups = inGroupOrder(catalog.groups()).filter(({ group }) => group !== '');
  const [name, version] = parts;
  if (name === undefined)
    return {
      kind: 'APIGroupList',
      apiVersion: 'v1',
      groups: groups.map(({ group, versions }) => groupOf(group, versions)),
    };
  const found = groups.find(({ group }) => group === name);
  if (!found) throw new NoSuchPath();
  if (version !== undefined) return versionDocument(name, version, asked, catalog);
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(name, found.versions) };
}

function groupOf(name: string, versions: readonly string[]): object {
  const named = versions.map((version) => ({ groupVersion: `${name}/${version}`, version }));
  return { name, versions: named, preferredVersion: named[0] };
}

function versionDocument(group: string, version: string, asked: Asked, catalog: Catalog): object {
  const kinds = catalog.inGroupVersion(group, version);
  if (kinds.length === 0) throw resourceNotServed();
  onlyReads(asked);
  return resourceListOf(group, version, kinds);
}
