/** Whose token is this? */
// Like pkg/registry/authentication/tokenreview.
import type { V1TokenReview } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { badRequest, hasReason } from '@naru/api/status';
import { authenticated } from '../../authn/user.ts';
import { fieldsOf } from '../../kinds/fields.ts';
import type { Api } from '../api.ts';
import type { VirtualRequest } from './virtual-request.ts';
import { userInfoOf } from './self-subject-review.ts';

export async function tokenReview({ object }: VirtualRequest, api: Api): Promise<AnyObject> {
  const { spec } = fieldsOf<V1TokenReview>(object);
  const token = spec?.token;
  if (!token) throw badRequest('token is required for TokenReview in authentication');
  const audiences = (spec.audiences?.length ? spec.audiences : [api.tokens.issuer]) as string[];
  return { ...object, status: await verdict(token, audiences, api) } as AnyObject;
}

async function verdict(token: string, audiences: readonly string[], api: Api): Promise<object> {
  const { tokens } = api;
  if (!tokens.recognises(token)) return { user: {}, error: 'invalid bearer token' };
  try {
    const user = authenticated(await tokens.authenticate(token, audiences));
    const own = tokens.audiencesOf(token);
    return {
      authenticated: true,
      user: userInfoOf(user),
      audiences: audiences.filter((audience) => own.includes(audience)),
    };
  } catch (error) {
    if (!hasReason(error, 'Unauthorized')) throw error;
    const own = tokens.audiencesOf(token);
    if (own.some((audience) => audiences.includes(audience))) return { user: {}, error: 'invalid bearer token' };
    const quoted = (values: readonly string[]) => `[${values.map((value) => JSON.stringify(value)).join(' ')}]`;
    const why = `token audiences ${quoted(own)} is invalid for the target audiences ${quoted(audiences)}`;
    return { user: {}, error: `[invalid bearer token, ${why}]` };
  }
}
