/** Who am I? */
// Like pkg/registry/authentication/selfsubjectreview.
import type { AnyObject } from '@naru/api/object';
import type { User } from '../../authn/user.ts';
import type { Api } from '../api.ts';
import { timestamp } from '../prepare.ts';
import type { VirtualRequest } from './virtual-request.ts';

export function selfSubjectReview({ object, user }: VirtualRequest, api: Api): AnyObject {
  return {
    kind: object.kind!,
    apiVersion: object.apiVersion!,
    metadata: { creationTimestamp: timestamp(api.clock.now()) },
    status: { userInfo: userInfoOf(user) },
  };
}

export const userInfoOf = ({ name, uid, groups, extra }: User) => ({
  username: name,
  ...(uid && { uid }),
  ...(groups.length && { groups }),
  ...(extra?.size && { extra: Object.fromEntries(extra) }),
});
