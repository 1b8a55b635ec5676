/** Which bindings concern somebody: an index of all subjects, made anew when somebody asks after a binding has changed. */
// Like pkg/registry/rbac/validation DefaultRuleResolver.
import type { RbacV1Subject, V1RoleBinding } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import type { User } from '../../authn/user.ts';
import { fieldsOf, type Fields } from '../../kinds/fields.ts';
import { registryRoot, type WatchCache } from '../../watch/watch-cache.ts';

/** A role that a subject has through a binding. */
export interface Grant {
  /** Empty for what holds in all namespaces. */
  readonly namespace: string;
  readonly roleKind: 'Role' | 'ClusterRole';
  readonly roleName: string;
  /** What an access review says of it. */
  readonly reason: string;
}

/** By namespace, empty for all, and then by subject. */
type Index = Map<string, Map<string, Grant[]>>;

const prefixes = ['clusterrolebindings', 'rolebindings'] as const;
const none: readonly Grant[] = [];
const userKey = (name: string) => `u:${name}`;
const groupKey = (name: string) => `g:${name}`;

export class Bindings {
  readonly #cache: WatchCache;
  readonly #stops: (() => void)[];
  #index: Index | undefined;

  /** Follows the stored bindings from now on. */
  constructor(cache: WatchCache) {
    this.#cache = cache;
    this.#stops = prefixes.map((storagePrefix) => {
      const prefix = `${registryRoot}${storagePrefix}/`;
      const forget = () => {
        this.#index = undefined;
      };
      return cache.resource(storagePrefix).watch({ prefix, identity: prefix }, 'state', forget).stop;
    });
  }

  stop(): void {
    for (const stop of this.#stops) stop();
  }

  /** What `user` has been given: everywhere first, then in `namespace` unless that is empty. */
  *of(user: User, namespace: string): Iterable<Grant> {
    this.#index ??= this.#read();
    yield* grantsOf(this.#index.get(''), user);
    if (namespace) yield* grantsOf(this.#index.get(namespace), user);
  }

  #read(): Index {
    const index: Index = new Map();
    for (const storagePrefix of prefixes)
      for (const stored of this.#cache.resource(storagePrefix).range(`${registryRoot}${storagePrefix}/`))
        add(stored.object, index);
    return index;
  }
}

function* grantsOf(subjects: Map<string, Grant[]> | undefined, { name, groups }: User): Iterable<Grant> {
  if (!subjects) return;
  yield* subjects.get(userKey(name)) ?? none;
  for (const group of groups) yield* subjects.get(groupKey(group)) ?? none;
}

function add(object: AnyObject, index: Index): void {
  const { metadata, roleRef = {}, subjects = [] } = fieldsOf<V1RoleBinding>(object);
  const namespace = metadata.namespace ?? '';
  let inNamespace = index.get(namespace);
  if (!inNamespace) index.set(namespace, (inNamespace = new Map()));
  for (const subject of subjects) {
    const key = keyOf(subject, namespace);
    if (key === undefined) continue;
    const grant: Grant = {
      namespace,
      roleKind: roleRef.kind === 'Role' ? 'Role' : 'ClusterRole',
      roleName: roleRef.name ?? '',
      reason: reasonOf(object, subject),
    };
    const grants = inNamespace.get(key);
    if (grants) grants.push(grant);
    else inNamespace.set(key, [grant]);
  }
}

function keyOf({ kind, name = '', namespace = '' }: Fields<RbacV1Subject>, bindingNamespace: string) {
  if (kind === 'User') return userKey(name);
  if (kind === 'Group') return groupKey(name);
  const home = namespace || bindingNamespace;
  return kind === 'ServiceAccount' && home ? userKey(`system:serviceaccount:${home}:${name}`) : undefined;
}

function reasonOf(object: AnyObject, { kind = '', name = '', namespace = '' }: Fields<RbacV1Subject>): string {
  const { metadata, roleRef = {} } = fieldsOf<V1RoleBinding>(object);
  const place = (named: string, at = '') => JSON.stringify(at ? `${named}/${at}` : named);
  const binding = `${metadata.namespace ? 'RoleBinding' : 'ClusterRoleBinding'} ${place(metadata.name ?? '', metadata.namespace)}`;
  const subject = `${kind} ${place(name, kind === 'ServiceAccount' ? namespace : '')}`;
  return `RBAC: allowed by ${binding} of ${roleRef.kind ?? ''} ${place(roleRef.name ?? '')} to ${subject}`;
}
