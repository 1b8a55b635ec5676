/** Who asks? The first authenticator that recognises the request decides. */
// Like apiserver pkg/authentication/request/union and pkg/endpoints/filters/authentication.go.
import type { IncomingMessage } from 'node:http';
import { unauthorized } from '@naru/api/status';
import { anonymous, authenticated, type User } from './user.ts';

/** A user; undefined when the request carries nothing this authenticator knows; throws 401 when it does and it is wrong. */
export type Authenticator = (request: IncomingMessage) => User | undefined | Promise<User | undefined>;

export type Authenticate = (request: IncomingMessage) => User | Promise<User>;

export function makeAuthenticate(authenticators: readonly Authenticator[]): Authenticate {
  const rest = async (request: IncomingMessage, pending: Promise<User | undefined>, next: number): Promise<User> => {
    let user = await pending;
    for (let index = next; !user && index < authenticators.length; index++)
      user = await authenticators[index]!(request);
    return user ? authenticated(user) : nobody(request);
  };
  return (request) => {
    for (let index = 0; index < authenticators.length; index++) {
      const user = authenticators[index]!(request);
      if (user instanceof Promise) return rest(request, user, index + 1);
      if (user) return authenticated(user);
    }
    return nobody(request);
  };
}

/** A token that nobody recognised is wrong; no token at all is nobody in particular. */
function nobody(request: IncomingMessage): User {
  if (bearerToken(request)) throw unauthorized();
  return anonymous;
}

/** The token of the Authorization header; undefined when there is none. */
export function bearerToken(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization;
  if (!header) return undefined;
  const [scheme = '', token = ''] = header.trim().split(' ');
  return scheme.toLowerCase() === 'bearer' && token ? token : undefined;
}
