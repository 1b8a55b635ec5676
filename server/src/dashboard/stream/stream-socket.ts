/** One page's socket: its collections, at the speed at which the page takes them. */
import { internalError, isStatusError, tooManyRequests } from '@naru/api/status';
import type { WebSocket } from 'ws';
import type { User } from '../../authn/user.ts';
import type { Queries } from './queries.ts';
import type { SharedQuery } from './shared-query.ts';
import { parseMessage, type OpenMessage } from './stream-message.ts';

/** Bytes that may wait for the page. Beyond that changes are left out, and a snapshot makes up for them later. */
const mostWaiting = 2 * 1024 * 1024;
/** So few may wait when a snapshot is sent. */
const nearlyNone = 64 * 1024;
const mostCollections = 300;

interface Collection {
  readonly id: number;
  query: SharedQuery;
  leave(): void;
  /** `rendering`: the snapshot is being made; changes since then wait. `behind`: it has to have a snapshot, once there is room. */
  state: 'rendering' | 'live' | 'behind';
  readonly waiting: Buffer[];
  /** Bytes in `waiting`; more than may wait is thrown away, and a further snapshot makes up for it. */
  waitingBytes: number;
  /** Nothing was sent of it yet. */
  isNew: boolean;
}

export interface StreamSocketOptions {
  readonly socket: WebSocket;
  readonly user: User;
  readonly queries: Queries;
  /** The page was used: a view was opened. */
  onUse(): void;
  onError(error: unknown): void;
}

export class StreamSocket {
  readonly #options: StreamSocketOptions;
  readonly #collections = new Map<number, Collection>();
  /** One snapshot at a time is made: together they would be as much as all collections hold. */
  #rendering = false;
  #answered = true;

  constructor(options: StreamSocketOptions) {
    this.#options = options;
    const { socket } = options;
    socket.on('message', (data, isBinary) => this.#take(isBinary ? '' : String(data)));
    socket.on('pong', () => (this.#answered = true));
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#leaveAll());
  }

  /** Tells the time, and finds out whether the other side still is there. */
  beat(heartbeat: string, withPing: boolean): void {
    const { socket } = this.#options;
    if (withPing) {
      if (!this.#answered) return socket.terminate();
      this.#answered = false;
      socket.ping();
    }
    if (socket.bufferedAmount < mostWaiting) this.#send(Buffer.from(heartbeat));
  }

  close(code: number, reason: string): void {
    this.#options.socket.close(code, reason);
  }

  #take(text: string): void {
    const message = parseMessage(text);
    if (!message) return this.close(1008, 'not a message of this protocol');
    switch (message.op) {
      case 'ping':
        // Who does not read is not to make us keep answers.
        if (this.#options.socket.bufferedAmount < mostWaiting) this.#send(Buffer.from('{"type":"pong"}'));
        return;
      case 'close':
        return this.#leave(message.id);
      case 'open':
        this.#options.onUse();
        return this.#open(message);
    }
  }

  #open(message: OpenMessage): void {
    const { queries, user } = this.#options;
    this.#leave(message.id);
    try {
      if (this.#collections.size >= mostCollections) throw tooManyRequests('too many collections are open', 1);
      const collection: Partial<Collection> = {
        ...{ id: message.id, state: 'live', isNew: true },
        ...{ waiting: [], waitingBytes: 0 },
      };
      const receive = (frame: Buffer) => this.#changes(collection as Collection, frame);
      Object.assign(collection, queries.join(message, user, receive));
      this.#collections.set(message.id, collection as Collection);
      this.#begin(collection as Collection, message.resourceVersion);
    } catch (error) {
      this.#leave(message.id);
      this.#fail(message.id, error);
    }
  }

  #begin(collection: Collection, resourceVersion: string): void {
    const hasRoom = this.#options.socket.bufferedAmount <= mostWaiting;
    const changes = resourceVersion === '' || !hasRoom ? undefined : collection.query.changesAfter(resourceVersion);
    if (changes) return this.#send(framed(collection.id, changes));
    collection.state = 'behind';
    this.#catchUp();
  }

  #changes(collection: Collection, frame: Buffer): void {
    if (collection.state === 'behind') return;
    if (collection.state === 'rendering') return this.#keep(collection, frame);
    if (this.#options.socket.bufferedAmount > mostWaiting) collection.state = 'behind';
    else this.#send(framed(collection.id, frame));
  }

  #keep(collection: Collection, frame: Buffer): void {
    collection.waitingBytes += frame.length;
    if (collection.waitingBytes > mostWaiting) collection.waiting.length = 0;
    else collection.waiting.push(frame);
  }

  #snapshot(collection: Collection): void {
    collection.state = 'rendering';
    this.#rendering = true;
    collection.query
      .snapshot()
      .then(
        (frame) => this.#begun(collection, frame),
        (error: unknown) => this.#fail(collection.id, error),
      )
      .finally(() => {
        this.#rendering = false;
        this.#catchUp();
      });
  }

  #begun(collection: Collection, frame: Buffer): void {
    // Closed, or opened anew, in the meantime.
    if (this.#collections.get(collection.id) !== collection) return;
    const hasAll = collection.waitingBytes <= mostWaiting;
    Object.assign(collection, { state: hasAll ? 'live' : 'behind', isNew: false, waitingBytes: 0 });
    this.#send(framed(collection.id, frame));
    for (const changes of collection.waiting.splice(0)) this.#changes(collection, changes);
  }

  #fail(id: number, error: unknown): void {
    if (!isStatusError(error)) this.#options.onError(error);
    const { status } = isStatusError(error) ? error : internalError('the collection cannot be read');
    this.#send(Buffer.from(JSON.stringify({ id, type: 'ERROR', status })));
  }

  #send(frame: Buffer): void {
    const { socket } = this.#options;
    if (socket.readyState !== socket.OPEN) return;
    socket.send(frame, { binary: false }, () => this.#catchUp());
  }

  /** When the page has taken enough of what there was, one collection that is behind gets its snapshot. */
  #catchUp(): void {
    const { socket } = this.#options;
    if (this.#rendering || socket.readyState !== socket.OPEN) return;
    for (const collection of this.#collections.values()) {
      const most = collection.isNew ? mostWaiting : nearlyNone;
      if (collection.state === 'behind' && socket.bufferedAmount <= most) return this.#snapshot(collection);
    }
  }

  #leave(id: number): void {
    const collection = this.#collections.get(id);
    this.#collections.delete(id);
    collection?.leave();
  }

  #leaveAll(): void {
    for (const id of [...this.#collections.keys()]) this.#leave(id);
  }
}

const framed = (id: number, frame: Buffer): Buffer => Buffer.concat([Buffer.from(`{"id":${id},`), frame]);
