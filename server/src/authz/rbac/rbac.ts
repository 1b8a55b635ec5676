/** Rights by roles: who has which is told by bindings. */
// Like plugin/pkg/auth/authorizer/rbac.
import { notFound } from '@naru/api/status';
import type { AnyObject } from '@naru/api/object';
import { aggregated } from '../../admission/refusal.ts';
import type { Reader } from '../../admission/reader.ts';
import type { User } from '../../authn/user.ts';
import type { Attributes, Authorizer } from '../authorize.ts';
import type { PolicyRule } from '../defaults/parse-rule.ts';
import type { Rules } from '../rules.ts';
import type { Bindings, Grant } from './bindings.ts';
import { ruleAllows } from './rule-allows.ts';

const rbacGroup = 'rbac.authorization.k8s.io';

export interface RbacOptions {
  readonly bindings: Bindings;
  readonly reader: Reader;
}

/** All the rules somebody has in a namespace, and the roles that could not be found. */
export interface HeldRules {
  readonly rules: readonly PolicyRule[];
  readonly errors: readonly string[];
}

export class Rbac {
  readonly #bindings: Bindings;
  readonly #reader: Reader;

  constructor({ bindings, reader }: RbacOptions) {
    this.#bindings = bindings;
    this.#reader = reader;
  }

  readonly authorize: Authorizer = (attributes) => {
    const errors: string[] = [];
    for (const grant of this.#bindings.of(attributes.user, namespaceOf(attributes))) {
      const rules = this.#rulesOf(grant);
      if (!rules) errors.push(missing(grant.roleKind, grant.roleName));
      else if (rules.some((rule) => ruleAllows(rule, attributes))) return { opinion: 'allow', reason: grant.reason };
    }
    return { opinion: 'none', ...(errors.length && { reason: `RBAC: ${aggregated(errors)}` }) };
  };

  /** What `user` holds, for reviews and so that nobody gives away more. */
  heldBy(user: User, namespace: string): HeldRules {
    const rules: PolicyRule[] = [];
    const errors: string[] = [];
    for (const grant of this.#bindings.of(user, namespace)) {
      const found = this.#rulesOf(grant);
      if (found) rules.push(...found);
      else errors.push(missing(grant.roleKind, grant.roleName));
    }
    return { rules, errors };
  }

  /** The rules a binding in `namespace` would give. Throws 404 Not Found, as of a binding. */
  rulesOfRole(kind: string, name: string, namespace: string): readonly PolicyRule[] {
    const isRole = kind === 'Role';
    const rules = this.#rulesOf({
      ...{ roleKind: isRole ? 'Role' : 'ClusterRole', roleName: name, namespace, reason: '' },
    });
    if (!rules)
      throw notFound({ group: rbacGroup, resource: namespace ? 'rolebindings' : 'clusterrolebindings' }, name);
    return rules;
  }

  #rulesOf({ roleKind, roleName, namespace }: Grant): readonly PolicyRule[] | undefined {
    const role: AnyObject | undefined =
      roleKind === 'Role'
        ? this.#reader.find('roles', namespace, roleName)
        : this.#reader.find('clusterroles', '', roleName);
    return role && ((role['rules'] as PolicyRule[] | undefined) ?? []);
  }
}

const namespaceOf = (attributes: Attributes): string => ('path' in attributes ? '' : attributes.namespace);

const missing = (kind: string, name: string): string =>
  `${kind.toLowerCase()}.${rbacGroup} ${JSON.stringify(name)} not found`;

/** As a review lists them. */
export function listedRules({ rules, errors }: HeldRules): Rules {
  const resourceRules = rules.filter((rule) => rule.resources?.length);
  const nonResourceRules = rules.filter((rule) => rule.nonResourceURLs?.length);
  return {
    resourceRules,
    nonResourceRules: nonResourceRules.map(({ verbs, nonResourceURLs = [] }) => ({ verbs, nonResourceURLs })),
    incomplete: errors.length > 0,
    ...(errors.length && { evaluationError: aggregated(errors) }),
  };
}
