/** Nobody gives rights they do not have: neither by a role nor by a binding to one. */
// Like the policybased storages of pkg/registry/rbac. They stand between the last change of an object and its validation.
import type { V1ClusterRole, V1RoleBinding } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { goQuote } from '@naru/api/go-values';
import { mastersGroup } from '../../authz/system-masters.ts';
import type { Authorizer } from '../../authz/authorize.ts';
import { describeRules, uncovered } from '../../authz/rbac/covers.ts';
import type { Rbac } from '../../authz/rbac/rbac.ts';
import type { PolicyRule } from '../../authz/defaults/parse-rule.ts';
import { semanticallyEqual } from '../../kinds/equality.ts';
import { fieldsOf } from '../../kinds/fields.ts';
import type { AdmissionPlugin, Attributes } from '../admission.ts';
import { aggregated, refusal } from '../refusal.ts';

export interface RoleEscalationOptions {
  readonly rbac: Rbac;
  readonly authorizer: Authorizer;
}

const rbacGroup = 'rbac.authorization.k8s.io';
const everything: readonly PolicyRule[] = [
  { verbs: ['*'], apiGroups: ['*'], resources: ['*'] },
  { verbs: ['*'], nonResourceURLs: ['*'] },
];

export const roleEscalation = (options: RoleEscalationOptions): AdmissionPlugin => ({
  name: 'RoleEscalation',
  mutate(attributes) {
    const { kind, object, oldObject, user } = attributes;
    if (kind.group !== rbacGroup || !object || user.groups.includes(mastersGroup)) return;
    if (oldObject && sameButForCollection(object, oldObject)) return;
    if (kind.kind.endsWith('Binding')) assertMayBind(attributes, object, options);
    else assertMayGrant(attributes, object, options);
  },
});

/** Taking off finalizers and owners is how a garbage collector works; it gives nobody anything. */
function sameButForCollection(object: AnyObject, old: AnyObject): boolean {
  const bare = ({ metadata, ...rest }: AnyObject) => {
    const { ownerReferences: _o, finalizers: _f, managedFields: _m, ...kept } = metadata;
    return { ...rest, metadata: kept };
  };
  return semanticallyEqual(bare(object), bare(old));
}

function assertMayGrant(attributes: Attributes, object: AnyObject, options: RoleEscalationOptions): void {
  const { kind, namespace, user, oldObject } = attributes;
  const name = object.metadata.name ?? '';
  const asked = { user, group: rbacGroup, version: 'v1', resource: kind.plural, subresource: '', namespace, name };
  if (options.authorizer({ ...asked, verb: 'escalate' }).opinion === 'allow') return;
  assertHeld((object['rules'] as PolicyRule[] | undefined) ?? [], attributes, options);
  const gathers = gathering(object);
  const gathered = oldObject && gathering(oldObject);
  if ((!gathers && !gathered) || semanticallyEqual(gathers, gathered)) return;
  if (isHeld(everything, attributes, options)) return;
  throw refusal(attributes, 'must have cluster-admin privileges to use the aggregationRule');
}

const gathering = (role: AnyObject) => {
  const { aggregationRule } = fieldsOf<V1ClusterRole>(role);
  return aggregationRule?.clusterRoleSelectors?.length ? aggregationRule : undefined;
};

function assertMayBind(attributes: Attributes, object: AnyObject, options: RoleEscalationOptions): void {
  const { namespace, user } = attributes;
  const { kind = '', name = '' } = fieldsOf<V1RoleBinding>(object).roleRef ?? {};
  const resource = kind === 'Role' ? 'roles' : 'clusterroles';
  const asked = { user, group: rbacGroup, version: 'v1', resource, subresource: '', namespace, name };
  if (options.authorizer({ ...asked, verb: 'bind' }).opinion === 'allow') return;
  assertHeld(options.rbac.rulesOfRole(kind, name, namespace), attributes, options);
}

const isHeld = (rules: readonly PolicyRule[], { user, namespace }: Attributes, { rbac }: RoleEscalationOptions) =>
  uncovered(rules, rbac.heldBy(user, namespace).rules).length === 0;

function assertHeld(rules: readonly PolicyRule[], attributes: Attributes, { rbac }: RoleEscalationOptions): void {
  const { user, namespace } = attributes;
  const held = rbac.heldBy(user, namespace);
  const missing = uncovered(rules, held.rules);
  if (!missing.length) return;
  const who = `user ${goQuote(user.name)} (groups=[${user.groups.map(goQuote).join(' ')}])`;
  const unresolved = held.errors.length ? `; resolution errors: ${aggregated(held.errors)}` : '';
  const what = describeRules(missing).join('\n');
  throw refusal(attributes, `${who} is attempting to grant RBAC permissions not currently held:\n${what}${unresolved}`);
}
