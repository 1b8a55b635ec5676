/** A watch as an async iterable, fed straight from the cache. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WatchOptions } from '@naru/api/client/client';
import type { AnyObject, WatchEvent } from '@naru/api/object';
import { hasReason, isStatusError } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import type { Api } from '../verbs/api.ts';
import type { ListRequest } from '../verbs/list.ts';
import { apiVersionOf } from '../verbs/object-key.ts';
import { presented } from '../verbs/presented.ts';
import { watch } from '../verbs/watch.ts';
import type { CacheEvent } from '../watch/cache-event.ts';

export interface InProcessWatchRequest extends ListRequest {
  readonly options: WatchOptions;
}

/** Events that may wait for a reader; they are shared, so this is a guard against a reader that hangs. */
const mostWaiting = 1_000_000;

/** Initial events handed out before others get the event loop: each may have to be parsed, and a start has many. */
const mostInOneTurn = 200;

export async function* watchInProcess(request: InProcessWatchRequest, api: Api): AsyncGenerator<WatchEvent> {
  const { kind, options } = request;
  if (options.signal?.aborted) return;
  const queue = new EventQueue();
  const onAbort = () => queue.end();
  options.signal?.addEventListener('abort', onAbort, { once: true });
  const cancelTimeout = options.timeoutSeconds
    ? api.clock.after(options.timeoutSeconds * 1000, () => queue.end())
    : () => {};
  const { sendInitialEvents, allowWatchBookmarks = false } = options;
  let stop = () => {};
  try {
    const watching = watch({ ...request, sendInitialEvents, allowWatchBookmarks }, (event) => queue.add(event), api);
    stop = watching.stop;
    let handedOut = 0;
    for (const event of watching.initial) {
      if (++handedOut % mostInOneTurn === 0) await nextTurn();
      yield shown(event, kind);
    }
    if (watching.marksInitialEnd) yield initialEnd(kind, watching.revision);
    for (let events = await queue.take(); events; events = await queue.take()) {
      for (const event of events) yield shown(event, kind);
    }
  } catch (error) {
    if (!hasReason(error, 'Expired') || !isStatusError(error)) throw error;
    yield { type: 'ERROR', object: error.status as unknown as AnyObject };
  } finally {
    stop();
    cancelTimeout();
    options.signal?.removeEventListener('abort', onAbort);
  }
}

const shown = ({ type, stored }: CacheEvent, kind: Kind): WatchEvent => ({ type, object: presented(stored, kind) });

const initialEnd = (kind: Kind, revision: number): WatchEvent => ({
  type: 'BOOKMARK',
  object: {
    kind: kind.kind,
    apiVersion: apiVersionOf(kind),
    metadata: { resourceVersion: String(revision), annotations: { 'k8s.io/initial-events-end': 'true' } },
  },
});

class EventQueue {
  #events: CacheEvent[] = [];
  #ended = false;
  #wake: () => void = () => {};

  add(event: CacheEvent): void {
    if (this.#events.push(event) > mostWaiting) this.end();
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** All that waits; resolves when there is something, with undefined at the end. */
  async take(): Promise<CacheEvent[] | undefined> {
    while (this.#events.length === 0) {
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    const events = this.#events;
    this.#events = [];
    return this.#ended ? undefined : events;
  }
}
