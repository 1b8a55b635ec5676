/** /openapi/v2 and /openapi/v3: the shape of everything that is served. */
// Like kube-openapi pkg/handler and pkg/handler3.
import type { OpenApi } from '@naru/api/openapi/open-api';
import { methodNotAllowed } from '@naru/api/status';
import type { Exchange } from '../exchange.ts';
import { parseAccept } from '../negotiate.ts';
import { NoSuchPath } from '../no-such-path.ts';
import { send } from '../write-response.ts';
import type { Page } from './page.ts';

const protobufTypes = new Set([
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf',
  'application/com.github.proto-openapi.spec.v2.v1.0+protobuf',
]);
const jsonTypes = new Set(['application/json', '*/*', 'application/*']);
const aYear = 365 * 24 * 60 * 60_000;

export function openApiPage(openApi: OpenApi): Page {
  return (exchange, server) => {
    if (exchange.method !== 'GET' && exchange.method !== 'HEAD') throw methodNotAllowed();
    const [, , version, ...rest] = exchange.path.split('/');
    if (version === 'v2' && rest.length === 0) return sendSwagger(exchange, openApi);
    if (version !== 'v3') throw new NoSuchPath();
    const path = rest.join('/');
    return path === '' ? sendIndex(exchange, openApi) : sendDocument(exchange, path, openApi, server.api.clock.now());
  };
}

/** Undefined: nothing of what the client accepts. */
function formatOf(exchange: Exchange, withProtobuf: boolean): 'json' | 'protobuf' | undefined {
  const { accept } = exchange.request.headers;
  if (!accept) return 'json';
  for (const { type } of parseAccept(accept)) {
    if (jsonTypes.has(type)) return 'json';
    if (withProtobuf && protobufTypes.has(type)) return 'protobuf';
  }
  return undefined;
}

const isKnown = (exchange: Exchange, etag: string) => exchange.request.headers['if-none-match'] === etag;

async function sendSwagger(exchange: Exchange, openApi: OpenApi): Promise<void> {
  const format = formatOf(exchange, true);
  if (!format) return sendEmpty(exchange, 406);
  const etag = `"${openApi.swaggerHash()}"`;
  const headers = { ETag: etag, Vary: 'Accept' };
  if (isKnown(exchange, etag)) return sendEmpty(exchange, 304, headers);
  const { body } = format === 'json' ? openApi.swaggerJson() : openApi.swaggerProtobuf();
  const type = format === 'json' ? 'application/json' : 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
  await send(exchange, 200, type, body, headers);
}

async function sendIndex(exchange: Exchange, openApi: OpenApi): Promise<void> {
  const { body, hash } = openApi.index();
  const etag = `"${hash}"`;
  if (isKnown(exchange, etag)) return sendEmpty(exchange, 304, { ETag: etag });
  await send(exchange, 200, 'application/json', body, { ETag: etag });
}

/** With the right hash in the query the answer may be kept; with an old one the client is sent to the new. */
async function sendDocument(exchange: Exchange, path: string, openApi: OpenApi, now: number): Promise<void> {
  const hash = openApi.hash(path);
  if (hash === undefined) return sendEmpty(exchange, 404);
  if (!formatOf(exchange, false)) return sendEmpty(exchange, 406);
  const asked = exchange.query.get('hash');
  if (asked && asked !== hash) return sendEmpty(exchange, 301, { Location: `/openapi/v3/${path}?hash=${hash}` });
  const headers = {
    ETag: `"${hash}"`,
    Vary: 'Accept',
    ...(asked && { 'Cache-Control': 'public, immutable', Expires: new Date(now + aYear).toUTCString() }),
  };
  if (isKnown(exchange, headers.ETag)) return sendEmpty(exchange, 304, headers);
  await send(exchange, 200, 'application/json', openApi.document(path)!.body, headers);
}

async function sendEmpty(exchange: Exchange, code: number, headers: Record<string, string> = {}): Promise<void> {
  exchange.response.writeHead(code, { ...headers, 'Content-Length': 0 });
  exchange.response.end();
}
