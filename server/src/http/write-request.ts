/** What every write takes from its request. */
import { readBody } from './read-body.ts';
import type { Body } from './decode-body.ts';
import type { Exchange } from './exchange.ts';

export const bodyOf = async ({ request }: Exchange): Promise<Body> => ({
  bytes: await readBody(request),
  contentType: request.headers['content-type'],
});

const longestManager = 128;

/** Who writes, when the query does not say: the program's name. */
// Like apiserver pkg/endpoints/handlers managerOrUserAgent.
export function fieldManagerOf({ request }: Exchange, said: string): string {
  if (said) return said;
  const agent = (request.headers['user-agent'] ?? '').split('/')[0]!;
  const visible = [...agent].filter((character) => /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)).join('');
  return visible.slice(0, longestManager) || 'unknown';
}
