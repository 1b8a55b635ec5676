/** All groups, versions and resources in one document, which clients keep until its ETag changes. */
// Like apiserver pkg/endpoints/discovery/aggregated.
import { createHash } from 'node:crypto';
import type { Catalog } from '../../kinds/catalog.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import type { Exchange } from '../exchange.ts';
import { parseAccept } from '../negotiate.ts';
import { inGroupOrder } from './group-order.ts';
import { send } from '../write-response.ts';
import { subresourceOf, verbsOf } from './resource-verbs.ts';

const documentType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** The content type of the aggregated document, when the client understands it; upstream prefers it wherever it stands. */
export function aggregatedTypeOf(accept: string | undefined): string | undefined {
  for (const { type, parameters } of parseAccept(accept ?? '')) {
    if (type !== 'application/json') continue;
    const isOurs = parameters.get('g') === 'apidiscovery.k8s.io' && parameters.get('as') === 'APIGroupDiscoveryList';
    if (isOurs && parameters.get('v') === 'v2') return documentType;
  }
  return undefined;
}

interface Document {
  readonly body: Buffer;
  readonly etag: string;
}

export type SendAggregated = (
  exchange: Exchange,
  root: 'api' | 'apis',
  type: string,
  catalog: Catalog,
) => Promise<void>;

export function aggregatedDiscovery(): SendAggregated {
  const made = new WeakMap<Catalog, Map<string, Document>>();
  return async (exchange, root, type, catalog) => {
    const documents = made.get(catalog) ?? new Map<string, Document>();
    made.set(catalog, documents);
    const document = documents.get(root) ?? makeDocument(root, catalog);
    documents.set(root, document);
    const headers = { ETag: document.etag, Vary: 'Accept', 'Cache-Control': 'public' };
    if (exchange.request.headers['if-none-match'] === document.etag) {
      exchange.response.writeHead(304, headers);
      exchange.response.end();
      return;
    }
    await send(exchange, 200, type, document.body, headers);
  };
}

function makeDocument(root: 'api' | 'apis', catalog: Catalog): Document {
  const groups = inGroupOrder(catalog.groups()).filter(({ group }) => (group === '') === (root === 'api'));
  const items = groups.map(({ group, versions }) => ({
    metadata: { ...(group && { name: group }) },
    versions: versions.map((version) => ({
      version,
      resources: catalog.inGroupVersion(group, version).map(resourceOf).sort(byResource),
      freshness: 'Current',
    })),
  }));
  const body = Buffer.from(
    JSON.stringify({ kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items }),
  );
  return { body, etag: `"${createHash('sha512').update(body).digest('hex').toUpperCase()}"` };
}

const byResource = (a: { resource: string }, b: { resource: string }) => (a.resource < b.resource ? -1 : 1);

function resourceOf(kind: Kind) {
  const { subresources = [] } = kind;
  return {
    resource: kind.plural,
    // Empty: those of the version it stands in.
    responseKind: { group: '', version: '', kind: kind.kind },
    scope: kind.scope === 'Namespaced' ? 'Namespaced' : 'Cluster',
    singularResource: kind.singular,
    verbs: verbsOf(kind),
    ...(kind.shortNames?.length && { shortNames: kind.shortNames }),
    ...(kind.categories?.length && { categories: kind.categories }),
    ...(subresources.length && {
      subresources: subresources.map((name) => subresourceEntry(kind, name)).sort(bySubresource),
    }),
  };
}

const bySubresource = (a: { subresource: string }, b: { subresource: string }) =>
  a.subresource < b.subresource ? -1 : 1;

function subresourceEntry(kind: Kind, name: string) {
  const { group, version, kind: responseKind, verbs } = subresourceOf(kind, name);
  const isOwn = group === kind.group && version === kind.version;
  const place = isOwn ? { group: '', version: '' } : { group, version };
  return { subresource: name, responseKind: { ...place, kind: responseKind }, verbs };
}
