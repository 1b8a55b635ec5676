/** Puts together the rules of cluster roles that gather those of others, as `view`, `edit` and `admin` do. */
// Like pkg/controller/clusterroleaggregation.
import type { V1ClusterRole } from '@kubernetes/client-node';
import { isDeepStrictEqual } from 'node:util';
import type { KubeObject } from '@naru/api/object';
import { selectorMatches } from '../../kinds/label-selectors.ts';
import type { ResourceRef } from '@naru/api/client/client';
import { controllerUser, defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';

interface ClusterRole extends KubeObject {
  aggregationRule?: { clusterRoleSelectors?: Parameters<typeof selectorMatches>[0][] };
  rules?: V1ClusterRole['rules'];
}

export const clusterRoles: ResourceRef = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  scope: 'Cluster',
};

const nameOf = ({ metadata }: KubeObject) => metadata.name ?? '';
const all = ({ informers }: ControllerContext) => informers.for<ClusterRole>(clusterRoles).list();
const gathers = ({ aggregationRule }: ClusterRole) => !!aggregationRule?.clusterRoleSelectors?.length;

export const clusterRoleAggregation = defineController({
  name: 'clusterrole-aggregation-controller',
  user: controllerUser('clusterrole-aggregation-controller'),
  for: clusterRoles,
  watches: [watching<ClusterRole>(clusterRoles, (_, context) => all(context).filter(gathers).map(nameOf))],
  async reconcile(key, context) {
    const role = context.informers.for<ClusterRole>(clusterRoles).get(key);
    if (!role || !gathers(role)) return;
    const rules = gathered(role, all(context));
    if (isDeepStrictEqual(rules, role.rules ?? [])) return;
    const { rules: _old, ...rest } = role;
    await context.client.for<ClusterRole>(clusterRoles).update({ ...rest, ...(rules.length && { rules }) });
  },
});

/** Each rule once, by the roles' names. */
function gathered(role: ClusterRole, roles: readonly ClusterRole[]): NonNullable<ClusterRole['rules']> {
  const rules: NonNullable<ClusterRole['rules']> = [];
  for (const selector of role.aggregationRule?.clusterRoleSelectors ?? []) {
    const chosen = roles
      .filter((one) => nameOf(one) !== nameOf(role) && selectorMatches(selector, one.metadata.labels))
      .sort((left, right) => (nameOf(left) < nameOf(right) ? -1 : 1));
    for (const rule of chosen.flatMap((one) => one.rules ?? []))
      if (!rules.some((known) => isDeepStrictEqual(known, rule))) rules.push(rule);
  }
  return rules;
}
