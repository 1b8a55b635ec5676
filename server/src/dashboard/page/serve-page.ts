/** Serves the page: index.html for every address of its own, and its files, compressed and kept by browsers as long as possible. */
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { pagePolicy } from '../security-headers.ts';
import { codings, type Coding, type PageFile, type PageFiles } from './page-files.ts';
import { notBuilt } from './not-built.ts';

const forever = 'public, max-age=31536000, immutable';
/** Fonts and pictures are compressed already. */
const compressible = /^(text\/|application\/json|image\/svg|text\/javascript|application\/manifest)/;

export async function servePage(request: IncomingMessage, response: ServerResponse, files: PageFiles): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return sendText(request, response, 405, 'text/plain; charset=utf-8', 'method not allowed\n');
  }
  const path = pathOf(request.url ?? '/');
  const file = path === undefined ? undefined : await files.find(path);
  if (file) return sendFile(request, response, file);
  const isAddress = path !== undefined && !path.slice(path.lastIndexOf('/')).includes('.');
  if (isAddress || path === '/index.html') return sendIndex(request, response, files);
  return sendText(request, response, 404, 'text/plain; charset=utf-8', 'there is no such file\n');
}

/** Without the query; undefined for what is no text. */
function pathOf(url: string): string | undefined {
  const path = url.split('?', 1)[0]!;
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}

async function sendIndex(request: IncomingMessage, response: ServerResponse, files: PageFiles): Promise<void> {
  const nonce = randomBytes(16).toString('base64');
  const page = await files.index(nonce);
  response.setHeader('Content-Security-Policy', pagePolicy(nonce));
  // The nonce is good for one load.
  response.setHeader('Cache-Control', 'no-store');
  if (page === undefined) {
    response.setHeader('Retry-After', '2');
    const waiting = notBuilt({ nonce, failed: await files.isFailed() });
    return sendText(request, response, 503, 'text/html; charset=utf-8', waiting);
  }
  return sendText(request, response, 200, 'text/html; charset=utf-8', page);
}

async function sendFile(request: IncomingMessage, response: ServerResponse, found: PageFile): Promise<void> {
  const coding = codings.find(([name]) => found.compressed.has(name) && accepts(request, name))?.[0];
  const file = (coding && found.compressed.get(coding)) ?? found.file;
  const { mtimeMs, size } = await stat(file);
  const etag = `"${Math.trunc(mtimeMs).toString(36)}-${size.toString(36)}${coding ? `-${coding}` : ''}"`;
  response.setHeader('Cache-Control', found.immutable ? forever : 'no-cache');
  response.setHeader('ETag', etag);
  response.setHeader('Vary', 'Accept-Encoding');
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304);
    response.end();
    return;
  }
  response.setHeader('Content-Type', found.type);
  if (coding) response.setHeader('Content-Encoding', coding);
  // A build without compressed files still need not travel whole.
  const zips = !coding && compressible.test(found.type) && size > 1024 && accepts(request, 'gzip');
  if (zips) response.setHeader('Content-Encoding', 'gzip');
  else response.setHeader('Content-Length', size);
  response.writeHead(200);
  if (request.method === 'HEAD') return void response.end();
  const source = createReadStream(file);
  await (zips ? pipeline(source, createGzip(), response) : pipeline(source, response)).catch(() => response.destroy());
}

/** As far as browsers differ: a coding is named, or it is not, or with quality 0. */
function accepts({ headers }: IncomingMessage, coding: Coding): boolean {
  const clauses = String(headers['accept-encoding'] ?? '').split(',');
  return clauses.some((clause) => {
    const [name = '', quality = ''] = clause.split(';').map((part) => part.trim().toLowerCase());
    return name === coding && !/^q=0(\.0*)?$/.test(quality);
  });
}

function sendText(request: IncomingMessage, response: ServerResponse, code: number, type: string, text: string): void {
  response.writeHead(code, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(request.method === 'HEAD' ? undefined : text);
}
