/** Answers with objects of a kind: one, or a list, in the form that was negotiated. */
import { createGzip, constants } from 'node:zlib';
import type { AnyObject, ListMeta } from '@naru/api/object';
import type { Kind } from '../kinds/define-kind.ts';
import { apiVersionOf } from '../verbs/object-key.ts';
import { presented } from '../verbs/presented.ts';
import type { ListResult } from '../verbs/list.ts';
import { StoredObject } from '../watch/stored-object.ts';
import { drained } from './drained.ts';
import type { Exchange } from './exchange.ts';
import type { Accepted } from './negotiate.ts';
import {
  assertViewOfList,
  assertViewOfObject,
  parseIncludeObject,
  partialListOf,
  partialOf,
  tableOf,
} from './views.ts';
import {
  acceptsGzip,
  commonHeaders,
  gzipThreshold,
  sendJson,
  sendValue,
  wantsPretty,
  type ToProtobuf,
} from './write-response.ts';

export interface Rendering {
  readonly accepted: Accepted;
  readonly now: number;
  readonly toProtobuf: ToProtobuf;
}

const chunkSize = 256 * 1024;
/** What an item's kind and apiVersion take at most, which it may be written without. */
const typeRoom = 512;
const comma = 0x2c;

export function sendObject(
  exchange: Exchange,
  code: number,
  answer: StoredObject | AnyObject,
  kind: Kind,
  rendering: Rendering,
): void | Promise<void> {
  const { accepted } = rendering;
  const isPlain = accepted.mediaType === 'application/json' && !accepted.view && !wantsPretty(exchange, accepted);
  if (isPlain && answer instanceof StoredObject && !kind.conversion) return sendJson(exchange, code, answer.toJson());
  const object = answer instanceof StoredObject ? presented(answer, kind) : answer;
  return sendValue(exchange, code, viewOfObject(exchange, object, kind, rendering), accepted, rendering.toProtobuf);
}

function viewOfObject(
  exchange: Exchange,
  object: AnyObject,
  kind: Kind,
  { accepted: { view }, now }: Rendering,
): unknown {
  if (!view) return object;
  assertViewOfObject(view, kind);
  if (view.kind !== 'Table') return partialOf(object, view.version);
  const includeObject = parseIncludeObject(exchange.query.get('includeObject'));
  const { resourceVersion } = object.metadata;
  return tableOf(
    kind,
    [object],
    { ...(resourceVersion && { resourceVersion }) },
    { version: view.version, includeObject, now },
  );
}

export function sendList(
  exchange: Exchange,
  result: ListResult,
  kind: Kind,
  rendering: Rendering,
): void | Promise<void> {
  const { accepted } = rendering;
  const { items, ...metadata } = result;
  const isPlain = accepted.mediaType === 'application/json' && !accepted.view && !wantsPretty(exchange, accepted);
  if (isPlain && !kind.conversion) return streamList(exchange, items, metadata, kind);
  const objects = items.map((stored) => presented(stored, kind));
  return sendObjects(exchange, objects, metadata, kind, rendering);
}

/** A list of objects that are no bytes yet. */
export function sendObjects(
  exchange: Exchange,
  objects: AnyObject[],
  metadata: ListMeta,
  kind: Kind,
  rendering: Rendering,
): void | Promise<void> {
  return sendValue(
    exchange,
    200,
    viewOfList(exchange, objects, metadata, kind, rendering),
    rendering.accepted,
    rendering.toProtobuf,
  );
}

function viewOfList(
  exchange: Exchange,
  objects: AnyObject[],
  metadata: ListMeta,
  kind: Kind,
  { accepted: { view }, now }: Rendering,
): unknown {
  if (!view) {
    const items = kind.isCustom ? objects : objects.map(({ kind: _k, apiVersion: _a, ...rest }) => rest);
    return { kind: kind.listKind, apiVersion: apiVersionOf(kind), metadata, items };
  }
  assertViewOfList(view, kind);
  if (view.kind !== 'Table') return partialListOf(objects, metadata, view.version);
  const includeObject = parseIncludeObject(exchange.query.get('includeObject'));
  return tableOf(kind, objects, metadata, { version: view.version, includeObject, now });
}

/** The cached bytes one after the other, in chunks, at the speed the client takes them. */
async function streamList(
  exchange: Exchange,
  items: readonly StoredObject[],
  metadata: ListMeta,
  kind: Kind,
): Promise<void> {
  const { response } = exchange;
  const head = Buffer.from(
    `{"kind":"${kind.listKind}","apiVersion":"${apiVersionOf(kind)}","metadata":${JSON.stringify(metadata)},"items":[`,
  );
  const whole = kind.isCustom === true;
  const size = items.reduce(
    (sum, item) => sum + (whole ? item.size : item.itemSize) + 1,
    head.length + 2 - (items.length ? 1 : 0),
  );
  const zipped = size > gzipThreshold && acceptsGzip(exchange);
  response.writeHead(200, {
    ...commonHeaders(exchange),
    'Content-Type': 'application/json',
    ...(zipped ? { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' } : { 'Content-Length': size }),
  });
  const zip = zipped ? createGzip({ level: constants.Z_BEST_SPEED }) : undefined;
  zip?.pipe(response);
  const target = zip ?? response;
  const chunks = new ChunkBuffers();
  for (const chunk of listChunks(head, items, { whole, size, chunks })) {
    if (response.destroyed) return void zip?.destroy();
    if (!target.write(chunk, () => chunks.giveBack(chunk))) await drained(target, response);
  }
  target.end();
}

/** Memory for chunks, used again once what was in it has gone out: a list of many megabytes takes a few pieces. */
class ChunkBuffers {
  readonly #spare: ArrayBufferLike[] = [];

  take(size: number): Buffer {
    if (size > chunkSize) return Buffer.allocUnsafe(size);
    const spare = this.#spare.pop();
    return spare ? Buffer.from(spare) : Buffer.allocUnsafeSlow(chunkSize);
  }

  giveBack({ buffer }: Buffer): void {
    if (buffer.byteLength === chunkSize) this.#spare.push(buffer);
  }
}

interface Chunking {
  /** With kind and apiVersion. */
  readonly whole: boolean;
  /** Of the list, in bytes. */
  readonly size: number;
  readonly chunks: ChunkBuffers;
}

function* listChunks(
  head: Buffer,
  items: readonly StoredObject[],
  { whole, size, chunks }: Chunking,
): Iterable<Buffer> {
  let chunk = chunks.take(Math.min(chunkSize, size + typeRoom));
  let at = head.copy(chunk);
  for (const [index, item] of items.entries()) {
    const room = item.size + 1;
    if (at + room > chunk.length) {
      yield chunk.subarray(0, at);
      chunk = chunks.take(Math.max(chunkSize, room));
      at = 0;
    }
    if (index > 0) chunk[at++] = comma;
    at = whole ? item.writeTo(chunk, at) : item.writeItemTo(chunk, at);
  }
  if (at + 2 > chunk.length) {
    yield chunk.subarray(0, at);
    chunk = chunks.take(chunkSize);
    at = 0;
  }
  at += chunk.write(']}', at);
  yield chunk.subarray(0, at);
}
