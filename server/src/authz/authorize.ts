/** May they? Authorizers are asked in turn; the first that has an opinion decides, and without one the answer is no. */
// Like apiserver pkg/endpoints/filters/authorization.go.
import { StatusError, forbidden } from '@naru/api/status';
import type { User } from '../authn/user.ts';

/** What is asked for: a verb on a resource, or on a path that is none. */
export type Attributes = { readonly user: User; readonly verb: string } & (
  | {
      readonly resource: string;
      readonly group: string;
      readonly version: string;
      readonly subresource: string;
      readonly namespace: string;
      readonly name: string;
      /** Of a collection, as it was asked for. */
      readonly fieldSelector?: string;
    }
  | { readonly path: string }
);

export type Decision =
  | { readonly opinion: 'allow'; readonly reason?: string }
  | { readonly opinion: 'deny'; readonly reason?: string }
  | { readonly opinion: 'none'; readonly reason?: string };

export type Authorizer = (attributes: Attributes) => Decision;

/** Asks one authorizer after the other. */
export function firstOpinion(authorizers: readonly Authorizer[]): Authorizer {
  return (attributes) => {
    const reasons: string[] = [];
    for (const authorizer of authorizers) {
      const decision = authorizer(attributes);
      if (decision.opinion !== 'none') return decision;
      if (decision.reason) reasons.push(decision.reason);
    }
    return { opinion: 'none', ...(reasons.length && { reason: reasons.join('\n') }) };
  };
}

/** Throws 403 Forbidden unless the authorizer allows it. */
export function assertAllowed(attributes: Attributes, authorizer: Authorizer): void {
  const decision = authorizer(attributes);
  if (decision.opinion !== 'allow') throw refusal(attributes, decision.reason ?? '');
}

// Like apiserver pkg/endpoints/handlers/responsewriters/errors.go forbiddenMessage.
function refusal(attributes: Attributes, reason: string): StatusError {
  const { user, verb } = attributes;
  const who = `User ${JSON.stringify(user.name)} cannot ${verb}`;
  const why = reason ? `: ${reason}` : '';
  if ('path' in attributes) {
    return new StatusError({
      code: 403,
      reason: 'Forbidden',
      message: `forbidden: ${who} path ${JSON.stringify(attributes.path)}${why}`,
      details: {},
    });
  }
  const { resource, subresource, group, namespace, name } = attributes;
  const what = JSON.stringify(subresource ? `${resource}/${subresource}` : resource);
  const where = namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope';
  return forbidden(
    { group, resource },
    name,
    `${who} resource ${what} in API group ${JSON.stringify(group)} ${where}${why}`,
  );
}
