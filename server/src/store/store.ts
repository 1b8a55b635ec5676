/** Where objects live: keys, JSON bytes and one revision for the whole cluster. Knows neither kinds nor HTTP. */
// The promises follow etcd's; docs/decisions tells where journal and etcd differ.

/** One key as it stands at some revision. `value` is the object's JSON without metadata.resourceVersion, as upstream keeps it in etcd. */
export interface Entry {
  readonly key: string;
  readonly value: Buffer;
  /** The revision of the change that wrote this value; the object's resourceVersion. */
  readonly revision: number;
}

/** One key's change within a revision. */
export interface Change {
  readonly key: string;
  /** Null: deleted. */
  readonly value: Buffer | null;
  /** What stood there before; null when it was created. */
  readonly previous: Entry | null;
  readonly revision: number;
}

/** Writes that happen together or not at all, under one revision. */
export interface Transaction {
  /** Each named key must stand at exactly this revision; 0: must not exist. */
  readonly expect: readonly { key: string; revision: number }[];
  readonly writes: readonly { key: string; value: Buffer | null }[];
  /** May use the room kept back for when the disk is full; what only deletes always may. For heartbeats, and updates that lead to a deletion. */
  readonly essential?: boolean;
}

export type TransactionResult =
  | { readonly done: true; readonly revision: number }
  /** Nothing was written. Answered only once whatever made it fail is itself durable and visible, so that reading again shows it. */
  | { readonly done: false };

/** Answers, changes and errors of a Store. Keys are compared as strings by UTF-16 code unit; a prefix ends in '/'. */
export interface Store {
  /** The newest durable revision. Starts at 1, never goes back, through restarts too. */
  revision(): number;
  get(key: string): Promise<Entry | undefined>;
  /** All entries under `prefix` in key order, at one revision. */
  list(prefix: string): Promise<{ entries: Entry[]; revision: number }>;
  /** Resolves when the writes are on disk and visible to reads and watches. Throws StoreFull when the disk is, StoreFailed when the outcome is unknown. */
  commit(transaction: Transaction): Promise<TransactionResult>;
  /**
   * Calls `listener` with every change under `prefix` after `from`, in revision order, each revision's changes in one call,
   * before the commit that made them resolves. Throws Compacted when `from` is older than the history kept.
   * Returns the function that ends it.
   */
  watch(prefix: string, from: number, listener: (changes: readonly Change[]) => void): Promise<() => void>;
  /** Writes what is pending, then releases files and lock. */
  close(): Promise<void>;
}

/** The disk is full: nothing was written, reads go on. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}

/** A write or sync failed: whether it is on disk is unknown, and the store accepts nothing more. */
export class StoreFailed extends Error {
  override readonly name = 'StoreFailed';
}

/** The history asked for is gone; `oldest` is the first revision a watch can start after. */
export class Compacted extends Error {
  override readonly name = 'Compacted';
  readonly oldest: number;

  constructor(oldest: number) {
    super(`history before revision ${oldest} is gone`);
    this.oldest = oldest;
  }
}
