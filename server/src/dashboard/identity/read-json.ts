/** A small JSON body, as a map of its fields. */
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

const limit = 16 * 1024;

/** Throws BadRequest for anything but a JSON object of moderate size. A form cannot be sent as this type, so other sites cannot send one either. */
export async function readJson(request: IncomingMessage): Promise<ReadonlyMap<string, unknown>> {
  if (request.headers['content-type']?.split(';', 1)[0]?.trim() !== 'application/json') throw new Refusal('BadRequest');
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > limit) throw new Refusal('BadRequest');
    chunks.push(chunk);
  }
  return new Map(Object.entries(parse(Buffer.concat(chunks).toString())));
}

function parse(text: string): object {
  try {
    const value = JSON.parse(text) as unknown;
    if (value !== null && typeof value === 'object' && !Array.isArray(value)) return value;
  } catch {
    // Said below: to the caller it is all the same.
  }
  throw new Refusal('BadRequest');
}
