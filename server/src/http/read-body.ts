/** Takes in a request's body, up to the limit. */
import type { IncomingMessage } from 'node:http';
import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { badRequest, requestEntityTooLarge, unsupportedMediaType } from '@naru/api/status';

/** Upstream's limit for all requests: 3 MiB. */
export const bodyLimit = 3 * 1024 * 1024;
const unzip = promisify(gunzip);
const nothing = Buffer.alloc(0);

const tooLarge = () => requestEntityTooLarge(`Request entity too large: limit is ${bodyLimit}`);

/** A client that is cut off in the middle of sending does not read the answer; so much more is taken in, and forgotten. */
const heardOut = 4 * bodyLimit;

/** Throws 413 when more comes than is allowed, without keeping it. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const announced = Number(request.headers['content-length'] ?? NaN);
  if (announced === 0) return nothing;
  if (announced > heardOut) throw tooLarge();
  return decompress(await take(request), request.headers['content-encoding']);
}

// By its events: an async iterator costs a promise for every piece, and most bodies are one.
function take(request: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= bodyLimit) chunks.push(chunk);
      else chunks.length = 0;
      if (size <= heardOut) return;
      request.pause();
      reject(tooLarge());
    });
    request.on('end', () => {
      if (size > bodyLimit) reject(tooLarge());
      else resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, size));
    });
    request.on('error', reject); // also when the client goes away in the middle of it
  });
}

async function decompress(body: Buffer, encoding: string | undefined): Promise<Buffer> {
  if (!encoding || encoding === 'identity') return body;
  if (encoding !== 'gzip') throw unsupportedMediaType(`content encoding ${JSON.stringify(encoding)} is not supported`);
  try {
    return await unzip(body, { maxOutputLength: bodyLimit });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge();
    throw badRequest('the body is not valid gzip');
  }
}
