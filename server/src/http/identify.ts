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
export function attributesOf(exchange: Exchange): Attributes {
  const { info, user } = exchange;
  const { verb, path, group, version, resource, subresource, namespace } = info;
  if (!info.isResource) return { user, verb, path };
  const fieldSelector = isCollection(verb) ? (exchange.query.get('fieldSelector') ?? '') : '';
  const name = info.name || nameSelected(fieldSelector);
  return {
    ...{ user, verb, group, version, resource, subresource, namespace, name },
    ...(fieldSelector && { fieldSelector }),
  };
}

const isCollection = (verb: string) => verb === 'list' || verb === 'watch' || verb === 'deletecollection';

/** A collection of which one object is selected by name is asked for as that object is. */
const nameSelected = (fieldSelector: string): string =>
  /(?:^|,)metadata\.name==?([^,=!]+)(?:,|$)/.exec(fieldSelector)?.[1] ?? '';

export const actAs: Stage = (exchange, { api, impersonators }) => {
  const options = { authorizer: api.authorizer, remembered: impersonators };
  const user = impersonate(exchange.request, exchange.user, () => attributesOf(exchange), options);
  if (user) exchange.user = user;
};

export const authorize: Stage = (exchange, { api }) => {
  assertAllowed(attributesOf(exchange), api.authorizer);
};
