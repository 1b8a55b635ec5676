/** One change of one object, as watchers see it. */
import type { WatchEventType } from '@naru/api/object';
import type { StoredObject } from './stored-object.ts';

export class CacheEvent {
  readonly type: WatchEventType;
  /** The object after the change; of a deletion, its last state under the deletion's revision. */
  readonly stored: StoredObject;
  /** The object before the change. */
  readonly previous: StoredObject | undefined;
  readonly revision: number;
  /** When it happened, in milliseconds since 1970. */
  readonly time: number;
  /** What it looks like on the wire, by encoding: made once, shared by all watchers that ask for the same. */
  #encoded: Map<string, Buffer> | undefined;
  #others: CacheEvent[] | undefined;

  constructor(
    type: WatchEventType,
    stored: StoredObject,
    previous: StoredObject | undefined,
    revision: number,
    time: number,
  ) {
    this.type = type;
    this.stored = stored;
    this.previous = previous;
    this.revision = revision;
    this.time = time;
  }

  get encoded(): Map<string, Buffer> {
    return (this.#encoded ??= new Map());
  }

  /** What watchers see for whom the object enters or leaves the selection with this change. */
  as(type: 'ADDED' | 'DELETED'): CacheEvent {
    if (type === this.type) return this;
    const made = this.#others?.find((other) => other.type === type);
    if (made) return made;
    const stored = type === 'DELETED' && this.previous ? this.previous.at(this.revision) : this.stored;
    const event = new CacheEvent(type, stored, this.previous, this.revision, this.time);
    (this.#others ??= []).push(event);
    return event;
  }
}
