/** ConfigMaps and Secrets for the node's pods: those that volumes show are watched, one by one, the others are asked for. */
// Like the kubelet's watch-based manager: the Node authorizer lets a node see only the objects its pods name.
import type { Client, ResourceRef } from '@naru/api/client/client';
import { Informer } from '@naru/api/client/informer';
import type { Clock } from '@naru/api/clock';
import { isNotFound } from '@naru/api/status';
import type { ConfigMap, ConfigSource, Secret } from './config-source.ts';

const configMaps: ResourceRef = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  scope: 'Namespaced',
};
const secrets: ResourceRef = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', scope: 'Namespaced' };

/** In every pod, and changed only when the cluster's authority is: a watch for each namespace would be for nothing. */
const authority = 'kube-root-ca.crt';
const authorityFreshFor = 600_000;
/** How long a first answer may take before the API is asked directly. */
const syncPatience = 2000;

export interface References {
  configMaps: ReadonlySet<string>;
  secrets: ReadonlySet<string>;
}

interface Followed {
  informer: Informer<ConfigMap | Secret>;
  end: AbortController;
  pods: Set<string>;
}

export interface FollowedObjectsOptions {
  client: Client;
  clock: Clock;
  /** A followed object that the pod names has changed. */
  onChange(uid: string): void;
  onError(error: unknown): void;
}

export class FollowedObjects implements ConfigSource {
  readonly #options: FollowedObjectsOptions;
  readonly #followed = new Map<string, Followed>();
  readonly #byPod = new Map<string, Set<string>>();
  readonly #authorities = new Map<string, { at: number; object: Promise<ConfigMap | undefined> }>();

  constructor(options: FollowedObjectsOptions) {
    this.#options = options;
  }

  /** From now on the pod hears of changes of what it names, and only of that. */
  follow(uid: string, namespace: string, references: References): void {
    const wanted = new Map<string, [ResourceRef, string]>();
    for (const name of references.configMaps)
      if (name !== authority) wanted.set(keyOf(configMaps, namespace, name), [configMaps, name]);
    for (const name of references.secrets) wanted.set(keyOf(secrets, namespace, name), [secrets, name]);
    const before = this.#byPod.get(uid) ?? new Set();
    for (const key of before) if (!wanted.has(key)) this.#release(key, uid);
    for (const [key, [resource, name]] of wanted) this.#followOne(key, uid, resource, { namespace, name });
    if (wanted.size > 0) this.#byPod.set(uid, new Set(wanted.keys()));
    else this.#byPod.delete(uid);
  }

  release(uid: string): void {
    for (const key of this.#byPod.get(uid) ?? []) this.#release(key, uid);
    this.#byPod.delete(uid);
  }

  configMap(namespace: string, name: string): Promise<ConfigMap | undefined> {
    return name === authority ? this.#authorityOf(namespace) : this.#find<ConfigMap>(configMaps, namespace, name);
  }

  secret(namespace: string, name: string): Promise<Secret | undefined> {
    return this.#find<Secret>(secrets, namespace, name);
  }

  #authorityOf(namespace: string): Promise<ConfigMap | undefined> {
    const now = this.#options.clock.now();
    const known = this.#authorities.get(namespace);
    if (known && now - known.at < authorityFreshFor) return known.object;
    const object = this.#ask<ConfigMap>(configMaps, namespace, authority);
    this.#authorities.set(namespace, { at: now, object });
    const forget = () => {
      if (this.#authorities.get(namespace)?.object === object) this.#authorities.delete(namespace);
    };
    // A namespace that was only just made gets it in a moment.
    object.then((found) => found ?? forget(), forget);
    return object;
  }

  async #find<T extends ConfigMap | Secret>(resource: ResourceRef, namespace: string, name: string) {
    const followed = this.#followed.get(keyOf(resource, namespace, name));
    if (followed && (await this.#synced(followed)))
      return followed.informer.get(`${namespace}/${name}`) as T | undefined;
    return this.#ask<T>(resource, namespace, name);
  }

  #synced({ informer }: Followed): Promise<boolean> | true {
    if (informer.hasSynced) return true;
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(syncPatience, () => resolve(false));
      void informer.synced.then(() => (cancel(), resolve(true)));
    });
  }

  async #ask<T extends ConfigMap | Secret>(resource: ResourceRef, namespace: string, name: string) {
    try {
      return await this.#options.client.for<T>(resource).get(name, namespace);
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  #followOne(
    key: string,
    uid: string,
    resource: ResourceRef,
    { namespace, name }: { namespace: string; name: string },
  ) {
    const known = this.#followed.get(key);
    if (known) return void known.pods.add(uid);
    const { client, clock, onError } = this.#options;
    const fieldSelector = `metadata.name=${name}`;
    const informer = new Informer<ConfigMap | Secret>({ client, resource, clock, namespace, fieldSelector, onError });
    const followed = { informer, end: new AbortController(), pods: new Set([uid]) };
    this.#followed.set(key, followed);
    const tell = () => {
      if (informer.hasSynced) for (const pod of followed.pods) this.#options.onChange(pod);
    };
    informer.listen({ add: tell, update: tell, delete: tell });
    void informer.run(followed.end.signal);
  }

  #release(key: string, uid: string): void {
    const followed = this.#followed.get(key);
    followed?.pods.delete(uid);
    if (followed?.pods.size !== 0) return;
    followed.end.abort();
    this.#followed.delete(key);
  }
}

const keyOf = ({ plural }: ResourceRef, namespace: string, name: string) => `${plural}/${namespace}/${name}`;
