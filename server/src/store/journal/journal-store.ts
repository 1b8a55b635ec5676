/** The default Store: everything in memory, and every commit in a journal on disk before it is answered. */
import { systemClock, type Clock } from '@naru/api/clock';
import type { HistoryLimits } from '../history.ts';
import type { Keyspace } from '../keyspace.ts';
import type { Change, Entry, Store, Transaction, TransactionResult } from '../store.ts';
import { assertSound } from '../transaction.ts';
import type { FileLayer } from './file-layer.ts';
import { GroupCommit } from './group-commit.ts';
import { Journal, type JournalCondition } from './journal.ts';
import { nodeFileLayer } from './node-file-layer.ts';
import { recover } from './recover.ts';
import { Reserve } from './reserve.ts';
import { silent, type StoreLog } from './store-log.ts';

const MEBIBYTE = 1024 * 1024;

export interface JournalStoreOptions {
  /** Made if it is not there; held against every other process while the store is open. */
  readonly directory: string;
  /** Called once when a write's outcome is unknown: every commit is refused from then on, and the process is to end. */
  readonly onFailed: (error: Error) => void;
  readonly clock?: Clock;
  readonly log?: StoreLog;
  readonly files?: FileLayer;
  readonly history?: Partial<HistoryLimits>;
  /** A snapshot is written when the journal is longer than this and than half the snapshot before. */
  readonly checkpointBytes?: number;
  /** Room kept back so that a full disk still takes deletions. */
  readonly reserveBytes?: number;
}

/** Throws StoreDamaged when what is on disk is not what was acknowledged, and Error when another process holds the directory. */
export async function openJournalStore({
  directory,
  onFailed,
  clock = systemClock,
  log = silent,
  files = nodeFileLayer,
  history = {},
  checkpointBytes = 64 * MEBIBYTE,
  reserveBytes = 16 * MEBIBYTE,
}: JournalStoreOptions): Promise<JournalStore> {
  const release = await files.claim(directory);
  try {
    const recovered = await recover({ files, directory, clock, limits: history, log });
    const reserve = await Reserve.open(files, { directory, bytes: reserveBytes, clock });
    const journal = new Journal({ files, directory, recovered, reserve, clock, log, checkpointBytes });
    return new JournalStore({ keyspace: recovered.keyspace, journal, release, onFailed });
  } catch (error) {
    await release();
    throw error;
  }
}

export class JournalStore implements Store {
  readonly #keyspace: Keyspace;
  readonly #journal: Journal;
  readonly #commits: GroupCommit;
  readonly #release: () => Promise<void>;
  #closed: Promise<void> | undefined;

  constructor({
    keyspace,
    journal,
    release,
    onFailed,
  }: {
    keyspace: Keyspace;
    journal: Journal;
    release: () => Promise<void>;
    onFailed: (error: Error) => void;
  }) {
    this.#keyspace = keyspace;
    this.#journal = journal;
    this.#commits = new GroupCommit({ keyspace, log: journal, onFailed });
    this.#release = release;
  }

  get condition(): JournalCondition {
    return this.#journal.condition;
  }

  revision(): number {
    return this.#keyspace.revision;
  }

  async get(key: string): Promise<Entry | undefined> {
    return this.#keyspace.get(key);
  }

  async list(prefix: string): Promise<{ entries: Entry[]; revision: number }> {
    return this.#keyspace.list(prefix);
  }

  async commit(transaction: Transaction): Promise<TransactionResult> {
    assertSound(transaction);
    return this.#commits.add(transaction);
  }

  async watch(prefix: string, from: number, listener: (changes: readonly Change[]) => void): Promise<() => void> {
    return this.#keyspace.watch(prefix, from, listener);
  }

  close(): Promise<void> {
    this.#closed ??= this.#commits
      .close()
      .then(() => this.#journal.close())
      .finally(() => this.#release());
    return this.#closed;
  }
}
