/** Who a request comes from, as upstream's user.Info: what authorization, admission and audit know of a person or program. */
export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: ReadonlyMap<string, readonly string[]>;
}

export const anonymous: User = Object.freeze({ name: 'system:anonymous', groups: ['system:unauthenticated'] });

/** A user that an authenticator vouched for belongs to everybody who is known. */
export const authenticated = (user: User): User =>
  user.groups.includes('system:authenticated') ? user : { ...user, groups: [...user.groups, 'system:authenticated'] };
