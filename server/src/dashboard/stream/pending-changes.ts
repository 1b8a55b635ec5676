/** Changes that wait to be sent together: of each object only what became of it. */
import type { CacheEvent } from '../../watch/cache-event.ts';
import type { StoredObject } from '../../watch/stored-object.ts';

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly stored: StoredObject;
}

export class PendingChanges {
  /** By uid: an object that takes the place of another is another. */
  readonly #changes = new Map<string, Change>();

  get size(): number {
    return this.#changes.size;
  }

  add({ type, stored }: Pick<CacheEvent, 'type' | 'stored'>): void {
    if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') return;
    const uid = stored.object.metadata.uid ?? stored.key;
    const folded = fold(this.#changes.get(uid)?.type, type);
    this.#changes.delete(uid);
    if (folded) this.#changes.set(uid, { type: folded, stored });
  }

  /** All that waits, which then waits no more. */
  take(): Change[] {
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    return changes;
  }
}

/** What two changes come to; undefined: nothing, for those who saw neither. */
function fold(first: Change['type'] | undefined, then: Change['type']): Change['type'] | undefined {
  if (first === 'ADDED') return then === 'DELETED' ? undefined : 'ADDED';
  // It left the selection and came back: its readers may still have it.
  if (first === 'DELETED' && then !== 'DELETED') return 'MODIFIED';
  return then;
}
