/** The store's files while it runs: appends to the journal, and now and then writes a snapshot so that the journal can start anew. */
import { Low } from 'lowdb';
import type { Clock } from '@naru/api/clock';
import type { Keyspace } from '../keyspace.ts';
import { StoreFull, type Change } from '../store.ts';
import type { CommitLog } from './group-commit.ts';
import { JournalFile, journalNameOf } from './journal-file.ts';
import { writeManifest, type Generation, type Manifest } from './manifest.ts';
import { PlacementUnknown } from './place-file.ts';
import type { Disk } from './read-base.ts';
import type { Recovered } from './recover.ts';
import type { Reserve } from './reserve.ts';
import { SnapshotFile, snapshotNameOf } from './snapshot-file.ts';
import type { Snapshot } from './snapshot-lines.ts';
import type { StoreLog } from './store-log.ts';
import { freeJournalNumber, sweep } from './sweep.ts';

const RETRY_MILLISECONDS = 60_000;

/** How the files are doing, for metrics and health. */
export interface JournalCondition {
  /** What a start has to replay, in bytes. */
  readonly journalBytes: number;
  readonly snapshotBytes: number;
  readonly diskFull: boolean;
  /** Why the last checkpoint failed; undefined when it did not. Writes go on, the journal grows. */
  readonly checkpointFailure: string | undefined;
}

export interface JournalOptions extends Disk {
  readonly recovered: Recovered;
  readonly reserve: Reserve;
  readonly clock: Clock;
  readonly log: StoreLog;
  /** The journal may grow to this size, or half the snapshot's if that is more. */
  readonly checkpointBytes: number;
}

export class Journal implements CommitLog {
  readonly #disk: Disk;
  readonly #keyspace: Keyspace;
  readonly #reserve: Reserve;
  readonly #clock: Clock;
  readonly #log: StoreLog;
  readonly #checkpointBytes: number;
  #manifest: Manifest;
  #file: JournalFile;
  #olderBytes: number;
  #snapshotBytes: number;
  #checkpoint: Promise<void> | undefined;
  #checkpointFailure: string | undefined;
  #retryAt = 0;
  #broken: Error | undefined;

  constructor({ files, directory, recovered, reserve, clock, log, checkpointBytes }: JournalOptions) {
    this.#disk = { files, directory };
    this.#keyspace = recovered.keyspace;
    this.#manifest = recovered.manifest;
    this.#file = recovered.journal;
    this.#olderBytes = recovered.olderJournalBytes;
    this.#snapshotBytes = recovered.snapshotBytes;
    this.#reserve = reserve;
    this.#clock = clock;
    this.#log = log;
    this.#checkpointBytes = checkpointBytes;
  }

  get condition(): JournalCondition {
    return {
      journalBytes: this.#olderBytes + this.#file.size,
      snapshotBytes: this.#snapshotBytes,
      diskFull: !this.#reserve.held,
      checkpointFailure: this.#checkpointFailure,
    };
  }

  async append(changes: readonly Change[]): Promise<void> {
    try {
      await this.#file.append(changes);
    } catch (error) {
      if (!(error instanceof StoreFull)) this.#broken = error as Error;
      throw error;
    }
  }

  async beforeBatch(): Promise<void> {
    if (this.#broken) throw this.#broken;
    if (!this.#reserve.held) await this.#reserve.fill();
    const limit = Math.max(this.#checkpointBytes, this.#snapshotBytes / 2);
    if (this.condition.journalBytes > limit && this.#clock.now() >= this.#retryAt) await this.#startCheckpoint();
  }

  refusal(): StoreFull | undefined {
    return this.#reserve.held ? undefined : new StoreFull('the disk is full');
  }

  async makeRoom(): Promise<boolean> {
    if (!this.#reserve.held) return false;
    this.#log.error(
      { directory: this.#disk.directory },
      'the disk is full: only deletions are taken until there is room',
    );
    await this.#reserve.release();
    return true;
  }

  /** Nothing is appended any more. What a start would take long to replay becomes a snapshot first. */
  async close(): Promise<void> {
    await this.#checkpoint;
    if (!this.#broken && this.condition.journalBytes > this.#checkpointBytes / 4) {
      await this.#startCheckpoint();
      await this.#checkpoint;
    }
    await this.#file.close();
    await this.#reserve.close();
  }

  /** Turns to a new file between two batches, so that the snapshot can be written while the journal goes on. */
  async #startCheckpoint(): Promise<void> {
    if (this.#checkpoint) return;
    const before = this.#manifest.current;
    try {
      await this.#turnToNewFile();
    } catch (error) {
      this.#noteFailure(error);
      if (this.#broken) throw this.#broken;
      return;
    }
    const { sequence, chain } = this.#file;
    const snapshot = { ...this.#keyspace.view(), next: { sequence, chain } };
    this.#checkpoint = this.#finishCheckpoint(snapshot, before)
      .catch((error: unknown) => this.#noteFailure(error))
      .finally(() => (this.#checkpoint = undefined));
  }

  async #turnToNewFile(): Promise<void> {
    const { files, directory } = this.#disk;
    const { sequence, chain } = this.#file;
    const name = journalNameOf(freeJournalNumber(await files.list(directory)));
    const file = await JournalFile.create(files, directory, name, { sequence, chain });
    const { current, previous } = this.#manifest;
    const next = {
      revision: this.#keyspace.revision,
      current: { ...current, journals: [...current.journals, name] },
      previous,
    };
    try {
      await files.syncDirectory(directory);
      await writeManifest(files, directory, next);
    } catch (error) {
      await file.close();
      throw error;
    }
    const old = this.#file;
    this.#file = file;
    this.#manifest = next;
    this.#olderBytes += old.size;
    await old.close();
  }

  async #finishCheckpoint(snapshot: Snapshot, before: Generation): Promise<void> {
    const { files, directory } = this.#disk;
    const name = snapshotNameOf(snapshot.revision);
    const file = new SnapshotFile(files, directory, name);
    await new Low<Snapshot>(file, snapshot).write();
    const current = { snapshot: name, journals: this.#manifest.current.journals.slice(before.journals.length) };
    const next = { revision: this.#keyspace.revision, current, previous: before };
    await writeManifest(files, directory, next);
    this.#manifest = next;
    this.#olderBytes = 0;
    this.#snapshotBytes = file.bytes;
    this.#checkpointFailure = undefined;
    this.#log.info({ file: name, bytes: file.bytes, revision: snapshot.revision }, 'wrote a snapshot');
    await sweep(files, directory, next);
  }

  /** A failed checkpoint leaves the old files in charge; only a manifest that may or may not be in its place ends the store. */
  #noteFailure(error: unknown): void {
    this.#checkpointFailure = String(error);
    this.#retryAt = this.#clock.now() + RETRY_MILLISECONDS;
    this.#log.error({ reason: String(error) }, 'checkpoint failed: the journal grows until one succeeds');
    if (error instanceof PlacementUnknown) this.#broken = error;
  }
}
