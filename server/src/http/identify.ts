/** The stages that ask who wants something, and whether they may. */
import { assertAllowed } from '../authz/authorize.ts';
import type { Exchange } from './exchange.ts';
import type { HttpServer, Stage } from './server.ts';

export const authenticate: Stage = (exchange, server) => {
  const user = server.authenticate(exchange.request);
  if (!(user instanceof Promise)) {
    exchange.user = user;
    return;
  }
  return user.then((found) => {
    exchange.user = found;
  });
};

export const authorize: Stage = (exchange: Exchange, { authorizer }: HttpServer) => {
  const { info, user } = exchange;
  assertAllowed(info.isResource ? { ...info, user } : { user, verb: info.verb, path: info.path }, authorizer);
};
