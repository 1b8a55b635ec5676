/** The only place that renders objects, lists and errors. */
import type { OutgoingHttpHeaders } from 'node:http';
import { constants, gzip } from 'node:zlib';
import { promisify } from 'node:util';
import type { Status } from '@naru/api/status';
import type { Exchange } from './exchange.ts';
import { isTrue } from './request-info.ts';
import type { Accepted, MediaType } from './negotiate.ts';
import { toYaml } from './to-yaml.ts';
import { warningHeaders } from './warnings.ts';

const compress = promisify(gzip);
/** Upstream's threshold: smaller answers cost more to compress than to send. */
export const gzipThreshold = 128 * 1024;

/** Protobuf bytes of a built-in object; undefined when its type has none. */
export type ToProtobuf = (object: unknown) => Buffer | undefined;

export const acceptsGzip = ({ request }: Exchange): boolean =>
  request.headers['accept-encoding']?.split(',').some((coding) => coding.trim().split(';')[0] === 'gzip') ?? false;

/** Browsers and command line tools get something to read. */
export function wantsPretty({ request, query }: Exchange, accepted?: Accepted): boolean {
  const asked = query.get('pretty');
  if (asked !== null) return isTrue(asked);
  if (accepted?.pretty) return true;
  const agent = request.headers['user-agent'] ?? '';
  return agent.startsWith('curl') || agent.startsWith('Wget') || agent.startsWith('Mozilla/5.0');
}

/** Sends `body` whole, compressed when that is asked for and worth it. */
export async function send(
  exchange: Exchange,
  code: number,
  type: string,
  body: Buffer,
  extra: OutgoingHttpHeaders = {},
): Promise<void> {
  const { response } = exchange;
  let content = body;
  const headers: OutgoingHttpHeaders = { ...commonHeaders(exchange), ...extra, 'Content-Type': type };
  if (body.length > gzipThreshold && acceptsGzip(exchange)) {
    content = await compress(body, { level: constants.Z_BEST_SPEED });
    headers['Content-Encoding'] = 'gzip';
    headers['Vary'] = 'Accept-Encoding';
  }
  headers['Content-Length'] = content.length;
  response.writeHead(code, headers);
  response.end(exchange.method === 'HEAD' ? undefined : content);
}

/** The fast way for what is in memory as it goes out. */
export function sendJson(exchange: Exchange, code: number, body: Buffer): void | Promise<void> {
  if (exchange.warnings.size || body.length > gzipThreshold) return send(exchange, code, 'application/json', body);
  exchange.response.writeHead(code, [
    'Content-Type',
    'application/json',
    'Cache-Control',
    'no-cache, private',
    'Content-Length',
    String(body.length),
  ]);
  exchange.response.end(body);
}

export function commonHeaders({ warnings }: Exchange): OutgoingHttpHeaders {
  return { 'Cache-Control': 'no-cache, private', ...(warnings.size && { Warning: warningHeaders(warnings) }) };
}

/** Any value in the form that was negotiated. */
export async function sendValue(
  exchange: Exchange,
  code: number,
  value: unknown,
  accepted: Accepted,
  toProtobuf: ToProtobuf,
): Promise<void> {
  const { type, body } = encode(value, accepted.mediaType, wantsPretty(exchange, accepted), toProtobuf);
  await send(exchange, code, type, body);
}

export const sendText = (exchange: Exchange, code: number, text: string): Promise<void> =>
  send(exchange, code, 'text/plain; charset=utf-8', Buffer.from(text));

export async function sendStatus(
  exchange: Exchange,
  status: Status,
  mediaType: MediaType,
  toProtobuf: ToProtobuf,
): Promise<void> {
  const { type, body } = encode(status, mediaType, wantsPretty(exchange), toProtobuf);
  const seconds = status.details?.retryAfterSeconds;
  await send(exchange, status.code, type, body, seconds === undefined ? {} : { 'Retry-After': seconds });
}

function encode(
  value: unknown,
  mediaType: MediaType,
  pretty: boolean,
  toProtobuf: ToProtobuf,
): { type: string; body: Buffer } {
  if (mediaType === 'application/yaml') return { type: mediaType, body: Buffer.from(toYaml(value)) };
  const protobuf = mediaType === 'application/vnd.kubernetes.protobuf' ? toProtobuf(value) : undefined;
  if (protobuf) return { type: mediaType, body: protobuf };
  return {
    type: 'application/json',
    body: Buffer.from(pretty ? `${JSON.stringify(value, undefined, 2)}\n` : JSON.stringify(value)),
  };
}
