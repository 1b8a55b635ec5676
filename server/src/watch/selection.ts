/** Which objects a list or watch is about. */
import type { AnyObject } from '@naru/api/object';
import type { CacheEvent } from './cache-event.ts';
import type { StoredObject } from './stored-object.ts';

export interface Selection {
  /** Key prefix, ending in '/'; the whole resource or one namespace of it. */
  prefix: string;
  /** Set when at most this one object can match. */
  key?: string;
  /** The value of the resource's index that matching objects have. */
  index?: string;
  /** Absent: everything under the prefix. */
  matches?(object: AnyObject): boolean;
  /** Selections of equal identity select the same; they share the work. */
  identity: string;
}

export function selects(selection: Selection, stored: StoredObject): boolean {
  if (selection.key !== undefined && selection.key !== stored.key) return false;
  if (!stored.key.startsWith(selection.prefix)) return false;
  return !selection.matches || selection.matches(stored.object);
}

/** The event as seen through the selection; undefined when it is not about a selected object. */
export function throughSelection(selection: Selection, event: CacheEvent): CacheEvent | undefined {
  const is = event.type !== 'DELETED' && selects(selection, event.stored);
  const was = event.previous !== undefined && selects(selection, event.previous);
  if (is && was) return event;
  if (is) return event.as('ADDED');
  return was ? event.as('DELETED') : undefined;
}
