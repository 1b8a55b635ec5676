/** Objects in memory with the informers and the client that controllers want, under a clock that a test turns. */
import { cloneJson } from '@naru/api/clone-json';
import type { Client, ListOptions, ResourceClient, ResourceRef } from '@naru/api/client/client';
import type { Informer, InformerListener } from '@naru/api/client/informer';
import { keyOf, ObjectCache, type IndexValues } from '@naru/api/client/object-cache';
import { FakeClock } from '@naru/api/clock';
import type { JsonObject } from '@naru/api/json-object';
import type { AnyObject, KubeObject } from '@naru/api/object';
import { applyMergePatch } from '@naru/api/patch/merge-patch';
import { alreadyExists, notFound } from '@naru/api/status';
import type { ControllerContext } from '../../runtime/define-controller.ts';
import * as resources from '../../runtime/resources.ts';
import { alerts } from '../alert.ts';
import { notificationChannels } from '../notify/channel.ts';

const horizontalPodAutoscalers: ResourceRef = {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  scope: 'Namespaced',
};

const served: readonly ResourceRef[] = [
  ...Object.values(resources).filter((resource): resource is ResourceRef => typeof resource === 'object'),
  alerts,
  notificationChannels,
  horizontalPodAutoscalers,
];

/** All objects of one kind, with the part of an Informer that is used. */
class Kind {
  readonly #cache = new ObjectCache<AnyObject>();
  readonly #listeners = new Set<InformerListener<AnyObject>>();

  get = (key: string) => this.#cache.get(key);
  list = () => this.#cache.list();
  byIndex = (index: string, value: string) => this.#cache.byIndex(index, value);
  inNamespace = (namespace: string) => this.#cache.byIndex('namespace', namespace);
  addIndex = (name: string, values: IndexValues<AnyObject>) => this.#cache.addIndex(name, values);

  listen(listener: InformerListener<AnyObject>): () => void {
    this.#listeners.add(listener);
    for (const object of this.list()) listener.add?.(object);
    return () => this.#listeners.delete(listener);
  }

  put(object: AnyObject): void {
    const old = this.#cache.set(keyOf(object), object);
    for (const listener of this.#listeners) {
      if (old) listener.update?.(object, old);
      else listener.add?.(object);
    }
  }

  remove(key: string): AnyObject | undefined {
    const old = this.#cache.delete(key);
    if (old) for (const listener of this.#listeners) listener.delete?.(old);
    return old;
  }

  forgetListeners(): void {
    this.#listeners.clear();
  }
}

export class SmallCluster {
  readonly clock = new FakeClock();
  readonly problems: unknown[] = [];
  readonly #kinds = new Map<string, Kind>();
  #uids = 0;

  kind(ref: Pick<ResourceRef, 'plural'>): Kind {
    const found = this.#kinds.get(ref.plural) ?? new Kind();
    this.#kinds.set(ref.plural, found);
    return found;
  }

  /** Creates it, or replaces what is there. */
  put(ref: ResourceRef, object: KubeObject): AnyObject {
    const copy = cloneJson(object) as AnyObject;
    const present = this.kind(ref).get(keyOf(copy));
    copy.metadata.uid ??= present?.metadata.uid ?? `uid-${++this.#uids}`;
    copy.metadata.creationTimestamp ??= present?.metadata.creationTimestamp ?? this.time();
    this.kind(ref).put(copy);
    return copy;
  }

  remove(ref: ResourceRef, key: string): void {
    this.kind(ref).remove(key);
  }

  /** As in an object's fields. */
  time(): string {
    return new Date(this.clock.now()).toISOString().replace(/\.\d+Z$/, 'Z');
  }

  /** What a controller is given; aborting the signal is the end of the process. */
  context(signal: AbortSignal): ControllerContext {
    const note = (fields: object, message: string) => this.problems.push({ message, ...fields });
    return {
      client: this.client(),
      informers: {
        for: <T extends KubeObject>(ref: ResourceRef) => this.kind(ref) as unknown as Informer<T>,
        find: (ref) => this.kind(ref) as unknown as Informer<AnyObject>,
        drop: () => {},
      },
      events: { event: () => {} } as unknown as ControllerContext['events'],
      clock: this.clock,
      log: { debug: () => {}, info: () => {}, error: note },
      signal,
      // Of all that controllers are told, this is what is asked for here.
      config: { catalog: { list: () => served, listen: () => () => {} } } as unknown as ControllerContext['config'],
    };
  }

  /** Listeners go as a process does; objects stay. */
  forgetListeners(): void {
    for (const kind of this.#kinds.values()) kind.forgetListeners();
  }

  client(): Client {
    return { for: <T extends KubeObject>(ref: ResourceRef) => this.#resource(ref) as unknown as ResourceClient<T> };
  }

  #resource(ref: ResourceRef): Partial<ResourceClient<AnyObject>> {
    const kind = this.kind(ref);
    const keyFor = (name: string, namespace?: string) => (namespace ? `${namespace}/${name}` : name);
    const found = (name: string, namespace?: string) => {
      const object = kind.get(keyFor(name, namespace));
      if (!object) throw notFound({ group: ref.group, resource: ref.plural }, name);
      return object;
    };
    return {
      get: (name, namespace) => later(() => found(name, namespace)),
      list: ({ namespace }: ListOptions = {}) =>
        later(() => ({ metadata: {}, items: namespace ? kind.inNamespace(namespace) : kind.list() }) as never),
      create: (object) =>
        later(() => {
          if (kind.get(keyOf(object))) throw alreadyExists({ group: ref.group, resource: ref.plural }, keyOf(object));
          return this.put(ref, object);
        }),
      patch: (name, namespace, body) =>
        later(() =>
          this.put(
            ref,
            applyMergePatch(
              found(name, namespace) as unknown as JsonObject,
              cloneJson(body) as JsonObject,
            ) as unknown as KubeObject,
          ),
        ),
      delete: (name, namespace) => later(() => void kind.remove(keyOf(found(name, namespace)))),
    };
  }

  /** Moves the clock on by so many seconds, second by second, and lets all that is due come to rest each time. */
  async pass(seconds: number, everySecond: () => void = () => {}): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      this.clock.advance(1000);
      everySecond();
      await rest();
    }
  }
}

/** As a call over the network: not at once. */
async function later<T>(act: () => T): Promise<T> {
  await Promise.resolve();
  return act();
}

/** Work queues begin in the next turn of the event loop, and their work takes a few more. */
export async function rest(): Promise<void> {
  for (let turn = 0; turn < 6; turn++) await new Promise((resolve) => setImmediate(resolve));
}
