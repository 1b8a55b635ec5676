/** One collection that somebody looks at: followed once, and its changes told to all who look, four times a second. */
import { hasReason } from '@naru/api/status';
import type { Kind } from '../../kinds/define-kind.ts';
import type { Api } from '../../verbs/api.ts';
import { list, parseResourceVersion } from '../../verbs/list.ts';
import { watch, type Watching, type WatchRequest } from '../../verbs/watch.ts';
import { PendingChanges } from './pending-changes.ts';
import { changesFrame, columnsOf, renderer, snapshotFrame, type Render } from './render.ts';
import type { As } from './stream-message.ts';

const gatheredFor = 250;
/** Items rendered before others get their turn. */
const slice = 200;

export interface QueryRequest {
  readonly kind: Kind;
  /** Empty: all. */
  readonly namespace: string;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  readonly as: As;
}

/** Gets the end of every CHANGES frame. */
export type Receive = (frame: Buffer) => void;

export class SharedQuery {
  readonly #request: QueryRequest;
  readonly #api: Api;
  readonly #render: Render;
  readonly #watching: Watching;
  readonly #pending = new PendingChanges();
  readonly #receivers = new Set<Receive>();
  #cancelFlush: (() => void) | undefined;

  /** Throws for a selector that is none. */
  constructor(request: QueryRequest, api: Api) {
    this.#request = request;
    this.#api = api;
    this.#render = renderer(request.kind, request.as, api.clock.now);
    this.#watching = watch(
      this.#watchAfter(String(api.cache.revision)),
      (event) => {
        this.#pending.add(event);
        this.#cancelFlush ??= api.clock.after(gatheredFor, () => this.#flush());
      },
      api,
    );
  }

  get isUnused(): boolean {
    return this.#receivers.size === 0;
  }

  /** Whoever joins starts from where all others stand, or the changes that wait would be half theirs. */
  join(receive: Receive): void {
    this.#flush();
    this.#receivers.add(receive);
  }

  leave(receive: Receive): void {
    this.#receivers.delete(receive);
  }

  stop(): void {
    this.#cancelFlush?.();
    this.#watching.stop();
  }

  /** The end of a frame with everything, as it stands when this is called. */
  async snapshot(): Promise<Buffer> {
    const { kind, as, ...selection } = this.#request;
    this.#flush();
    const { items, resourceVersion } = await list(
      { kind, ...selection, limit: 0, continue: '', resourceVersion: '', resourceVersionMatch: '' },
      this.#api,
    );
    const rendered: Buffer[] = [];
    for (const [index, stored] of items.entries()) {
      if (index % slice === slice - 1) await new Promise((resolve) => setImmediate(resolve));
      rendered.push(this.#render(stored));
    }
    return snapshotFrame(rendered, as === 'table' ? columnsOf(kind) : undefined, Number(resourceVersion));
  }

  /** The end of a frame with all changes after `resourceVersion`; undefined when they are not known any more. */
  changesAfter(resourceVersion: string): Buffer | undefined {
    if (parseResourceVersion(resourceVersion) > this.#api.cache.revision) return undefined;
    const changes = new PendingChanges();
    try {
      const { initial, stop } = watch(this.#watchAfter(resourceVersion), () => {}, this.#api);
      stop();
      for (const event of initial) changes.add(event);
    } catch (error) {
      if (hasReason(error, 'Expired')) return undefined;
      throw error;
    }
    return changesFrame(changes.take(), this.#api.cache.revision, this.#render);
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    if (this.#pending.size === 0) return;
    const changes = this.#pending.take();
    if (this.#receivers.size === 0) return;
    const frame = changesFrame(changes, this.#api.cache.revision, this.#render);
    for (const receive of this.#receivers) receive(frame);
  }

  #watchAfter(resourceVersion: string): WatchRequest {
    const { as: _as, ...selection } = this.#request;
    const start = { sendInitialEvents: undefined, resourceVersionMatch: '', allowWatchBookmarks: false };
    return { ...selection, ...start, resourceVersion };
  }
}
