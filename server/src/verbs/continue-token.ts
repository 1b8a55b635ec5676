/** Where the next page of a list begins. Opaque to clients; upstream's form. */
// Like apiserver pkg/storage/continue.go.
import { badRequest } from '@naru/api/status';

const version = 'meta.k8s.io/v1';

/** `revision` -1: go on with the newest. The next page begins after `lastKey`. */
export function encodeContinue(revision: number, lastKey: string, prefix: string): string {
  const start = `${lastKey.slice(prefix.length)}\0`;
  return Buffer.from(JSON.stringify({ v: version, rv: revision, start })).toString('base64url');
}

/** Throws 400 for a token that was not made for this list. */
export function decodeContinue(token: string, prefix: string): { revision: number; start: string } {
  const { v, rv, start } = parse(token);
  if (v !== version)
    throw badRequest(`continue key is not valid: server does not recognize this encoded version ${JSON.stringify(v)}`);
  if (typeof rv !== 'number' || !Number.isSafeInteger(rv) || rv === 0) {
    throw badRequest('continue key is not valid: incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  }
  if (typeof start !== 'string' || start === '') {
    throw badRequest('continue key is not valid: encoded start key empty (version meta.k8s.io/v1)');
  }
  if (start.startsWith('/') || start.split('/').includes('..')) throw badRequest(`continue key is not valid: ${start}`);
  return { revision: rv, start: prefix + start };
}

function parse(token: string): { v?: unknown; rv?: unknown; start?: unknown } {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (parsed !== null && typeof parsed === 'object') return parsed;
  } catch {
    // Answered below, like everything else that is no token.
  }
  throw badRequest('continue key is not valid: invalid token');
}
