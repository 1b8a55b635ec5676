/** What can go wrong between a controller and the API: errors, late and repeated events, and an end at any moment. */
import type { Client, ResourceClient, ResourceRef } from '@naru/api/client/client';
import type { AnyObject, KubeObject, WatchEvent } from '@naru/api/object';
import { conflict, StatusError } from '@naru/api/status';
import type { Random } from './random.ts';

export interface Write {
  user: string;
  verb: 'create' | 'update' | 'patch' | 'delete';
  resource: string;
  name: string;
  /** The server's answer; absent for deletes. */
  object?: AnyObject;
}

export interface FaultyClientOptions {
  client: Client;
  user: string;
  random: Random;
  /** How often a write fails, 0 to 1, asked anew each time. */
  failureRate(): number;
  gate: Gate;
  /** Aborted when the process that holds the client is no more: nothing it does then reaches the server. */
  life: AbortSignal;
  /** Called after every write that reached the server; may end the life of the process. */
  onWrite(write: Write): void;
}

const gone = () => new Error('the process has ended');

/** Holds the events of all watches back, and cuts them, as slow and broken connections do. */
export class Gate {
  #held: { promise: Promise<void>; release(): void } | undefined;
  #cut = new AbortController();

  get cut(): AbortSignal {
    return this.#cut.signal;
  }

  hold(): void {
    if (this.#held) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#held = { promise, release: resolve };
  }

  release(): void {
    this.#held?.release();
    this.#held = undefined;
  }

  break(): void {
    this.#cut.abort(new Error('connection lost'));
    this.#cut = new AbortController();
  }

  async pass(): Promise<void> {
    await this.#held?.promise;
  }
}

export const faultyClient = (options: FaultyClientOptions): Client => ({
  for: <T extends KubeObject = AnyObject>(resource: ResourceRef) =>
    faultyResource(options.client.for<T>(resource), resource, options),
});

function faultyResource<T extends KubeObject>(
  inner: ResourceClient<T>,
  resource: ResourceRef,
  options: FaultyClientOptions,
): ResourceClient<T> {
  const { user, random, failureRate, life, onWrite } = options;
  const alive = <R>(result: R): R => {
    if (life.aborted) throw gone();
    return result;
  };
  const write = async <R>(verb: Write['verb'], name: string, act: () => Promise<R>): Promise<R> => {
    alive(undefined);
    // Answers come after other things have happened.
    for (let turns = random.below(3); turns > 0; turns--) await new Promise(setImmediate);
    alive(undefined);
    if (random.chance(failureRate())) throw random.chance(0.5) && verb !== 'create' ? stale(resource, name) : refused();
    const answer = await act();
    const object = answer === undefined ? undefined : (answer as unknown as AnyObject);
    onWrite({ user, verb, resource: resource.plural, name: object?.metadata.name ?? name, ...(object && { object }) });
    return alive(answer);
  };
  const nameOf = (object: KubeObject) => object.metadata.name ?? '';
  return {
    get: async (name, namespace) => alive(await inner.get(name, namespace)),
    list: async (selection) => alive(await inner.list(selection)),
    watch: (selection) => late(inner.watch(selection), options),
    create: (object, settings) => write('create', nameOf(object), () => inner.create(object, settings)),
    update: (object, settings) => write('update', nameOf(object), () => inner.update(object, settings)),
    updateStatus: (object, settings) => write('update', nameOf(object), () => inner.updateStatus(object, settings)),
    patch: (name, namespace, body, settings) =>
      write('patch', name, () => inner.patch(name, namespace, body, settings)),
    delete: (name, namespace, settings) => write('delete', name, () => inner.delete(name, namespace, settings)),
    deleteCollection: (selection, settings) => write('delete', '', () => inner.deleteCollection(selection, settings)),
    getSubresource: async (name, namespace, subresource) =>
      alive(await inner.getSubresource(name, namespace, subresource)),
    createSubresource: (name, namespace, subresource, body) =>
      write('update', name, () => inner.createSubresource(name, namespace, subresource, body)),
  };
}

const stale = ({ group, plural }: ResourceRef, name: string) => conflict({ group, resource: plural }, name);
const refused = () => new StatusError({ code: 500, reason: 'InternalError', message: 'simulated failure' });

async function* late<T extends KubeObject>(
  events: AsyncIterable<WatchEvent<T>>,
  { gate, random, life }: FaultyClientOptions,
): AsyncGenerator<WatchEvent<T>> {
  const { cut } = gate;
  const broken = new Promise<never>((_resolve, reject) => {
    cut.addEventListener('abort', () => reject(new Error('connection lost')), { once: true });
  });
  broken.catch(() => {});
  const stream = events[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await Promise.race([stream.next(), broken]);
      if (next.done || life.aborted) return;
      await Promise.race([gate.pass(), broken]);
      yield next.value;
      if (next.value.type !== 'BOOKMARK' && random.chance(0.2)) yield next.value;
    }
  } finally {
    // Not awaited: a stream that waits for its next event ends only with its signal.
    void stream.return?.();
  }
}
