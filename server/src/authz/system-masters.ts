/** Whoever is in this group may do everything, whatever roles say: it is how a cluster without roles can be mended. */
// Like the privileged groups of apiserver pkg/authorization/authorizerfactory.
import type { Authorizer, Decision } from './authorize.ts';

export const mastersGroup = 'system:masters';
const allow: Decision = { opinion: 'allow' };
const none: Decision = { opinion: 'none' };

export const systemMasters: Authorizer = ({ user }) => (user.groups.includes(mastersGroup) ? allow : none);
