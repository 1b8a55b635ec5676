/** A client whose answers stand in the informers' caches at once, so that a loop never acts on what it has itself outdated. */
// Upstream keeps expectations for this; reading one's own writes is simpler, and holds with a lagging watch too.
import { keyOf } from '@naru/api/client/object-cache';
import type { Client, ResourceClient, ResourceRef } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import type { AnyObject, KubeObject } from '@naru/api/object';
import type { Informers } from './shared-informers.ts';
import { timestamp } from './timestamp.ts';

export function readingOwnWrites(client: Client, informers: Informers, clock: Clock): Client {
  return {
    for: <T extends KubeObject = AnyObject>(resource: ResourceRef) =>
      writeThrough(client.for<T>(resource), resource, informers, clock),
  };
}

function writeThrough<T extends KubeObject>(
  inner: ResourceClient<T>,
  resource: ResourceRef,
  informers: Informers,
  clock: Clock,
): ResourceClient<T> {
  const observed = (object: T, dryRun: boolean | undefined): T => {
    if (!dryRun) informers.find(resource)?.observe(object as unknown as AnyObject);
    return object;
  };
  return {
    get: (name, namespace) => inner.get(name, namespace),
    list: (options) => inner.list(options),
    watch: (options) => inner.watch(options),
    create: async (object, options) => observed(await inner.create(object, options), options?.dryRun),
    update: async (object, options) => {
      const answer = await inner.update(object, options);
      return isOther(options?.subresource) ? answer : observed(answer, options?.dryRun);
    },
    updateStatus: async (object, options) => observed(await inner.updateStatus(object, options), options?.dryRun),
    patch: async (name, namespace, body, options) => {
      const answer = await inner.patch(name, namespace, body, options);
      return isOther(options.subresource) ? answer : observed(answer, options.dryRun);
    },
    delete: async (name, namespace, options) => {
      const informer = informers.find(resource);
      const key = keyOf({ metadata: { name, ...(namespace && { namespace }) } });
      const uid = informer?.get(key)?.metadata.uid;
      await inner.delete(name, namespace, options);
      informer?.observeDeletion(key, uid, timestamp(clock.now()));
    },
    deleteCollection: (selection, options) => inner.deleteCollection(selection, options),
    getSubresource: (name, namespace, subresource) => inner.getSubresource(name, namespace, subresource),
    createSubresource: (name, namespace, subresource, body) =>
      inner.createSubresource(name, namespace, subresource, body),
  };
}

/** The answer for a subresource such as scale is another kind. */
const isOther = (subresource: string | undefined): boolean => !!subresource && subresource !== 'status';
