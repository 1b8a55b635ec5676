/** The stages that ask who wants something, and whether they may. */
import { impersonate } from '../authn/impersonate.ts';
import { assertAllowed, type Attributes } from '../authz/authorize.ts';
import type { Exchange } from './exchange.ts';
import type { Stage } from './server.ts';

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

/** What is asked for, by whom. */
const attributesOf = ({ info, user }: Exchange): Attributes =>
  info.isResource ? { ...info, user } : { user, verb: info.verb, path: info.path };

export const actAs: Stage = (exchange, { api, impersonators }) => {
  const options = { authorizer: api.authorizer, remembered: impersonators };
  const user = impersonate(exchange.request, exchange.user, attributesOf(exchange), options);
  if (user) exchange.user = user;
};

export const authorize: Stage = (exchange, { api }) => {
  assertAllowed(attributesOf(exchange), api.authorizer);
};
