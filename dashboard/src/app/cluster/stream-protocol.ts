/** The messages of the one socket, and what they do to a collection: pure. */
import type { Status } from './failure';
import type { KubernetesObject } from './kubernetes-object';

/** What is asked for: the path of a collection, and how its objects come. */
export interface CollectionRequest {
  readonly path: string;
  readonly as?: 'object' | 'table' | 'metadata';
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ColumnDefinition {
  readonly name: string;
  readonly type: string;
  readonly format?: string;
  readonly description?: string;
  readonly priority?: number;
}

export interface TableRow {
  readonly cells: readonly unknown[];
  readonly object: KubernetesObject;
}

export type Item = KubernetesObject | TableRow;

export interface Change {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: Item;
}

export type ServerMessage =
  | {
      readonly id: number;
      readonly type: 'SNAPSHOT';
      readonly items: readonly Item[];
      readonly columns?: readonly ColumnDefinition[];
      readonly resourceVersion: string;
    }
  | {
      readonly id: number;
      readonly type: 'CHANGES';
      readonly changes: readonly Change[];
      readonly resourceVersion: string;
    }
  | { readonly id: number; readonly type: 'ERROR'; readonly status: Status }
  | { readonly type: 'pong' }
  | { readonly type: 'HEARTBEAT'; readonly time: string; readonly rules?: string };

export interface CollectionState {
  readonly items: ReadonlyMap<string, Item>;
  readonly columns: readonly ColumnDefinition[];
  readonly resourceVersion: string | undefined;
  readonly loaded: boolean;
  readonly error: Status | undefined;
}

export const emptyCollection: CollectionState = {
  items: new Map(),
  columns: [],
  resourceVersion: undefined,
  loaded: false,
  error: undefined,
};

/** The state after a message; items are keyed by uid. */
export function afterMessage(state: CollectionState, message: ServerMessage): CollectionState {
  switch (message.type) {
    case 'SNAPSHOT':
      return {
        items: new Map(message.items.map((item) => [keyOf(item), item])),
        columns: message.columns ?? state.columns,
        resourceVersion: message.resourceVersion,
        loaded: true,
        error: undefined,
      };
    case 'CHANGES':
      return {
        ...state,
        items: afterChanges(state.items, message.changes),
        resourceVersion: message.resourceVersion,
        error: undefined,
      };
    case 'ERROR':
      return { ...state, error: message.status };
    case 'pong':
    case 'HEARTBEAT':
      return state;
  }
}

function afterChanges(items: ReadonlyMap<string, Item>, changes: readonly Change[]): ReadonlyMap<string, Item> {
  const next = new Map(items);
  for (const { type, object } of changes) {
    if (type === 'DELETED') next.delete(keyOf(object));
    else next.set(keyOf(object), object);
  }
  return next;
}

/** What tells one object from all others, through its life. */
export function keyOf(item: Item): string {
  const { metadata } = 'cells' in item ? item.object : item;
  return metadata.uid || `${metadata.namespace ?? ''}/${metadata.name}`;
}

/** How long to wait before the n-th attempt to connect again, in milliseconds: 0.5 s, doubled, at most 5 s. */
export function reconnectDelay(attempt: number): number {
  return Math.min(500 * 2 ** attempt, 5000);
}
