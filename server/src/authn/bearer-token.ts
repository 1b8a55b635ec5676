/** A token in the Authorization header. */
// Like apiserver pkg/authentication/request/bearertoken and pkg/authentication/token/cache.
import type { Clock } from '@naru/api/clock';
import { bearerToken, type Authenticator } from './authenticate.ts';
import type { User } from './user.ts';

/** As upstream: what was believed is believed for ten seconds, so that checking costs little. */
const believedFor = 10_000;
const mostRemembered = 10_000;

/** One sort of token. */
export interface Tokens {
  recognises(token: string): boolean;
  authenticate(token: string): Promise<User>;
}

export function serviceAccountToken(tokens: Tokens, clock: Clock): Authenticator {
  const believed = new Map<string, { user: User; until: number }>();
  return (request) => {
    const token = bearerToken(request);
    if (token === undefined || token.length > 16_384) return undefined;
    const known = believed.get(token);
    if (known && known.until > clock.now()) return known.user;
    if (!tokens.recognises(token)) return undefined;
    return tokens.authenticate(token).then((user) => {
      if (believed.size >= mostRemembered) believed.clear();
      believed.set(token, { user, until: clock.now() + believedFor });
      return user;
    });
  };
}
