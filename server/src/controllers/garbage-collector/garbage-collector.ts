/** Deletes what has lost all its owners, and lets owners go that wait for their dependents. */
// Like pkg/controller/garbagecollector; informers of all kinds stand in for its graph.
import type { ResourceRef } from '@naru/api/client/client';
import { keyOf } from '@naru/api/client/object-cache';
import type { KubeObject, OwnerReference } from '@naru/api/object';
import { hasReason, isConflict, isNotFound } from '@naru/api/status';
import type { ServedResource } from '../runtime/controller-config.ts';
import { controllerUser, type Controller, type ControllerContext } from '../runtime/define-controller.ts';
import { apiVersionOf } from '../runtime/resources.ts';
import { WorkQueue } from '../runtime/work-queue.ts';
import {
  decide,
  foregroundFinalizer,
  orphanFinalizer,
  orphansDependents,
  waitsForDependents,
  type OwnerState,
} from './decide.ts';
import { Dependents } from './dependents.ts';
import { referenceOf, resourceKey, splitReference } from './object-reference.ts';

const name = 'generic-garbage-collector';

export const garbageCollector: Controller = {
  name,
  user: controllerUser(name),
  component: 'garbage-collector-controller',
  setup: (context) => new GarbageCollector(context).setup(),
};

class GarbageCollector {
  readonly #context: ControllerContext;
  readonly #dependents = new Dependents();
  /** Kinds that are watched, by resourceKey. */
  readonly #watched = new Map<string, { resource: ServedResource; stop: () => void }>();
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext) {
    this.#context = context;
    const { clock, log, signal } = context;
    this.#queue = new WorkQueue({
      clock,
      workers: 20,
      work: (reference) => this.#process(reference),
      onError: (reference, error) => {
        if (signal.aborted) return;
        if (isConflict(error)) log.debug({ controller: name, key: reference }, 'conflict');
        else log.error({ controller: name, key: reference, err: error }, 'collecting failed');
      },
    });
    signal.addEventListener('abort', () => this.#queue.stop(), { once: true });
  }

  setup(): () => void {
    this.#watchKinds();
    const stop = this.#context.config.catalog.listen(() => this.#watchKinds());
    this.#context.signal.addEventListener('abort', stop, { once: true });
    return () => this.#queue.start();
  }

  /** Follows every kind that can be deleted, in one version each; events own nothing and nobody owns them. */
  #watchKinds(): void {
    const { catalog } = this.#context.config;
    const wanted = new Map<string, ServedResource>();
    const seen = new Set<string>();
    for (const resource of catalog.list()) {
      const verbs = resource.verbs ?? ['delete', 'list', 'watch'];
      const object = `${resource.plural}.${resource.group}`;
      if (seen.has(object) || resource.kind === 'Event') continue;
      if (!['delete', 'list', 'watch'].every((verb) => verbs.includes(verb))) continue;
      seen.add(object);
      wanted.set(resourceKey(resource), resource);
    }
    for (const [key, { resource, stop }] of this.#watched) {
      if (wanted.has(key)) continue;
      stop();
      this.#context.informers.drop(resource);
      this.#watched.delete(key);
    }
    for (const [key, resource] of wanted) {
      if (!this.#watched.has(key)) this.#watched.set(key, { resource, stop: this.#follow(resource) });
    }
  }

  #follow(resource: ServedResource): () => void {
    const refer = (object: KubeObject) => referenceOf(resource, keyOf(object));
    return this.#context.informers.for<KubeObject>(resource).listen({
      add: (object) => {
        this.#dependents.add(object, refer(object));
        if (object.metadata.ownerReferences || this.#needsAttention(object)) this.#queue.add(refer(object));
      },
      update: (object, old) => {
        const owners = object.metadata.ownerReferences;
        if (owners !== old.metadata.ownerReferences) {
          this.#dependents.remove(old, refer(old));
          this.#dependents.add(object, refer(object));
        }
        this.#released(old, object);
        if (this.#needsAttention(object) || differs(owners, old.metadata.ownerReferences))
          this.#queue.add(refer(object));
      },
      delete: (object) => {
        this.#dependents.remove(object, refer(object));
        for (const dependent of this.#dependents.of(object.metadata.uid)) this.#queue.add(dependent);
        this.#released(object, undefined);
      },
    });
  }

  /** Objects whose deletion waits for something that is done here. */
  #needsAttention(object: KubeObject): boolean {
    return waitsForDependents(object) || orphansDependents(object);
  }

  /** Owners that may have waited for `old` look again, now that it is gone or blocks them no more. */
  #released(old: KubeObject, object: KubeObject | undefined): void {
    for (const owner of old.metadata.ownerReferences ?? []) {
      const still = object?.metadata.ownerReferences?.find(({ uid }) => uid === owner.uid);
      if (still?.blockOwnerDeletion === owner.blockOwnerDeletion && still) continue;
      const found = this.#ownerObject(owner, old.metadata.namespace);
      if (found && waitsForDependents(found.object)) this.#queue.add(found.reference);
    }
  }

  #ownerResource({ apiVersion, kind }: OwnerReference): ServedResource | undefined {
    const exact = this.#context.config.catalog
      .list()
      .find((resource) => resource.kind === kind && apiVersionOf(resource) === apiVersion);
    return exact;
  }

  /** The owner as the caches have it. */
  #ownerObject(owner: OwnerReference, namespace: string | undefined) {
    const resource = this.#ownerResource(owner);
    if (!resource) return undefined;
    const key = resource.scope === 'Namespaced' ? `${namespace ?? ''}/${owner.name}` : owner.name;
    const object = this.#context.informers.find(resource)?.get(key);
    const watched = [...this.#watched.values()].find(
      (one) => one.resource.plural === resource.plural && one.resource.group === resource.group,
    );
    if (object?.metadata.uid !== owner.uid || !object || !watched) return undefined;
    return { object: object as KubeObject, reference: referenceOf(watched.resource, key) };
  }

  async #process(reference: string): Promise<void> {
    const { resource: resourceName, key } = splitReference(reference);
    const resource = this.#watched.get(resourceName)?.resource;
    const object = resource && this.#context.informers.find(resource)?.get(key);
    if (!resource || !object) return;
    if (orphansDependents(object)) return this.#orphan(object, resource);
    if (waitsForDependents(object)) return this.#releaseWaiting(object, resource);
    if (object.metadata.deletionTimestamp) return;
    await this.#collect(object, resource);
  }

  async #collect(object: KubeObject, resource: ServedResource): Promise<void> {
    const references = object.metadata.ownerReferences ?? [];
    if (references.length === 0) return;
    const owners = await Promise.all(
      references.map(async (owner) => ({ reference: owner, state: await this.#ownerState(owner, object, resource) })),
    );
    const decision = decide(object, owners, this.#dependentsOf(object));
    if (decision.do === 'keep') return;
    if (decision.do === 'dropOwners') {
      const kept = references.filter(({ uid }) => !decision.uids.includes(uid));
      return this.#setOwners(object, resource, kept);
    }
    if (decision.unblock) {
      const open = references.map((owner) => ({ ...owner, blockOwnerDeletion: false }));
      await this.#setOwners(object, resource, open);
    }
    const { name: objectName = '', namespace, uid } = object.metadata;
    const { propagationPolicy } = decision;
    await this.#quietly(
      this.#context.client
        .for(resource)
        .delete(objectName, namespace, { propagationPolicy, preconditions: { ...(uid && { uid }) } }),
    );
  }

  async #ownerState(owner: OwnerReference, dependent: KubeObject, resource: ServedResource): Promise<OwnerState> {
    const known = this.#ownerObject(owner, dependent.metadata.namespace);
    if (known) return waitsForDependents(known.object) ? 'waiting' : 'solid';
    const ownerResource = this.#ownerResource(owner);
    if (!ownerResource) throw new Error(`no matches for kind "${owner.kind}" in version "${owner.apiVersion}"`);
    const { namespace } = dependent.metadata;
    const namespaced = ownerResource.scope === 'Namespaced';
    if (namespaced && !namespace) return this.#strayOwner(owner, dependent, resource, ownerResource);
    try {
      // The caches may be behind: only the server's word makes an owner absent.
      const live = await this.#context.client.for(ownerResource).get(owner.name, namespaced ? namespace : undefined);
      if (live.metadata.uid === owner.uid) return waitsForDependents(live) ? 'waiting' : 'solid';
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return this.#strayOwner(owner, dependent, resource, ownerResource);
  }

  /** An owner that is not where it is said to be; if it stands in another namespace, that is told. */
  #strayOwner(
    owner: OwnerReference,
    dependent: KubeObject,
    resource: ServedResource,
    ownerResource: ResourceRef,
  ): OwnerState {
    const elsewhere = this.#context.informers
      .find(ownerResource)
      ?.list()
      .some(({ metadata }) => metadata.uid === owner.uid);
    if (!elsewhere) return 'dangling';
    const { namespace = '' } = dependent.metadata;
    const identity = `[${owner.apiVersion}/${owner.kind}, namespace: ${namespace}, name: ${owner.name}, uid: ${owner.uid}]`;
    const message = `ownerRef ${identity} does not exist in namespace ${JSON.stringify(namespace)}`;
    this.#context.events.event(dependent, resource, 'Warning', 'OwnerRefInvalidNamespace', message);
    // A cluster-scoped object with a namespaced owner is left alone: nobody can tell which namespace was meant.
    return namespace ? 'dangling' : 'solid';
  }

  #dependentsOf(owner: KubeObject): KubeObject[] {
    return this.#dependents.of(owner.metadata.uid).flatMap((reference) => {
      const found = this.#resolve(reference);
      return found ? [found.object] : [];
    });
  }

  #resolve(reference: string): { object: KubeObject; resource: ServedResource } | undefined {
    const { resource: resourceName, key } = splitReference(reference);
    const resource = this.#watched.get(resourceName)?.resource;
    const object = resource && this.#context.informers.find(resource)?.get(key);
    return object && resource ? { object, resource } : undefined;
  }

  /** Foreground: the owner goes when no dependent blocks it any more. */
  async #releaseWaiting(owner: KubeObject, resource: ServedResource): Promise<void> {
    const blocking = this.#dependents
      .of(owner.metadata.uid)
      .filter((reference) =>
        this.#resolve(reference)?.object.metadata.ownerReferences?.some(
          ({ uid, blockOwnerDeletion }) => uid === owner.metadata.uid && blockOwnerDeletion,
        ),
      );
    if (blocking.length === 0) await this.#removeFinalizer(owner, resource, foregroundFinalizer);
    // All of them are looked at, also those that block nobody: their owner is going.
    for (const reference of this.#dependents.of(owner.metadata.uid)) {
      const dependent = this.#resolve(reference)?.object;
      if (dependent && !dependent.metadata.deletionTimestamp) this.#queue.add(reference);
    }
  }

  /** Orphan: the dependents forget their owner, then it goes. */
  async #orphan(owner: KubeObject, resource: ServedResource): Promise<void> {
    const { uid } = owner.metadata;
    await Promise.all(
      this.#dependents.of(uid).map(async (reference) => {
        const found = this.#resolve(reference);
        const kept = found?.object.metadata.ownerReferences?.filter((one) => one.uid !== uid) ?? [];
        if (found) await this.#setOwners(found.object, found.resource, kept);
      }),
    );
    await this.#removeFinalizer(owner, resource, orphanFinalizer);
  }

  #setOwners(object: KubeObject, resource: ServedResource, owners: OwnerReference[]): Promise<void> {
    return this.#patch(object, resource, { ownerReferences: owners.length ? owners : null });
  }

  #removeFinalizer(object: KubeObject, resource: ServedResource, finalizer: string): Promise<void> {
    const finalizers = object.metadata.finalizers?.filter((one) => one !== finalizer) ?? [];
    return this.#patch(object, resource, { finalizers: finalizers.length ? finalizers : null });
  }

  /** Whole lists, held to the version they were made from; every kind takes a merge patch. */
  async #patch(object: KubeObject, resource: ServedResource, metadata: object): Promise<void> {
    const { name: objectName = '', namespace, uid, resourceVersion } = object.metadata;
    const body = { metadata: { uid, resourceVersion, ...metadata } };
    await this.#quietly(this.#context.client.for(resource).patch(objectName, namespace, body, { type: 'merge' }));
  }

  /** An object that is gone, or that has become another, needs nothing more. */
  async #quietly(write: Promise<unknown>): Promise<void> {
    try {
      await write;
    } catch (error) {
      if (!isNotFound(error) && !(hasReason(error, 'Conflict') && /precondition/i.test((error as Error).message)))
        throw error;
    }
  }
}

const differs = (a: readonly OwnerReference[] = [], b: readonly OwnerReference[] = []): boolean =>
  a.length !== b.length || a.some(({ uid }, index) => uid !== b[index]?.uid);
