/** What a controller is: a name, the kinds it looks at, and a function that makes one key true. */
// Like controller-runtime's For, Owns and Watches. There is no event to switch on: read everything, compute, act.
import type { Client, ResourceRef } from '@naru/api/client/client';
import { keyOf } from '@naru/api/client/object-cache';
import type { Clock } from '@naru/api/clock';
import type { AnyObject, KubeObject } from '@naru/api/object';
import { isConflict } from '@naru/api/status';
import type { ControllerConfig } from './controller-config.ts';
import type { EventRecorder } from './event-recorder.ts';
import type { Log } from './log.ts';
import { ownedKey } from './owners.ts';
import type { QueueRegister } from './queue-register.ts';
import type { Informers } from './shared-informers.ts';
import { WorkQueue } from './work-queue.ts';

export interface ControllerContext {
  /** With the controller's own identity; what it writes stands in `informers` when the call returns. */
  client: Client;
  informers: Informers;
  events: EventRecorder;
  clock: Clock;
  log: Log;
  signal: AbortSignal;
  config: ControllerConfig;
  queues?: QueueRegister;
}

export interface Controller {
  /** As upstream's: names the loop in logs. */
  name: string;
  /** Its identity, for rights and for managedFields. */
  user: string;
  /** The `source.component` of its events. */
  component: string;
  /** Asks for informers and listens. Returns what starts the work, called once all informers have their first state. */
  setup(context: ControllerContext): () => void;
}

export interface Watch {
  resource: ResourceRef;
  /** Keys of the objects of the controller's kind that this one concerns. Called with the state before and after a change. */
  keys(object: AnyObject, context: ControllerContext): Iterable<string>;
}

/** Typed construction of a Watch. */
export const watching = <T extends KubeObject>(
  resource: ResourceRef,
  keys: (object: T, context: ControllerContext) => Iterable<string>,
): Watch => ({ resource, keys: keys as unknown as Watch['keys'] });

export interface ControllerDefinition {
  name: string;
  /** Absent: `system:serviceaccount:kube-system:<name>`. */
  user?: string;
  component?: string;
  for: ResourceRef;
  /** Kinds whose controller reference names an object of `for`. */
  owns?: readonly ResourceRef[];
  watches?: readonly Watch[];
  /** Keys at the same time. */
  workers?: number;
  /** Adds the indexes that reconcile reads. */
  prepare?(context: ControllerContext): void;
  /** `after`: look again in so many milliseconds. What it throws is logged, and the key comes again after a growing while. */
  reconcile(key: string, context: ControllerContext): Promise<{ after?: number | undefined } | void>;
}

export const controllerUser = (name: string): string => `system:serviceaccount:kube-system:${name}`;

export function defineController(definition: ControllerDefinition): Controller {
  const { name, user = controllerUser(name), component = name } = definition;
  return { name, user, component, setup: (context) => run(definition, context) };
}

function run(definition: ControllerDefinition, context: ControllerContext): () => void {
  const { name, owns = [], watches = [], workers = 16 } = definition;
  const { clock, log, signal } = context;
  const queue: WorkQueue = new WorkQueue({
    clock,
    workers,
    work: async (key) => {
      if (signal.aborted) return;
      const result = await definition.reconcile(key, context);
      if (result?.after !== undefined) queue.addAfter(key, result.after);
    },
    onError: (key, error) => {
      if (signal.aborted) return;
      // A conflict means somebody else wrote first: the usual way of things, not a failure.
      if (isConflict(error)) log.debug({ controller: name, key }, 'conflict');
      else log.error({ controller: name, key, err: error }, 'reconcile failed');
    },
  });
  context.queues?.add(name, queue);
  definition.prepare?.(context);
  const own: Watch = { resource: definition.for, keys: (object) => [keyOf(object)] };
  const owned = owns.map((resource): Watch => ({ resource, keys: (object) => ownedKey(object, definition.for) }));
  for (const watch of [own, ...owned, ...watches]) listen(watch, queue, context);
  signal.addEventListener('abort', () => queue.stop(), { once: true });
  return () => queue.start();
}

function listen({ resource, keys }: Watch, queue: WorkQueue, context: ControllerContext): void {
  const enqueue = (object: AnyObject) => {
    for (const key of keys(object, context)) queue.add(key);
  };
  context.informers.for(resource).listen({
    add: enqueue,
    update: (object, old) => {
      enqueue(old);
      enqueue(object);
    },
    delete: enqueue,
  });
}
