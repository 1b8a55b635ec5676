/** One writer: gathers the transactions that wait, puts them on disk together, shows them, answers. Then the next. */
import type { Step } from '../history.ts';
import type { Keyspace } from '../keyspace.ts';
import {
  StoreFailed,
  type Change,
  type Entry,
  type StoreFull,
  type Transaction,
  type TransactionResult,
} from '../store.ts';
import { decide } from '../transaction.ts';

const MAXIMUM_RECORDS = 500;
const MAXIMUM_BYTES = 1024 * 1024;

interface Waiting {
  readonly transaction: Transaction;
  resolve(result: TransactionResult): void;
  reject(error: Error): void;
}

interface Batch {
  readonly steps: Step[];
  readonly changes: Change[];
  readonly answers: { waiting: Waiting; result: TransactionResult }[];
}

export interface CommitLog {
  /** Resolves when the changes are on disk. Throws StoreFull when they are not, anything else when nobody knows. */
  append(changes: readonly Change[]): Promise<void>;
  /** Runs while nothing is being written: a moment to change files. Throws only when the store cannot go on. */
  beforeBatch(): Promise<void>;
  /** While it answers an error, only what is essential is taken. */
  refusal(): StoreFull | undefined;
  /** Called when the disk is full; true when there is now room that essential writes may use. */
  makeRoom(): Promise<boolean>;
}

export class GroupCommit {
  readonly #keyspace: Keyspace;
  readonly #log: CommitLog;
  readonly #onFailed: (error: Error) => void;
  #queue: Waiting[] = [];
  #running: Promise<void> | undefined;
  #stopped: Error | undefined;

  constructor({ keyspace, log, onFailed }: { keyspace: Keyspace; log: CommitLog; onFailed: (error: Error) => void }) {
    this.#keyspace = keyspace;
    this.#log = log;
    this.#onFailed = onFailed;
  }

  /** Why nothing more is accepted; undefined while it is. */
  get stopped(): Error | undefined {
    return this.#stopped;
  }

  add(transaction: Transaction): Promise<TransactionResult> {
    if (this.#stopped) return Promise.reject(this.#stopped);
    return new Promise((resolve, reject) => {
      this.#queue.push({ transaction, resolve, reject });
      this.#running ??= this.#run();
    });
  }

  /** Writes what waits; accepts nothing after. */
  async close(): Promise<void> {
    this.#stopped ??= new StoreFailed('the store is closed');
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      await Promise.resolve(); // What the same turn adds goes into the first batch too.
      while (this.#queue.length > 0) {
        await this.#log.beforeBatch();
        await this.#commit(this.#gather());
      }
    } catch (error) {
      this.#fail(error);
    } finally {
      this.#running = undefined;
    }
  }

  async #commit(batch: Batch): Promise<void> {
    if (batch.changes.length > 0) {
      try {
        await this.#log.append(batch.changes);
      } catch (error) {
        return this.#retryOrFail(batch, error);
      }
    }
    for (const step of batch.steps) this.#keyspace.apply(step);
    for (const { waiting, result } of batch.answers) waiting.resolve(result);
  }

  /** A full disk ends the batch only: with room made, each of its transactions is looked at again. */
  async #retryOrFail({ answers }: Batch, error: unknown): Promise<void> {
    const waiting = answers.map((answer) => answer.waiting);
    const isFull = isStoreFull(error);
    if (isFull && !(await this.#log.makeRoom())) return waiting.forEach(({ reject }) => reject(error));
    this.#queue = [...waiting, ...this.#queue];
    if (!isFull) throw error;
  }

  /** Decides transactions in the order they came, each against what stands and what the batch already holds. */
  #gather(): Batch {
    const pending = new Map<string, Entry | undefined>();
    const standing = (key: string) => (pending.has(key) ? pending.get(key) : this.#keyspace.get(key));
    const batch: Batch = { steps: [], changes: [], answers: [] };
    const refusal = this.#log.refusal();
    let taken = 0;
    let bytes = 0;
    for (const waiting of this.#queue) {
      const { transaction } = waiting;
      bytes += sizeOf(transaction);
      const records = batch.changes.length + transaction.writes.length;
      if (taken > 0 && (records > MAXIMUM_RECORDS || bytes > MAXIMUM_BYTES)) break;
      taken += 1;
      if (refusal && !isEssential(transaction)) {
        waiting.reject(refusal);
        continue;
      }
      const revision = this.#keyspace.revision + batch.steps.length + 1;
      const changes = decide(transaction, revision, standing);
      batch.answers.push({ waiting, result: resultOf(changes, revision) });
      if (!changes || changes.length === 0) continue;
      batch.steps.push({ revision, changes });
      batch.changes.push(...changes);
      for (const { key, value } of changes) pending.set(key, value ? { key, value, revision } : undefined);
    }
    this.#queue.splice(0, taken);
    return batch;
  }

  #fail(error: unknown): void {
    const failed = isStoreFailed(error) ? error : new StoreFailed(String(error), { cause: error });
    this.#stopped = failed;
    for (const { reject } of this.#queue.splice(0)) reject(failed);
    // Whoever waits is to hear of it before the process ends.
    setImmediate(() => this.#onFailed(failed));
  }
}

/** A transaction that fails, or changes nothing, is answered with its batch: so what made it fail is durable by then. */
function resultOf(changes: readonly Change[] | undefined, revision: number): TransactionResult {
  if (!changes) return { done: false };
  return { done: true, revision: changes.length > 0 ? revision : revision - 1 };
}

const sizeOf = ({ writes }: Transaction) =>
  writes.reduce((sum, { key, value }) => sum + key.length + (value?.length ?? 0), 0);

const isEssential = ({ essential = false, writes }: Transaction) =>
  essential || writes.every(({ value }) => value === null);

const isStoreFull = (error: unknown): error is StoreFull => error instanceof Error && error.name === 'StoreFull';
const isStoreFailed = (error: unknown): error is StoreFailed => error instanceof Error && error.name === 'StoreFailed';
