/** A token in the Authorization header. */
// Like apiserver pkg/authentication/request/bearertoken and pkg/authentication/token/cache.
import type { Clock } from '@naru/api/clock';
import { bearerToken, type Authenticator } from './authenticate.ts';
import { authenticated, type User } from './user.ts';

/** As upstream: what was believed is believed for ten seconds, so that checking costs little. */
const believedFor = 10_000;
const mostRemembered = 10_000;

/** One sort of token. */
export interface Tokens {
  recognises(token: string): boolean;
  authenticate(token: string): Promise<User>;
}

export function serviceAccountToken(tokens: Tokens, clock: Clock): Authenticator {
  /** By the header as it came, so that it is taken apart only when it is new. */
  const believed = new Map<string, { user: User; until: number }>();
  return (request) => {
    const { authorization } = request.headers;
    if (authorization === undefined) return undefined;
    const known = believed.get(authorization);
    if (known && known.until > clock.now()) return known.user;
    const token = bearerToken(request);
    if (token === undefined || token.length > 16_384 || !tokens.recognises(token)) return undefined;
    return tokens.authenticate(token).then((found) => {
      const user = authenticated(found);
      if (believed.size >= mostRemembered) believed.clear();
      believed.set(authorization, { user, until: clock.now() + believedFor });
      return user;
    });
  };
}
