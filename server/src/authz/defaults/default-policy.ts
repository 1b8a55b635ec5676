/** The roles and bindings every cluster has; who changed one gets back what was taken away at the next start. */
// Like plugin/pkg/auth/authorizer/rbac/bootstrappolicy.
import type { AnyObject } from '@naru/api/object';
import { controllerRoles } from './controller-roles.ts';
import { parseRule } from './parse-rule.ts';
import { systemRoles } from './system-roles.ts';
import { naruRoles } from './naru-roles.ts';
import { userRoles } from './user-roles.ts';

const rbacGroup = 'rbac.authorization.k8s.io';
const apiVersion = `${rbacGroup}/v1`;
/** The group every node agent of Naru is in: it also does what kube-proxy and CoreDNS do elsewhere. */
export const agentsGroup = 'system:naru:agents';
/** The group of an agent that plays many nodes. */
export const fleetsGroup = 'system:naru:fleets';

interface Subject {
  kind: 'User' | 'Group' | 'ServiceAccount';
  name: string;
  namespace?: string;
  apiGroup?: string;
}

const userNamed = (name: string): Subject => ({ kind: 'User', apiGroup: rbacGroup, name });
const groupNamed = (name: string): Subject => ({ kind: 'Group', apiGroup: rbacGroup, name });
const account = (name: string): Subject => ({ kind: 'ServiceAccount', name, namespace: 'kube-system' });

const metadataOf = (name: string, { namespace = '', labels = {} } = {}): AnyObject['metadata'] => ({
  name,
  ...(namespace && { namespace }),
  labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults', ...labels },
  annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' },
});

const aggregateTo = (role: string) => ({ [`${rbacGroup}/aggregate-to-${role}`]: 'true' });

const clusterRole = (name: string, rules: readonly string[], labels = {}): AnyObject => ({
  apiVersion,
  kind: 'ClusterRole',
  metadata: metadataOf(name, { labels }),
  rules: rules.map(parseRule),
});

/** Its rules are those of the roles that ask to be part of it. */
const aggregate = (name: string, labels = {}): AnyObject => ({
  apiVersion,
  kind: 'ClusterRole',
  metadata: metadataOf(name, { labels }),
  aggregationRule: { clusterRoleSelectors: [{ matchLabels: aggregateTo(name) }] },
});

const clusterRoleBinding = (name: string, subjects: readonly Subject[], role = name): AnyObject => ({
  apiVersion,
  kind: 'ClusterRoleBinding',
  metadata: metadataOf(name),
  roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name: role },
  ...(subjects.length && { subjects }),
});

function clusterRoles(): AnyObject[] {
  const partOf = (name: string) =>
    name.startsWith('system:aggregate-to-') ? aggregateTo(name.slice('system:aggregate-to-'.length)) : {};
  const named = { ...userRoles, ...systemRoles, ...naruRoles };
  return [
    ...Object.entries(named).map(([name, rules]) => clusterRole(name, rules, partOf(name))),
    ...Object.entries(controllerRoles).map(([name, rules]) => clusterRole(`system:controller:${name}`, rules)),
    aggregate('admin'),
    aggregate('edit', aggregateTo('admin')),
    aggregate('view', aggregateTo('edit')),
  ];
}

function clusterRoleBindings(): AnyObject[] {
  const everybodyKnown = [groupNamed('system:authenticated')];
  const scheduler = [userNamed('system:kube-scheduler')];
  return [
    clusterRoleBinding('cluster-admin', [groupNamed('system:masters')]),
    clusterRoleBinding('system:basic-user', everybodyKnown),
    clusterRoleBinding('system:discovery', everybodyKnown),
    clusterRoleBinding('system:kube-controller-manager', [userNamed('system:kube-controller-manager')]),
    clusterRoleBinding('system:kube-dns', [account('kube-dns')]),
    clusterRoleBinding('system:kube-scheduler', scheduler),
    clusterRoleBinding('system:monitoring', [groupNamed('system:monitoring')]),
    clusterRoleBinding('system:node', []),
    clusterRoleBinding('system:node-proxier', [userNamed('system:kube-proxy')]),
    clusterRoleBinding('system:public-info-viewer', [...everybodyKnown, groupNamed('system:unauthenticated')]),
    clusterRoleBinding('system:service-account-issuer-discovery', [groupNamed('system:serviceaccounts')]),
    clusterRoleBinding('system:volume-scheduler', scheduler),
    clusterRoleBinding('system:naru:agent', [groupNamed(agentsGroup)]),
    clusterRoleBinding('system:naru:fleet', [groupNamed(fleetsGroup)]),
    ...Object.keys(controllerRoles).map((name) => clusterRoleBinding(`system:controller:${name}`, [account(name)])),
  ];
}

const eventsRule = 'create,patch,update core,events.k8s.io events';
const leadingRules = [
  'create,get,list,update,watch coordination.k8s.io leases',
  'create,get,list,update,watch coordination.k8s.io leasecandidates',
];

/** A role in a namespace, and who has it. */
function roleWithBinding(
  namespace: string,
  name: string,
  rules: readonly string[],
  subjects: readonly Subject[],
  bindingName = name,
): AnyObject[] {
  const role = { apiVersion, kind: 'Role', metadata: metadataOf(name, { namespace }), rules: rules.map(parseRule) };
  const binding = {
    apiVersion,
    kind: 'RoleBinding',
    metadata: metadataOf(bindingName, { namespace }),
    roleRef: { apiGroup: rbacGroup, kind: 'Role', name },
    subjects,
  };
  return [role, binding];
}

const readConfigOfExtensions = 'extension-apiserver-authentication-reader';
const leading = (program: string) => `system::leader-locking-${program}`;
const programs = ['kube-controller-manager', 'kube-scheduler'] as const;
const signer = 'system:controller:bootstrap-signer';

function namespaced(): AnyObject[] {
  const [manager, scheduler] = programs.map((program) => userNamed(`system:${program}`));
  return [
    ...roleWithBinding(
      'kube-system',
      readConfigOfExtensions,
      ['get,list,watch core configmaps extension-apiserver-authentication'],
      [manager!, scheduler!],
      `system::${readConfigOfExtensions}`,
    ),
    ...programs.flatMap((program) =>
      roleWithBinding('kube-system', leading(program), leadingRules, [
        userNamed(`system:${program}`),
        account(program),
      ]),
    ),
    ...roleWithBinding('kube-system', signer, ['get,list,watch core secrets'], [account('bootstrap-signer')]),
    ...roleWithBinding(
      'kube-system',
      'system:controller:cloud-provider',
      ['create,get,list,watch core configmaps'],
      [account('cloud-provider')],
    ),
    ...roleWithBinding(
      'kube-system',
      'system:controller:token-cleaner',
      ['delete,get,list,watch core secrets', eventsRule],
      [account('token-cleaner')],
    ),
    ...roleWithBinding(
      'kube-public',
      signer,
      ['get,list,watch core configmaps', 'update core configmaps cluster-info', eventsRule],
      [account('bootstrap-signer')],
    ),
  ];
}

export const defaultPolicy = (): AnyObject[] => [...clusterRoles(), ...clusterRoleBindings(), ...namespaced()];
